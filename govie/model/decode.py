"""From tag scores to mentions: the tag sequences in which every inside follows a begin of its own label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from govie.model.arrays import Floats, Integers, Mask
from govie.model.features import Place
from govie.model.labels import TAGS
from govie.records import SPAN_LABELS

__all__ = ["best_tags", "log_softmax", "mentions_of", "sequence_logs", "side_by_side", "stripped"]


_Doubles = npt.NDArray[np.float64]
_BEGIN, _INSIDE = slice(1, None, 2), slice(2, None, 2)
_LEAST = 1e-12
"""Less than what a float32 probability can be told from 1 by; keeps quotients finite."""


def log_softmax(scores: Floats) -> Floats:
    """Return log probabilities over the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logs: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def side_by_side(logs: Sequence[Floats], closed: Sequence[Mask]) -> Floats:
    """Lay out sentences to be decoded together.

    Args:
        logs: log probabilities of each sentence, shape (code points, tags); none empty, lengths alike for speed.
        closed: for each sentence True where a code point can be in no mention.

    Returns:
        Shape (code points of the longest, sentences, tags); what is closed, or behind a sentence's end, is outside.
    """
    allowed = np.full((max(map(len, logs)), len(logs), len(TAGS)), -np.inf, dtype=np.float32)
    allowed[:, :, 0] = 0
    for row, (scores, shut) in enumerate(zip(logs, closed, strict=True)):
        allowed[: len(scores), row] = scores
        allowed[np.flatnonzero(shut), row, 1:] = -np.inf
    return allowed


def best_tags(allowed: Floats) -> Integers:
    """Decode sentences side by side (Viterbi; the only constraint is that inside tags continue their label).

    A tag's best predecessor is its own begin or inside tag if it is an inside tag, else the
    best of all: so a step costs a maximum and not a matrix.

    Args:
        allowed: scores as :func:`side_by_side` lays them out.

    Returns:
        Tags, shape (code points of the longest, sentences).
    """
    length, count, _ = allowed.shape
    any_back = np.zeros((length, count), dtype=np.int64)
    from_begin = np.zeros((length, count, len(SPAN_LABELS)), dtype=np.bool_)
    score = allowed[0].copy()
    score[:, _INSIDE] = -np.inf
    for at in range(1, length):
        begin, inside = score[:, _BEGIN], score[:, _INSIDE]
        any_back[at] = score.argmax(axis=1)
        from_begin[at] = begin >= inside
        step = np.repeat(score.max(axis=1, keepdims=True), len(TAGS), axis=1)
        step[:, _INSIDE] = np.maximum(begin, inside)
        score = step + allowed[at]
    tags = np.zeros((length, count), dtype=np.int64)
    tags[-1] = score.argmax(axis=1)
    rows = np.arange(count)
    for at in range(length - 1, 0, -1):
        here = tags[at]
        is_inside = (here > 0) & (here % 2 == 0)
        own = here - from_begin[at, rows, np.maximum(here - 1, 0) // 2]
        tags[at - 1] = np.where(is_inside, own, any_back[at])
    return tags


def sequence_logs(allowed: Floats) -> Floats:
    """Return how probable tags are among the whole sequences that :func:`best_tags` chooses from.

    A sequence is as probable as the product of its tags' scores says, among all that are allowed: a linear-chain
    conditional random field (Lafferty, McCallum and Pereira 2001, forward and backward). The logarithm of a mention's
    probability is the sum of its begin tag's value, its inside tags', and that of not going on behind it.

    Args:
        allowed: scores as :func:`side_by_side` lays them out.

    Returns:
        An array like ``allowed``, with logarithms of probabilities. Outside and begin tags: that the code point has
        this tag. Inside tags: that a mention goes on, given that it holds the code point before.
    """
    scores = np.exp(allowed, dtype=np.float64)
    starts, goes_on, nothing = _backward(scores)
    chances = np.empty_like(scores)
    chances[:, :, _INSIDE] = goes_on
    held = np.zeros_like(starts[0])
    for at in range(len(scores)):
        still = held * goes_on[at]
        free = 1 - still.sum(axis=1, keepdims=True)
        chances[at, :, _BEGIN] = free * starts[at]
        chances[at, :, 0] = free[:, 0] * nothing[at]
        held = still + chances[at, :, _BEGIN]
    return np.log(np.maximum(chances, _LEAST)).astype(np.float32)


def _backward(scores: _Doubles) -> tuple[_Doubles, _Doubles, _Doubles]:
    """Return how probable it is that a mention begins here, goes on here, or that none does.

    Args:
        scores: not logarithms, shape (code points, sentences, tags).

    Returns:
        Shapes (code points, sentences, labels) twice and (code points, sentences). The first and the last are given
        that no mention goes on here, the second given that one of the label holds the code point before.
    """
    outside, begin, inside = scores[:, :, 0], scores[:, :, _BEGIN], scores[:, :, _INSIDE]
    length, count, labels = begin.shape
    # Sums over everything from a place on: where no mention is open, relative to the place behind; and where one is,
    # relative to where none is. The second is at most as large as one over the least score, so it cannot overflow.
    none = np.empty((length, count))
    opened = np.ones((length + 1, count, labels))
    for at in range(length - 1, -1, -1):
        none[at] = np.maximum(outside[at] + (begin[at] * opened[at + 1]).sum(axis=1), _LEAST)
        opened[at] = 1 + inside[at] * opened[at + 1] / none[at][:, None]
    starts = begin * opened[1:] / none[:, :, None]
    goes_on = inside * opened[1:] / (none[:, :, None] * opened[:-1])
    return starts, goes_on, outside / none


def mentions_of(tags: Integers) -> list[Place]:
    """Return label, start and end of each mention of a valid tag sequence."""
    listed = tags.tolist()
    found: list[Place] = []
    for at, tag in enumerate(listed):
        if tag % 2:
            end = at + 1
            while end < len(listed) and listed[end] == tag + 1:
                end += 1
            found.append((SPAN_LABELS[tag // 2], at, end))
    return found


def stripped(plain: str, mention: Place) -> Place | None:
    """Return a mention without white space at its ends; None if nothing else is in it."""
    label, start, end = mention
    words = plain[start:end].rstrip()
    end = start + len(words)
    start = end - len(words.lstrip())
    return (label, start, end) if start < end else None
