"""One document of the report, with the look-ups that its parts share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from govie.document import Document, Metadata
from govie.records import Extraction, Fact

__all__ = ["Entry", "words_of"]


def words_of(fact: Fact) -> Iterator[tuple[str, int]]:
    """Yield (role letter, span id) for every word a fact is made of, the quantity first."""
    yield "q", fact.quantity
    ones = (("i", fact.indicator), ("u", fact.unit), ("a", fact.action), ("p", fact.period_span), ("b", fact.base_span))
    yield from ((role, span) for role, span in ones if span is not None)
    yield from (("l", span) for span in fact.lead)
    yield from (("s", span) for span in fact.support)


@dataclass(frozen=True)
class Entry:
    """An extraction, its document if there is one, and its place in the report.

    Attributes:
        key: prefix of every id that belongs to it: ``d0``, ``d1`` …
        name: what to call it where it has no title.
    """

    key: str
    name: str
    extraction: Extraction
    document: Document | None

    @property
    def metadata(self) -> Metadata:
        """What the document says about itself; empty without a document."""
        return self.document.metadata if self.document else Metadata()

    @property
    def title(self) -> str:
        """The document's title, else the extraction's, else the given name."""
        return self.metadata.title or self.extraction.title or self.name

    @cached_property
    def facts_of(self) -> Mapping[int, list[int]]:
        """Fact indices by span id."""
        return _inverted([span for _, span in words_of(fact)] for fact in self.extraction.facts)

    @cached_property
    def tasks_of(self) -> Mapping[int, list[int]]:
        """Task indices by the span id of an agency."""
        return _inverted((*task.lead, *task.support) for task in self.extraction.tasks)


def _inverted(groups: Iterable[Iterable[int]]) -> Mapping[int, list[int]]:
    owners: defaultdict[int, list[int]] = defaultdict(list)
    for index, members in enumerate(groups):
        for member in members:
            owners[member].append(index)
    return owners
