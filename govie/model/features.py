"""What the heads are told beside the encoder's rows: the rules' opinion, and where the sentence stands.

One code path serves training and inference, so that both see the same features.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from govie.document import Stance
from govie.model.arrays import Integers
from govie.model.labels import BOUNDS, DIRECTIONS, LINK_CLASSES, PAIR_TYPES, ROLES, STATUSES
from govie.records import SPAN_LABELS, SpanLabel
from govie.tags import Mention, SentenceTags

__all__ = [
    "ATTRIBUTE_FEATURES",
    "PAIR_FEATURES",
    "STANCES",
    "Input",
    "Place",
    "attribute_features",
    "candidate_pairs",
    "pair_features",
    "places",
]

Place = tuple[SpanLabel, int, int]
"""Label, start and end of a mention in its sentence."""

STANCES: tuple[Stance | None, ...] = (None, "review", "plan")
_DISTANCES = (1, 2, 3, 5, 9, 17, 33, 65)
_SIDES = len(_DISTANCES) + 1
_BETWEEN = 4
_REACH = 32
"""Most tails on either side of a head that it is paired with."""
_LINK_UNKNOWN = len(LINK_CLASSES)
_MARKS = {**dict.fromkeys(";。!?\n", 3), **dict.fromkeys(",:", 2), "、": 1}
_STRONGEST_FIRST = [3, 2, 1]

PAIR_FEATURES: dict[str, int] = {
    "pair_type": len(PAIR_TYPES),
    "distance": 2 * _SIDES,
    "heads_between": _BETWEEN,
    "tails_between": _BETWEEN,
    "punctuation": 4,
    "rule_link": len(LINK_CLASSES) + 1,
    "rule_spans": 5,
}
"""Categorical features of a pair and how many values each has."""

ATTRIBUTE_FEATURES: dict[str, int] = {
    "stance": len(STANCES),
    "rule_bound": len(BOUNDS) + 2,
    "rule_status": len(STATUSES) + 2,
    "rule_direction": len(DIRECTIONS) + 2,
    "rule_role": len(ROLES) + 1,
}
"""Categorical features of a mention: after the known values, not said by the rules, and rules not asked."""


@dataclass(frozen=True, slots=True)
class Input:
    """One sentence as the network gets it.

    Attributes:
        plain: the sentence, half-width.
        stance: whether its section reviews or plans.
        hints: what the rules say of it; None where they are not asked.
    """

    plain: str
    stance: Stance | None = None
    hints: SentenceTags | None = None


def candidate_pairs(mentions: Sequence[Place]) -> list[tuple[int, int, int]]:
    """Return (pair type, head, tail) of every pair between which a relation can hold, as positions in ``mentions``.

    A head is paired with the nearest tails only, so that the number of pairs grows with the sentence and not with its
    square. The limit is far above what any annotated sentence holds.
    """
    by_label: dict[str, list[int]] = {}
    for i, (label, _, _) in enumerate(mentions):
        by_label.setdefault(label, []).append(i)
    return [
        (kind, head, tail)
        for kind, (first, second) in enumerate(PAIR_TYPES)
        for head in by_label.get(first, ())
        for tail in _nearest(by_label.get(second, []), head)
    ]


def _nearest(tails: list[int], head: int) -> list[int]:
    if len(tails) <= _REACH:
        return tails
    at = bisect_left(tails, head)
    return tails[max(0, at - _REACH) : at + _REACH]


class _Hints:
    """The rules' mentions, links and readings, looked up by place."""

    def __init__(self, tags: SentenceTags) -> None:
        def place(i: int) -> tuple[int, int]:
            return tags.mentions[i].start, tags.mentions[i].end

        self.places = {place(i): mention.label for i, mention in enumerate(tags.mentions)}
        self.links = {
            (place(link.head), place(link.tail)): LINK_CLASSES.index(link.label)
            for link in tags.links
            if link.label in LINK_CLASSES
        }
        self.readings = {place(quantity): reading for (_, quantity), reading in tags.readings.items()}
        self.roles = {place(role.agency): role.label for role in tags.roles}


