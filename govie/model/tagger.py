"""The model tagger: sentences in, mentions, links, readings and roles out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from typing import NamedTuple, Protocol

import numpy as np

from govie.model.arbiter import Arbiter, Choice, Scores, sureness
from govie.model.arrays import Floats, Integers, Mask
from govie.model.batching import Window, batches, stitch, windows
from govie.model.calibration import Calibration
from govie.model.decode import best_tags, log_softmax, mentions_of, sequence_logs, side_by_side, stripped
from govie.model.features import (
    Input,
    Place,
    attribute_features,
    candidate_pairs,
    pair_features,
    places,
)
from govie.model.gate import divided, joined, stretches
from govie.model.heads import Heads, boundaries
from govie.model.labels import TAGS
from govie.model.linking import Scored, assemble
from govie.model.vocabulary import CharacterVocabulary
from govie.quantity.numerals import is_range
from govie.reading.normalise import NOISE_FILLER
from govie.tags import SentenceTags

__all__ = ["Encoder", "ModelTagger", "Said"]

_READ_TOGETHER = 32768  # code points, whose rows are held at once: nearly a kilobyte each
_DECODED_TOGETHER = 8192
Pair = tuple[int, int, int]
_NOTHING = SentenceTags()


class Said(NamedTuple):
    """What the encoder says of a sentence: its tags' :func:`govie.model.decode.sequence_logs`, and its mentions."""

    logs: Floats
    mentions: list[Place]


_SILENCE = Said(np.zeros((0, len(TAGS)), np.float32), [])


class Encoder(Protocol):
    """What runs the encoder: ONNX Runtime or torch.

    Attributes:
        batch_tokens: most tokens in a call, padding included; a longer window makes a call of its own.
        calls: how many calls may run at the same time, from threads of this process.
    """

    batch_tokens: int
    calls: int

    def __call__(self, ids: Integers, real: Integers) -> tuple[Floats, Floats]:
        """Return tag scores (batch, length, tags) and boundary rows (batch, length, width); inputs (batch, length)."""


