"""Collecting the mentions and links of one sentence without overlap or repetition."""

from __future__ import annotations

from bisect import bisect_left, insort

from govie.records import RelationLabel, SpanLabel
from govie.rules.scores import relation_score, span_score
from govie.tags import DUTIES, Link, Mention, Reading, Role, RoleLabel, SentenceTags

__all__ = ["TagBuilder"]


class TagBuilder:
    """Collects what rules say of a sentence; the first mention of a place wins."""

    def __init__(self) -> None:
        self._mentions: list[Mention] = []
        self._taken: list[tuple[int, int]] = []
        self._places: dict[tuple[int, int], int] = {}
        self._links: dict[tuple[int, int, RelationLabel], None] = {}
        self._readings: dict[tuple[int, int], Reading] = {}
        self._roles: dict[int, RoleLabel] = {}

    def is_free(self, start: int, end: int) -> bool:
        """Tell whether no mention overlaps ``[start, end)``."""
        at = bisect_left(self._taken, (end, end))
        return at == 0 or self._taken[at - 1][1] <= start

    def mention(self, label: SpanLabel, start: int, end: int) -> int | None:
        """Return the mention at this place, added if it is free; None if another one is in the way."""
        known = self._places.get((start, end))
        if known is not None:
            return known if self._mentions[known].label == label else None
        if start >= end or not self.is_free(start, end):
            return None
        self._places[start, end] = len(self._mentions)
        insort(self._taken, (start, end))
        self._mentions.append(Mention(label, start, end, span_score(label)))
        return len(self._mentions) - 1

    def join(self, head: int | None, tail: int | None, label: RelationLabel) -> None:
        """Link two mentions; nothing happens where one of them found no place."""
        if head is not None and tail is not None:
            self._links[head, tail, label] = None

    def read(self, indicator: int, quantity: int, reading: Reading) -> None:
        """Say how a linked quantity is meant."""
        self._readings.setdefault((indicator, quantity), reading)

    def role(self, start: int, end: int, label: RoleLabel) -> None:
        """Give the agency at this place a role."""
        known = self._places.get((start, end))
        if known is not None:
            self._roles.setdefault(known, label)

    def build(self) -> SentenceTags:
        """Return everything, mentions ordered by offset."""
        order = sorted(range(len(self._mentions)), key=lambda i: self._mentions[i].start)
        new = {old: position for position, old in enumerate(order)}
        return SentenceTags(
            tuple(self._mentions[i] for i in order),
            tuple(Link(new[h], new[t], label, relation_score(label)) for h, t, label in sorted(self._links)),
            {(new[i], new[q]): reading for (i, q), reading in self._readings.items()},
            tuple(Role(new[a], label, relation_score(DUTIES[label])) for a, label in sorted(self._roles.items())),
        )
