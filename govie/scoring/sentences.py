"""What is compared: a sentence's spans, relations, facts and roles as sets of hashable keys."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from govie.annotations import AnnotatedSentence
from govie.records import Extraction, Fact, Task
from govie.tags import SentenceTags

__all__ = ["FactKey", "RelationKey", "RoleKey", "ScoredSentence", "SpanKey", "Window", "windows"]

_FACT_LABELS = frozenset({"VALUE", "CHANGE", "GAP"})


class SpanKey(NamedTuple):
    """What identifies a span in its sentence."""

    start: int
    end: int
    label: str


class RelationKey(NamedTuple):
    """What identifies a relation: both spans and the type."""

    head: SpanKey
    tail: SpanKey
    label: str


class FactKey(NamedTuple):
    """What identifies a fact: the pair and its four attributes."""

    indicator: SpanKey
    quantity: SpanKey
    kind: str
    direction: str | None
    bound: str | None
    status: str | None


class RoleKey(NamedTuple):
    """An agency span that leads or supports."""

    agency: SpanKey
    role: str


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """One sentence's annotation or prediction, offsets relative to the sentence.

    Attributes:
        key: identifies the sentence; annotation and prediction meet by it.
        document: the document it comes from, the unit that the bootstrap draws.
    """

    key: str
    document: str
    spans: frozenset[SpanKey] = frozenset()
    relations: frozenset[RelationKey] = frozenset()
    facts: frozenset[FactKey] = frozenset()
    roles: frozenset[RoleKey] = frozenset()

    @classmethod
    def from_tags(cls, key: str, document: str, tags: SentenceTags) -> ScoredSentence:
        """Make keys of what a tagger, or an annotator, says of a sentence."""
        spans = [SpanKey(mention.start, mention.end, mention.label) for mention in tags.mentions]
        facts = []
        for link in tags.links:
            if link.label in _FACT_LABELS:
                reading = tags.readings.get((link.head, link.tail))
                attributes = (reading.direction, reading.bound, reading.status) if reading else (None, None, None)
                facts.append(FactKey(spans[link.head], spans[link.tail], link.label.lower(), *attributes))
        return cls(
            key,
            document,
            frozenset(spans),
            frozenset(RelationKey(spans[link.head], spans[link.tail], link.label) for link in tags.links),
            frozenset(facts),
            frozenset(RoleKey(spans[role.agency], role.label) for role in tags.roles),
        )

    @classmethod
    def from_annotation(cls, sentence: AnnotatedSentence) -> ScoredSentence:
        """Make keys of an annotated sentence."""
        return cls.from_tags(sentence.id, sentence.file, sentence.tags)


@dataclass(frozen=True, slots=True)
class Window:
    """Where a sentence stands in an extraction's text."""

    key: str
    start: int
    end: int


def windows(extraction: Extraction, places: Iterable[Window], document: str) -> list[ScoredSentence]:
    """Cut what was extracted from a document into the sentences at ``places``.

    A span belongs to the sentence it starts in, a relation or fact to the one its later
    span starts in: a link that reaches back over a sentence's start, or a span that runs
    over its end, stays and cannot match.

    Args:
        extraction: the result for the whole document.
        places: windows that do not overlap, in any order.
        document: the document's name.

    Returns:
        One sentence for each window, ordered by offset.
    """
    cut = _Cut(extraction, sorted(places, key=lambda place: place.start))
    for span in extraction.spans:
        for found, keys in cut.home(span.id):
            found.spans.update(keys)
    for relation in extraction.relations:
        for found, (head, tail) in cut.home(relation.head, relation.tail):
            found.relations.add(RelationKey(head, tail, relation.label))
    for fact in extraction.facts:
        for found, (indicator, quantity) in cut.home(fact.indicator, fact.quantity):
            found.facts.add(FactKey(indicator, quantity, fact.kind, fact.direction, fact.bound, fact.status))
    for agency, role in _roles(extraction):
        for found, (span_key,) in cut.home(agency):
            found.roles.add(RoleKey(span_key, role))
    return [found.freeze(place.key, document) for found, place in zip(cut.found, cut.places, strict=True)]


@dataclass(slots=True)
class _Found:
    """What falls into one window."""

    spans: set[SpanKey] = field(default_factory=set)
    relations: set[RelationKey] = field(default_factory=set)
    facts: set[FactKey] = field(default_factory=set)
    roles: set[RoleKey] = field(default_factory=set)

    def freeze(self, key: str, document: str) -> ScoredSentence:
        sets = (frozenset(self.spans), frozenset(self.relations), frozenset(self.facts), frozenset(self.roles))
        return ScoredSentence(key, document, *sets)


class _Cut:
    """An extraction's spans, and the windows (ordered by start) that they fall into."""

    def __init__(self, extraction: Extraction, places: list[Window]) -> None:
        self.places = places
        self.found = [_Found() for _ in places]
        self._spans = extraction.spans
        self._starts = [place.start for place in places]

    def home(self, *ids: int) -> Iterator[tuple[_Found, tuple[SpanKey, ...]]]:
        """Yield the window that the latest of these spans starts in, if any, with the spans' keys there."""
        spans = [self._spans[i] for i in ids]
        latest = max(span.start for span in spans)
        at = bisect_right(self._starts, latest) - 1
        if at >= 0 and latest < self.places[at].end:
            zero = self._starts[at]
            yield self.found[at], tuple(SpanKey(s.start - zero, s.end - zero, s.label) for s in spans)


def _roles(extraction: Extraction) -> Iterator[tuple[int, str]]:
    """Yield (agency span id, role) from relations, facts and tasks; pairs may repeat."""
    for relation in extraction.relations:
        if relation.label in {"LEAD", "SUPPORT"}:
            yield relation.tail, relation.label.lower()
    holders: tuple[Fact | Task, ...] = (*extraction.facts, *extraction.tasks)
    for holder in holders:
        yield from ((agency, "lead") for agency in holder.lead)
        yield from ((agency, "support") for agency in holder.support)