class ModelTagger:
    """Tags and links sentences with one encoder pass each.

    Args:
        encoder: see :class:`Encoder`.
        vocabulary: of the encoder.
        heads: pair and attribute heads.
        calibration: turns raw confidence into probability.
        arbiter: settles differences with the rules' hints; without one the encoder's mentions stand.
    """

    def __init__(
        self,
        encoder: Encoder,
        vocabulary: CharacterVocabulary,
        heads: Heads,
        calibration: Calibration,
        arbiter: Arbiter | None = None,
    ) -> None:
        self._encoder = encoder
        self._vocabulary = vocabulary
        self._heads = heads
        self._calibration = calibration
        self._arbiter = arbiter

    def tag(self, sentences: Sequence[Input]) -> list[SentenceTags]:
        """Tag sentences; the result has their order.

        Args:
            sentences: of any length and number; batches are made inside, and what can hold nothing is not read.
        """
        cut = [stretches(sentence) for sentence in sentences]
        whole = [part for sentence, parts in zip(sentences, cut, strict=True) for part in divided(sentence, parts)]
        found = chain.from_iterable(map(self._tag, _groups(whole)))
        return [joined([next(found) for _ in parts], parts) for parts in cut]

    def _tag(self, sentences: Sequence[Input]) -> list[SentenceTags]:
        rows = list(self._rows(sentences))
        return [
            self._found(sentence, one[:, len(TAGS) :], said) if len(one) else _NOTHING
            for sentence, one, said in zip(sentences, rows, self._said(sentences, rows), strict=True)
        ]

    def read(self, sentences: Sequence[Input]) -> list[Said]:
        """Return what the encoder alone says of sentences, before anything is chosen or linked."""
        return self._said(sentences, list(self._rows(sentences)))

    def _said(self, sentences: Sequence[Input], rows: Sequence[Floats]) -> list[Said]:
        said = [_SILENCE] * len(sentences)
        filled = [at for at, one in enumerate(rows) if len(one)]
        for group in batches([len(rows[at]) for at in filled], _DECODED_TOGETHER):
            chosen = [filled[i] for i in group]
            logs = [log_softmax(rows[at][:, : len(TAGS)]) for at in chosen]
            allowed = side_by_side(logs, [_closed(sentences[at].plain) for at in chosen])
            chances, best = sequence_logs(allowed), best_tags(allowed)
            for row, at in enumerate(chosen):
                plain = sentences[at].plain
                found = (stripped(plain, one) for one in mentions_of(best[: len(plain), row]))
                said[at] = Said(chances[: len(plain), row], [place for place in found if place])
        return said

    def _rows(self, sentences: Sequence[Input]) -> Iterator[Floats]:
        """Yield for each sentence the tag scores and boundary rows of its code points, side by side."""
        cut = windows([len(sentence.plain) for sentence in sentences])
        parts: dict[int, list[tuple[Window, Floats]]] = {}
        groups = [*batches([window.end - window.start + 2 for window in cut], self._encoder.batch_tokens)]
        found = self._run_all(sentences, [[cut[i] for i in chosen] for chosen in groups])
        for chosen, group in zip(groups, found, strict=True):
            for i, rows in zip(chosen, group, strict=True):
                parts.setdefault(cut[i].sentence, []).append((cut[i], rows))
        for at, sentence in enumerate(sentences):
            whole = sorted(parts.get(at, ()), key=lambda part: part[0].start)
            yield stitch(len(sentence.plain), whole) if whole else np.zeros((0, 0), np.float32)

    def link(self, sentences: Sequence[Input], mentions: Sequence[Sequence[Place]]) -> list[SentenceTags]:
        """Link mentions that are given, such as annotated ones, instead of finding them.

        Args:
            sentences: as in :meth:`tag`.
            mentions: for each sentence its mentions, ordered and without overlap.
        """
        return [
            self._linked(sentence, rows[:, len(TAGS) :], [Choice(place, 1.0, "model") for place in given])
            if given
            else _NOTHING
            for sentence, rows, given in zip(sentences, self._rows(sentences), mentions, strict=True)
        ]

    def _run_all(self, sentences: Sequence[Input], groups: Sequence[Sequence[Window]]) -> Iterable[list[Floats]]:
        run = partial(self._run, sentences)
        if self._encoder.calls == 1 or len(groups) < 2:
            return map(run, groups)
        with ThreadPoolExecutor(self._encoder.calls) as pool:
            return list(pool.map(run, groups))

    def _run(self, sentences: Sequence[Input], cut: Sequence[Window]) -> list[Floats]:
        """Return for each window its tag scores and boundary rows side by side, frame tokens left out."""
        shape = len(cut), max(window.end - window.start for window in cut) + 2
        words = self._vocabulary
        ids, real = np.full(shape, words.pad), np.zeros(shape, np.int64)
        for row, window in enumerate(cut):
            sentence = sentences[window.sentence]
            size = window.end - window.start
            ids[row, : size + 2] = [words.begin, *words.encode(sentence.plain[window.start : window.end]), words.end]
            real[row, : size + 2] = 1
        scores, rows = self._encoder(ids, real)
        both = np.concatenate([scores, rows], axis=2)
        return [both[row, 1 : window.end - window.start + 1] for row, window in enumerate(cut)]

    def _found(self, sentence: Input, rows: Floats, said: Said) -> SentenceTags:
        if self._arbiter is None or sentence.hints is None:
            sure = [math.exp(sureness(said.logs, place).whole) for place in said.mentions]
            chosen = [Choice(place, one, "model") for place, one in zip(said.mentions, sure, strict=True)]
        else:
            chosen = self._arbiter.choose(said.logs, said.mentions, places(sentence.hints.mentions))
        return self._linked(sentence, rows, chosen) if chosen else _NOTHING

    def _linked(self, sentence: Input, rows: Floats, chosen: Sequence[Choice]) -> SentenceTags:
        """Link mentions that are ordered, do not overlap and are at least one."""
        mentions = [one.place for one in chosen]
        pairs, scores = self._scores(sentence, rows, mentions)
        if self._arbiter is not None and sentence.hints is not None:
            scores = self._arbiter.lean(scores)
        ranges = [label == "QUANTITY" and is_range(sentence.plain[start:end]) for label, start, end in mentions]
        sure, sources = [one.probability for one in chosen], [one.source for one in chosen]
        scored = Scored(mentions, sure, sources, ranges, pairs, scores.pair_scores, scores.attribute_scores)
        return self._calibration.apply(assemble(scored))

    def _scores(self, sentence: Input, rows: Floats, mentions: Sequence[Place]) -> tuple[list[Pair], Scores]:
        represented = boundaries(rows, mentions)
        pairs = candidate_pairs(mentions)
        of_pairs, of_mentions = pair_features(sentence, mentions, pairs), attribute_features(sentence, mentions)
        pair_scores = self._heads.pairs(represented, pairs, of_pairs)
        return pairs, Scores(of_pairs, pair_scores, of_mentions, self._heads.attributes(represented, of_mentions))

    def score(self, sentences: Sequence[Input], mentions: Sequence[Sequence[Place]]) -> list[Scores | None]:
        """Return what the heads say of mentions that are given, before the rules' word is added.

        Args:
            sentences, mentions: as in :meth:`link`.

        Returns:
            None for a sentence without mentions; pairs in the order of :func:`candidate_pairs`.
        """
        return [
            self._scores(sentence, rows[:, len(TAGS) :], given)[1] if given else None
            for sentence, rows, given in zip(sentences, self._rows(sentences), mentions, strict=True)
        ]


def _groups(sentences: Sequence[Input]) -> Iterator[list[Input]]:
    """Yield sentences in order, as many at a time as may be read together, and at least one."""
    group: list[Input] = []
    size = 0
    for sentence in sentences:
        if group and size + len(sentence.plain) > _READ_TOGETHER:
            yield group
            group, size = [], 0
        group.append(sentence)
        size += len(sentence.plain)
    if group:
        yield group


def _closed(plain: str) -> Mask:
    """Return where a code point can be in no mention: line feeds and what was blanked out."""
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    closed: Mask = (codes == ord("\n")) | (codes == ord(NOISE_FILLER))
    return closed
