"""Records as the sentences that scoring and training work on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from annotations import records
from annotations.records import FACT_KINDS, Entity, Fact, Record
from govie.annotations import AnnotatedSentence
from govie.records import RelationLabel, SpanLabel
from govie.scoring import ScoredSentence
from govie.tags import Link, Mention, Reading, Role, RoleLabel, SentenceTags

__all__ = ["from_sentence", "scored", "to_sentence"]


def to_sentence(record: Record) -> AnnotatedSentence:
    """Return what :func:`govie.annotations.read_annotations` would read from the record's line.

    Args:
        record: a record without faults.
    """
    readings = {(fact.indicator, fact.quantity): _reading(fact.attributes) for fact in record.facts}
    tags = SentenceTags(
        tuple(Mention(cast("SpanLabel", entity.label), entity.start, entity.end) for entity in record.entities),
        tuple(Link(link.head, link.tail, cast("RelationLabel", link.label)) for link in record.links),
        readings,
        tuple(Role(role.agency, cast("RoleLabel", role.label)) for role in record.roles),
    )
    start, end = int(record.source["start"]), int(record.source["end"])
    annotator, round_ = str(record.extra.get("annotator", "")), int(record.extra.get("round", 0))
    return AnnotatedSentence(record.id, record.text, tags, record.document, start, end, annotator, round_)


def _reading(attributes: Mapping[str, Any]) -> Reading:
    return Reading(attributes["direction"], attributes["bound"], attributes["status"], attributes.get("name"))


def from_sentence(sentence: AnnotatedSentence) -> Record:
    """Return a sentence as a record to write: what :func:`to_sentence` makes into the sentence again.

    Args:
        sentence: whose readings are each of a pair that is linked.
    """
    tags = sentence.tags
    kinds = {(one.head, one.tail): FACT_KINDS[one.label] for one in tags.links if one.label in FACT_KINDS}
    return Record(
        id=sentence.id,
        text=sentence.text,
        entities=tuple(Entity(one.start, one.end, one.label) for one in tags.mentions),
        links=tuple(sorted(records.Link(one.head, one.tail, one.label) for one in tags.links)),
        facts=tuple(Fact(*pair, _attributes(kinds[pair], read)) for pair, read in sorted(tags.readings.items())),
        roles=tuple(sorted(records.Role(one.agency, one.label) for one in tags.roles)),
        source={"file": sentence.file, "start": sentence.start, "end": sentence.end},
        extra={"annotator": sentence.annotator, "round": sentence.round},
    )


def _attributes(kind: str, reading: Reading) -> dict[str, Any]:
    said = {"kind": kind, "direction": reading.direction, "bound": reading.bound, "status": reading.status}
    return said if reading.name is None else {**said, "name": reading.name}


def scored(record: Record, key: str | None = None) -> ScoredSentence:
    """Return the record's keys for :func:`govie.scoring.score`, under its id or another key."""
    sentence = to_sentence(record)
    return ScoredSentence.from_tags(key or record.id, record.document, sentence.tags)