def pair_features(sentence: Input, mentions: Sequence[Place], pairs: Sequence[tuple[int, int, int]]) -> Integers:
    """Return the categorical features of each pair, shape (pairs, features of :data:`PAIR_FEATURES`).

    Args:
        sentence: the sentence.
        mentions: ordered, without overlap.
        pairs: from :func:`candidate_pairs`.
    """
    kinds, heads, tails = np.array(pairs, dtype=np.int64).reshape(-1, 3).T
    starts, ends = np.array([place[1:] for place in mentions], dtype=np.int64).reshape(-1, 2).T
    forward = starts[tails] >= ends[heads]
    left = np.where(forward, ends[heads], ends[tails])
    right = np.where(forward, starts[tails], starts[heads])
    labels = np.array([SPAN_LABELS.index(place[0]) for place in mentions], dtype=np.int64)
    before = _counts(labels, starts, len(sentence.plain))
    return np.stack(
        [
            kinds,
            np.searchsorted(_DISTANCES, right - left + 1) + np.where(forward, _SIDES, 0),
            *(np.minimum(before[of, right] - before[of, left], _BETWEEN - 1) for of in (labels[heads], labels[tails])),
            _punctuation(sentence.plain, left, right),
            *_pair_hints(sentence.hints, mentions, heads, tails),
        ],
        axis=1,
    )


def _counts(kinds: Integers, places: Integers, length: int) -> Integers:
    """Return how many places of each kind lie before an offset, shape (kinds, offsets)."""
    found = np.zeros((len(SPAN_LABELS), length + 1), dtype=np.int64)
    np.add.at(found, (kinds, places + 1), 1)
    return found.cumsum(axis=1)


def _punctuation(plain: str, left: Integers, right: Integers) -> Integers:
    """Return the strongest kind of mark between two offsets, 0 for none."""
    marks = [(_MARKS[char], at) for at, char in enumerate(plain) if char in _MARKS]
    kinds, places = np.array(marks, dtype=np.int64).reshape(-1, 2).T
    before = _counts(kinds, places, len(plain))
    between = before[:, right] > before[:, left]
    return np.select([between[kind] for kind in _STRONGEST_FIRST], _STRONGEST_FIRST, 0)


def _pair_hints(
    tags: SentenceTags | None, mentions: Sequence[Place], heads: Integers, tails: Integers
) -> tuple[Integers, Integers]:
    """Return which relation the rules see between the mentions of each pair, and which of the two they see."""
    if tags is None:
        return np.full(len(heads), _LINK_UNKNOWN), np.full(len(heads), 4)
    hints = _Hints(tags)
    known = np.array([hints.places.get(place[1:]) == place[0] for place in mentions], dtype=np.int64)
    position = {place[1:]: i for i, place in enumerate(mentions)}
    linked = sorted(
        (position[head] * len(mentions) + position[tail], value)
        for (head, tail), value in hints.links.items()
        if head in position and tail in position
    )
    if not linked:
        return np.zeros(len(heads), dtype=np.int64), 2 * known[heads] + known[tails]
    keys, values = np.array(linked, dtype=np.int64).T
    wanted = heads * len(mentions) + tails
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0), 2 * known[heads] + known[tails]


def attribute_features(sentence: Input, mentions: Sequence[Place]) -> Integers:
    """Return the categorical features of each mention, shape (mentions, features of :data:`ATTRIBUTE_FEATURES`)."""
    hints = None if sentence.hints is None else _Hints(sentence.hints)
    stance = STANCES.index(sentence.stance)
    rows = [(stance, *_mention_hints(hints, mention[1:])) for mention in mentions]
    return np.array(rows, dtype=np.int64).reshape(len(mentions), len(ATTRIBUTE_FEATURES))


def _mention_hints(hints: _Hints | None, place: tuple[int, int]) -> tuple[int, int, int, int]:
    if hints is None:
        return len(BOUNDS) + 1, len(STATUSES) + 1, len(DIRECTIONS) + 1, len(ROLES)
    reading, role = hints.readings.get(place), ROLES.index(hints.roles.get(place))
    if reading is None:
        return len(BOUNDS), len(STATUSES), len(DIRECTIONS), role
    direction = len(DIRECTIONS) if reading.direction is None else DIRECTIONS.index(reading.direction)
    return BOUNDS.index(reading.bound), STATUSES.index(reading.status), direction, role


def places(mentions: Sequence[Mention]) -> list[Place]:
    """Return the bare places of mentions."""
    return [(mention.label, mention.start, mention.end) for mention in mentions]
