"""How many are right, predicted and annotated, by group and row.

A group is a way of comparing (``spans``, ``relations`` …), a row one label in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from govie.records import RELATION_LABELS, SPAN_LABELS, RelationLabel
from govie.scoring.sentences import FactKey, RelationKey, ScoredSentence, SpanKey

__all__ = ["GROUPS", "MICRO", "Counts", "Tally", "tally"]

_Key = TypeVar("_Key", bound=Hashable)

MICRO = "micro"
"""Row that sums a group's other rows."""

ATTRIBUTES = ("kind", "direction", "bound", "status")

GROUPS: dict[str, tuple[str, ...]] = {
    "spans": (*SPAN_LABELS, MICRO),
    "spans overlapping": (*SPAN_LABELS, MICRO),
    "relations": (*RELATION_LABELS, MICRO),
    "relations among right spans": (*RELATION_LABELS, MICRO),
    "facts": ("pair", "pair and kind", "all attributes"),
    "attributes of right pairs": ATTRIBUTES,
    "roles": ("lead", "support", MICRO),
}
"""Groups and their rows, in the order they are printed."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were right, predicted and annotated."""

    correct: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Sum two counts, number by number."""
        return Counts(self.correct + other.correct, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of the predicted that is right."""
        return self.correct / self.predicted if self.predicted else float(not self.gold)

    @property
    def recall(self) -> float:
        """Share of the annotated that is found."""
        return self.correct / self.gold if self.gold else float(not self.predicted)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.correct / (self.predicted + self.gold) if self.predicted + self.gold else 1.0


Tally = dict[tuple[str, str], Counts]
"""Counts by (group, row); a missing row stands for zeros."""


def tally(gold: ScoredSentence, predicted: ScoredSentence, relation_labels: Collection[RelationLabel]) -> Tally:
    """Compare one sentence; relations are compared only where their label is in ``relation_labels``."""
    counts: Tally = defaultdict(Counts)
    _by_row(counts, "spans", gold.spans, predicted.spans, lambda span: span.label)
    _overlapping(counts, gold.spans, predicted.spans)
    _relations(counts, gold, predicted, relation_labels)
    _facts(counts, gold.facts, predicted.facts)
    _by_row(counts, "roles", gold.roles, predicted.roles, lambda role: role.role)
    return counts


def _by_row(
    counts: Tally, group: str, gold: Collection[_Key], predicted: Collection[_Key], row: Callable[[_Key], str]
) -> None:
    """Count each key in its row and in the group's micro row."""
    for key in {*gold, *predicted}:
        one = Counts(int(key in gold and key in predicted), int(key in predicted), int(key in gold))
        counts[group, row(key)] += one
        counts[group, MICRO] += one


def _relations(
    counts: Tally, gold: ScoredSentence, predicted: ScoredSentence, labels: Collection[RelationLabel]
) -> None:
    """Count relations end to end, and once more among the spans that both sides hold."""
    ours = {relation for relation in gold.relations if relation.label in labels}
    theirs = {relation for relation in predicted.relations if relation.label in labels}
    _by_row(counts, "relations", ours, theirs, _label)
    right = gold.spans & predicted.spans
    ours, theirs = ({each for each in side if {each.head, each.tail} <= right} for side in (ours, theirs))
    _by_row(counts, "relations among right spans", ours, theirs, _label)


def _label(relation: RelationKey) -> str:
    return relation.label


def _overlapping(counts: Tally, gold: Iterable[SpanKey], predicted: Iterable[SpanKey]) -> None:
    """Pair spans of one label that share a character, each with at most one of the other side."""
    for label in SPAN_LABELS:
        ours = sorted(span for span in gold if span.label == label)
        theirs = sorted(span for span in predicted if span.label == label)
        one = Counts(_pairs(ours, theirs), len(theirs), len(ours))
        counts["spans overlapping", label] += one
        counts["spans overlapping", MICRO] += one


def _pairs(ours: list[SpanKey], theirs: list[SpanKey]) -> int:
    """Count pairs greedily from the left: the most there can be, as spans of one side do not overlap."""
    paired = i = j = 0
    while i < len(ours) and j < len(theirs):
        first, second = ours[i], theirs[j]
        if first.start < second.end and second.start < first.end:
            paired, i, j = paired + 1, i + 1, j + 1
        elif first.end <= second.start:
            i += 1
        else:
            j += 1
    return paired


def _facts(counts: Tally, gold: Collection[FactKey], predicted: Collection[FactKey]) -> None:
    for row, width in (("pair", 2), ("pair and kind", 3), ("all attributes", len(FactKey._fields))):
        ours, theirs = {fact[:width] for fact in gold}, {fact[:width] for fact in predicted}
        counts["facts", row] += Counts(len(ours & theirs), len(theirs), len(ours))
    # One fact a pair is the rule; should a system give two, the comparison stays deterministic.
    meant = {fact[:2]: fact for fact in sorted(gold, key=repr)}
    said = {fact[:2]: fact for fact in sorted(predicted, key=repr)}
    for pair in meant.keys() & said.keys():
        for name in ATTRIBUTES:
            same = getattr(meant[pair], name) == getattr(said[pair], name)
            counts["attributes of right pairs", name] += Counts(int(same), 1, 1)
