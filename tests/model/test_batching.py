"""Windows tile a sentence and are put together again in its order, however long it is and whoever runs beside it."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from govie.model.batching import OVERLAP, WINDOW, batches, stitch, windows
from govie.model.features import Input
from govie.rules.tagger import tag_sentence

lengths = st.lists(st.integers(0, 3 * WINDOW), max_size=8)


@given(lengths)
def test_windows_cover_each_sentence_and_overlap(given_lengths):
    cut = windows(given_lengths)
    for at, length in enumerate(given_lengths):
        own = [window for window in cut if window.sentence == at]
        assert sorted({i for window in own for i in range(window.start, window.end)}) == list(range(length))
        assert all(window.end - window.start <= WINDOW for window in own)
        assert all(a.end - b.start >= OVERLAP for a, b in pairwise(own))


@given(st.lists(st.integers(1, 600), max_size=30), st.integers(1, 4000))
def test_groups_hold_everything_once_and_no_more_than_fits(sizes, most):
    groups = list(batches(sizes, most))
    assert sorted(i for group in groups for i in group) == list(range(len(sizes)))
    assert all(len(group) == 1 or len(group) * max(sizes[i] for i in group) <= most for group in groups)


@given(st.integers(1, 2000))
def test_stitched_rows_are_each_place_once(length):
    rows = np.arange(length, dtype=np.float32)[:, None]
    assert (stitch(length, [(window, rows[window.start : window.end]) for window in windows([length])]) == rows).all()


def test_a_long_sentence_is_read_to_its_end(tagger):
    plain = ("改造老旧小区475个," * 200)[:2000]
    found = tagger.tag([Input(plain, None, tag_sentence(plain))])[0]
    assert max(mention.end for mention in found.mentions) > 1900
    assert len(found.readings) > 150


class Recorder:
    """An encoder that remembers the shapes it was given."""

    calls = 1

    def __init__(self, encoder, batch_tokens):
        self.encoder, self.batch_tokens, self.shapes = encoder, batch_tokens, []

    def __call__(self, ids, real):
        self.shapes.append(ids.shape)
        return self.encoder(ids, real)


def test_batches_change_neither_order_nor_result(tagger, monkeypatch):
    plains = [f"新建学校{n}所,{'增长6%左右,' * (n % 7)}" for n in range(40)] + ["", "改造小区475个," * 90]
    given_ = [Input(plain, None, tag_sentence(plain)) for plain in plains]
    results, encoder = [], tagger._encoder
    for tokens in (1, 300, 100_000):
        recorder = Recorder(encoder, tokens)
        monkeypatch.setattr(tagger, "_encoder", recorder)
        results.append(tagger.tag(given_))
        assert all(rows * length <= tokens or rows == 1 for rows, length in recorder.shapes)
    assert results[0] == results[1] == results[2]
    assert [bool(tags.mentions) for tags in results[0]][-2:] == [False, True]
