"""Where the rules differ from the annotation, for a person to decide again by reading.

Nothing is changed: neither side is right by itself. Relations and facts are compared only where
both sides have the spans they join, else one moved edge would fill the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import govie
from annotations.records import Record
from annotations.sentences import scored
from govie.document import Document
from govie.errors import FormatError
from govie.records import Extraction
from govie.scoring import FactKey, RelationKey, RoleKey, ScoredSentence, SpanKey, Window, windows

__all__ = ["Disagreement", "disagreements", "listing"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A sentence in which the two differ: lines that begin with ``-`` (annotation only) or ``+`` (rules only)."""

    id: str
    text: str
    lines: tuple[str, ...]


def disagreements(
    records: Sequence[Record], folder: Path, extract: Callable[[Document], Extraction] | None = None
) -> Iterator[Disagreement]:
    """Compare annotation with what is extracted from the whole documents.

    Args:
        records: the annotation, without faults.
        folder: where its documents lie.
        extract: what extracts; the rules by default.

    Raises:
        ReadError: a document cannot be read.
        FormatError: reading changed a document's text, so that offsets do not fit.
    """
    extract = extract or govie.load(mode="rules")
    by_document: dict[str, list[Record]] = {}
    for record in records:
        by_document.setdefault(record.document, []).append(record)
    for file, group in by_document.items():
        document = govie.read(folder / file)
        places = {record.id: _window(document, record) for record in group}
        found = {sentence.key: sentence for sentence in windows(extract(document), places.values(), file)}
        for record in sorted(group, key=lambda record: record.source["start"]):
            lines = tuple(_differences(record.text, scored(record), found[record.id]))
            if lines:
                yield Disagreement(record.id, record.text, lines)


def _window(document: Document, record: Record) -> Window:
    """Find the sentence in the text as read, which leaves out some of the source."""
    first = document.text_offset(int(record.source["start"]))
    if document.text[first : first + len(record.text)] != record.text:
        raise FormatError("the document as read has other words at this sentence", where=record.id)
    return Window(record.id, first, first + len(record.text))


def _differences(text: str, gold: ScoredSentence, found: ScoredSentence) -> Iterator[str]:
    both = gold.spans & found.spans
    for sign, one, other in (("-", gold, found), ("+", found, gold)):
        for span in sorted(one.spans - other.spans):
            yield f"{sign} {span.label} {_words(text, span)}"
    for sign, one, other in (("-", gold, found), ("+", found, gold)):
        for link in sorted(one.relations - other.relations):
            if {link.head, link.tail} <= both:
                yield f"{sign} {_relation(text, link)}"
    for sign, one, other in (("-", gold, found), ("+", found, gold)):
        for fact in sorted(one.facts - other.facts, key=repr):
            if {fact.indicator, fact.quantity} <= both:
                yield f"{sign} {_fact(text, fact)}"
    for sign, one, other in (("-", gold, found), ("+", found, gold)):
        for role in sorted(one.roles - other.roles):
            if role.agency in both:
                yield f"{sign} {_role(text, role)}"


def _words(text: str, span: SpanKey) -> str:
    return text[max(span.start, 0) : max(span.end, 0)].replace("\n", "⏎")


def _relation(text: str, link: RelationKey) -> str:
    return f"{link.label} {_words(text, link.head)} → {_words(text, link.tail)}"


def _fact(text: str, fact: FactKey) -> str:
    attributes = " ".join(str(each) for each in (fact.kind, fact.direction, fact.bound, fact.status) if each)
    return f"{_words(text, fact.indicator)} {_words(text, fact.quantity)}: {attributes}"


def _role(text: str, role: RoleKey) -> str:
    return f"{_words(text, role.agency)}: {role.role}"


def listing(found: Sequence[Disagreement]) -> str:
    """Return the disagreements as text, one block a sentence."""
    blocks = ["\n".join([f"@ {each.id}", each.text.replace("\n", "⏎"), *each.lines]) for each in found]
    return "\n\n".join(blocks)
