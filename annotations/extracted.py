"""What govie extracts from a document, as records to correct and as sentences to compare."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotations.records import Entity, Fact, Link, Record, Role
from govie.document import Document
from govie.records import Extraction, Task
from govie.records import Fact as ExtractedFact

__all__ = ["records_of"]


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int


def records_of(document: Document, found: Extraction, file: str, annotator: str) -> list[Record]:
    """Cut an extraction into records, one a sentence.

    Sentences that a relation, a fact or a task joins become one record, so that a row of a task
    table stays whole. Sentences of page furniture are left out.

    Args:
        document: what was extracted from.
        found: the result.
        file: name to give as the source.
        annotator: name to give as the annotator.
    """
    pieces = _joined([(s.start, s.end) for s in document.sentences if not s.noise], _spans_of_links(found))
    cut = [piece for piece in (_stripped(found.text, start, end) for start, end in pieces) if piece]
    starts = [piece.start for piece in cut]
    held: list[list[int]] = [[] for _ in cut]
    for span in found.spans:
        at = bisect_right(starts, span.start) - 1
        if at >= 0 and span.end <= cut[at].end:
            held[at].append(span.id)
    stem = file.rsplit(".", 1)[0]
    numbered = enumerate(zip(cut, held, strict=True), 1)
    return [
        replace(
            _record(found, piece, ids),
            id=f"{stem}/{number:04}",
            source={"file": file, "start": piece.start, "end": piece.end},
            extra={"annotator": annotator, "round": 0},
        )
        for number, (piece, ids) in numbered
    ]


def _spans_of_links(found: Extraction) -> Iterator[tuple[int, int]]:
    """Yield stretches that must not be cut: from the first to the last word of what belongs together."""
    for relation in found.relations:
        yield _hull(found, (relation.head, relation.tail))
    for task in found.tasks:
        agencies = (*task.lead, *task.support)
        if agencies:
            start, end = _hull(found, agencies)
            yield min(start, task.start), max(end, task.end)


def _hull(found: Extraction, ids: Iterable[int]) -> tuple[int, int]:
    spans = [found.spans[i] for i in ids]
    return min(span.start for span in spans), max(span.end for span in spans)


def _joined(sentences: Sequence[tuple[int, int]], whole: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join sentences that one stretch of ``whole`` touches."""
    ordered = sorted(sentences)
    starts = [start for start, _ in ordered]
    # reach[i]: the last sentence that has to stay together with sentence i.
    reach = list(range(len(ordered)))
    for start, end in whole:
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        if first >= 0:
            reach[first] = max(reach[first], last)
    pieces = []
    at = 0
    while at < len(ordered):
        last = at
        for here in _growing(reach, at):
            last = here
        pieces.append((ordered[at][0], ordered[last][1]))
        at = last + 1
    return pieces


def _growing(reach: Sequence[int], first: int) -> Iterator[int]:
    """Yield the sentences from ``first`` on that hang together, each with those that the ones before reach."""
    here, last = first, reach[first]
    while here <= last:
        last = max(last, reach[here])
        yield here
        here += 1


def _stripped(text: str, start: int, end: int) -> _Stretch | None:
    words = text[start:end]
    if not words.strip():
        return None
    return _Stretch(start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip()))


def _record(found: Extraction, piece: _Stretch, ids: list[int]) -> Record:
    at = {span: position for position, span in enumerate(ids)}
    spans = [found.spans[i] for i in ids]
    return Record(
        id="",
        text=found.text[piece.start : piece.end],
        entities=tuple(Entity(span.start - piece.start, span.end - piece.start, span.label) for span in spans),
        links=tuple(
            sorted(Link(at[r.head], at[r.tail], r.label) for r in found.relations if r.head in at and r.tail in at)
        ),
        facts=tuple(
            Fact(at[fact.indicator], at[fact.quantity], _attributes(found, fact))
            for fact in sorted(found.facts, key=lambda fact: (fact.indicator, fact.quantity))
            if fact.indicator in at and fact.quantity in at
        ),
        roles=tuple(Role(at[i], label) for i, label in sorted(_roles(found).items()) if i in at),
    )


def _attributes(found: Extraction, fact: ExtractedFact) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        **{"kind": fact.kind, "direction": fact.direction},
        **{"bound": fact.bound, "status": fact.status, "period": fact.period},
    }
    words = "".join(found.spans[i].text for i in (fact.action, fact.indicator) if i is not None)
    # A name is annotated only where the words of the spans do not give it.
    return attributes if fact.name in (words, found.spans[fact.indicator].text) else {**attributes, "name": fact.name}


def _roles(found: Extraction) -> dict[int, str]:
    roles: dict[int, str] = {}
    holders: tuple[ExtractedFact | Task, ...] = (*found.facts, *found.tasks)
    for holder in holders:
        roles.update(dict.fromkeys(holder.support, "support"))
    # Who leads one task leads, whatever else it supports.
    for holder in holders:
        roles.update(dict.fromkeys(holder.lead, "lead"))
    return roles
