"""The best tag sequence, against trying all of them."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.model.decode import best_tags, log_softmax, mentions_of, sequence_logs, side_by_side, stripped
from govie.model.labels import TAGS, begin_tag
from govie.records import SPAN_LABELS


def scores(seed, length, spread=3.0):
    return log_softmax((np.random.default_rng(seed).normal(size=(length, len(TAGS))) * spread).astype(np.float32))


def is_valid(tags):
    return all(
        tag == 0 or tag % 2 == 1 or before in (tag - 1, tag) for before, tag in zip([0, *tags], tags, strict=False)
    )


def alone(logs):
    return side_by_side([logs], [np.zeros(len(logs), bool)])


def few_labels(seed, spread=3.0):
    """Return scores in which three labels alone are possible, and all sequences that decoding allows."""
    logs = scores(seed, 4, spread)[:, :7]
    logs = np.concatenate([logs, np.full((4, len(TAGS) - 7), -1e4, np.float32)], axis=1)
    return logs, [tags for tags in product(range(7), repeat=4) if is_valid(tags)]


@pytest.mark.parametrize("seed", range(4))
def test_no_valid_sequence_is_better(seed):
    logs, valid = few_labels(seed)
    best = max(valid, key=lambda tags: sum(float(logs[at, tag]) for at, tag in enumerate(tags)))
    assert best_tags(alone(logs))[:, 0].tolist() == list(best)


def shares(seed):
    """Return scores, all sequences, and how probable each of these is among them."""
    logs, valid = few_labels(seed)
    weights = np.exp([sum(logs[at, tag] for at, tag in enumerate(tags)) for tags in valid])
    return logs, np.array(valid), weights / weights.sum()


@pytest.mark.parametrize("seed", range(4))
def test_tags_are_as_probable_as_the_sequences_that_have_them(seed):
    logs, valid, share = shares(seed)
    found = np.exp(sequence_logs(alone(logs)))[:, 0]
    for at, tag in product(range(4), (0, 1, 3, 5)):
        assert found[at, tag] == pytest.approx(share[valid[:, at] == tag].sum(), rel=1e-4)
    for at, tag in product((1, 2, 3), (2, 4, 6)):
        before = np.isin(valid[:, at - 1], (tag - 1, tag))
        assert found[at, tag] == pytest.approx(share[valid[:, at] == tag].sum() / share[before].sum(), rel=1e-4)


def test_a_mention_is_as_probable_as_its_decisions_together():
    logs, valid, share = shares(7)
    found = sequence_logs(alone(logs))[:, 0]
    held = share[(valid[:, 1:] == (3, 4, 4)).all(axis=1)].sum()
    assert np.exp(found[1, 3] + found[2, 4] + found[3, 4]) == pytest.approx(held, rel=1e-4)


def test_scores_may_be_extreme():
    logs = log_softmax(np.random.default_rng(3).normal(size=(200, len(TAGS))).astype(np.float32) * 60)
    found = sequence_logs(side_by_side([logs, logs[:30]], [np.zeros(200, bool), np.ones(30, bool)]))
    assert np.isfinite(found).all()
    assert found.max() <= 1e-6


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=5), st.integers(0, 99))
def test_sentences_do_not_see_one_another_and_the_tags_are_valid(lengths, seed):
    logs = [scores(seed + at, length) for at, length in enumerate(lengths)]
    closed = [np.random.default_rng(at).random(length) < 0.2 for at, length in enumerate(lengths)]
    together = best_tags(side_by_side(logs, closed))
    for row, (one, shut) in enumerate(zip(logs, closed, strict=True)):
        tags = together[: len(one), row]
        assert best_tags(side_by_side([one], [shut]))[:, 0].tolist() == tags.tolist()
        assert is_valid(tags.tolist())
        assert not tags[shut].any()


def test_mentions_are_read_off_the_tags():
    quantity, unit = begin_tag("QUANTITY"), begin_tag("UNIT")
    tags = np.array([0, quantity, quantity + 1, quantity, unit, unit + 1, 0])
    assert mentions_of(tags) == [("QUANTITY", 1, 3), ("QUANTITY", 3, 4), ("UNIT", 4, 6)]


@pytest.mark.parametrize(("mention", "kept"), [((0, 5), (1, 4)), ((1, 4), (1, 4)), ((0, 1), None), ((2, 5), (3, 4))])
def test_a_mention_does_not_begin_or_end_with_a_space(mention, kept):
    assert stripped(" 8 5 %", (SPAN_LABELS[0], *mention)) == (kept and (SPAN_LABELS[0], *kept))
