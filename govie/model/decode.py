"""From tag scores to mentions: the best tag sequence in which every inside follows a begin of its own label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from govie.model.arrays import Floats, Integers, Mask
from govie.model.features import Place
from govie.model.labels import TAGS
from govie.records import SPAN_LABELS

__all__ = ["best_tags", "log_softmax", "mentions_of", "stripped"]


_BEGIN, _INSIDE = slice(1, None, 2), slice(2, None, 2)


def log_softmax(scores: Floats) -> Floats:
    """Return log probabilities over the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logs: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def best_tags(logs: Sequence[Floats], closed: Sequence[Mask]) -> list[Integers]:
    """Decode sentences side by side (Viterbi; the only constraint is that inside tags continue their label).

    A tag's best predecessor is its own begin or inside tag if it is an inside tag, else the
    best of all: so a step costs a maximum and not a matrix.

    Args:
        logs: log probabilities of each sentence, shape (code points, tags); none empty, lengths alike for speed.
        closed: for each sentence True where a code point can be in no mention.

    Returns:
        The tag of each code point, for each sentence.
    """
    allowed = _side_by_side(logs, closed)
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
    return [tags[: len(one), row] for row, one in enumerate(logs)]


def _side_by_side(logs: Sequence[Floats], closed: Sequence[Mask]) -> Floats:
    """Return scores of shape (longest, sentences, tags); past the end of a sentence only outside is possible."""
    allowed = np.full((max(map(len, logs)), len(logs), len(TAGS)), -np.inf, dtype=np.float32)
    allowed[:, :, 0] = 0
    for row, (scores, shut) in enumerate(zip(logs, closed, strict=True)):
        allowed[: len(scores), row] = scores
        allowed[np.flatnonzero(shut), row, 1:] = -np.inf
    return allowed


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
