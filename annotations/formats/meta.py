"""What other forms have no place for, as one JSON object that travels in their notes.

It names entities by their offsets, not by ids, because the programs number entities anew. Coming
back, a fact finds its entities again even if somebody moved their edges: by the same offsets and
label, else by the entity of that label that shares most characters. A relation that was deleted
takes its fact along; a new one has no attributes until somebody gives them, and the check says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from annotations.records import FACT_KINDS, Entity, Fact, Link, Record, Role
from govie.errors import FormatError

__all__ = ["EDITABLE", "join", "pack", "single_facts"]

EDITABLE = ("direction", "bound", "status", "period", "name")
"""Attributes that a form may offer for editing at the quantity they belong to."""


def pack(record: Record) -> dict[str, Any]:
    """Return everything of a record but its text, entities and relations."""

    def place(at: int) -> list[int]:
        return [record.entities[at].start, record.entities[at].end]

    return {
        "id": record.id,
        "source": record.source,
        "extra": record.extra,
        "facts": [[place(fact.indicator), place(fact.quantity), fact.attributes] for fact in record.facts],
        "roles": [[place(role.agency), role.label] for role in record.roles],
    }


def join(
    text: str,
    entities: Sequence[Entity],
    links: Iterable[Link],
    meta: Mapping[str, Any],
    edited: Mapping[int, Mapping[str, str]] | None = None,
) -> Record:
    """Put a record together from what a form holds and its metadata.

    Args:
        text: the sentence.
        entities: in any order.
        links: between positions in ``entities``.
        meta: what :func:`pack` made.
        edited: attributes given at a quantity, by its position in ``entities``; they hold for the
            quantity's only fact and win over ``meta``.

    Raises:
        FormatError: the metadata is not what :func:`pack` makes.
    """
    order = sorted(range(len(entities)), key=lambda at: entities[at])
    moved = {old: new for new, old in enumerate(order)}
    ordered = tuple(entities[at] for at in order)
    relations = tuple(sorted(replace(link, head=moved[link.head], tail=moved[link.tail]) for link in links))
    try:
        return Record(
            id=meta["id"],
            text=text,
            entities=ordered,
            links=relations,
            facts=_facts(ordered, relations, meta["facts"], {moved[at]: given for at, given in (edited or {}).items()}),
            roles=_roles(ordered, meta["roles"]),
            source=dict(meta["source"]),
            extra=dict(meta["extra"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"the metadata of a sentence is missing or damaged ({error})") from None


def single_facts(record: Record) -> dict[int, Fact]:
    """Return the fact of each quantity that has only one, by the quantity's position."""
    times = Counter(fact.quantity for fact in record.facts)
    return {fact.quantity: fact for fact in record.facts if times[fact.quantity] == 1}


def _facts(
    entities: Sequence[Entity],
    links: Iterable[Link],
    packed: Iterable[tuple[list[int], list[int], dict[str, Any]]],
    edited: Mapping[int, Mapping[str, str]],
) -> tuple[Fact, ...]:
    kept = {
        (_find(entities, indicator, "INDICATOR"), _find(entities, quantity, "QUANTITY")): attributes
        for indicator, quantity, attributes in packed
    }
    made = [link for link in links if link.label in FACT_KINDS]
    times = Counter(link.tail for link in made)
    facts = []
    for link in made:
        given = edited.get(link.tail) if times[link.tail] == 1 else None
        old = kept.get((link.head, link.tail))
        if old is not None or given:
            facts.append(Fact(link.head, link.tail, _attributes(FACT_KINDS[link.label], old or {}, given)))
    return tuple(facts)


def _attributes(kind: str, old: Mapping[str, Any], given: Mapping[str, str] | None) -> dict[str, Any]:
    """Return the attributes after editing; what is not given was left empty by the editor."""
    kept = {**old, "kind": kind}
    if given is None:
        return kept
    for name in EDITABLE:
        if name in given:
            kept[name] = given[name]
        elif name in kept or name == "direction":
            kept[name] = None
    return kept


def _roles(entities: Sequence[Entity], packed: Iterable[tuple[list[int], str]]) -> tuple[Role, ...]:
    found = ((_find(entities, agency, "AGENCY"), label) for agency, label in packed)
    return tuple(sorted(Role(at, label) for at, label in found if at is not None))


def _find(entities: Sequence[Entity], place: list[int], label: str) -> int | None:
    """Return the position of the entity at a place, or of the one with this label that shares most with it."""
    start, end = place
    exact = [at for at, entity in enumerate(entities) if (entity.start, entity.end) == (start, end)]
    if exact:
        return exact[0]
    shared = [
        (min(end, entity.end) - max(start, entity.start), -at)
        for at, entity in enumerate(entities)
        if entity.label == label
    ]
    best = max(shared, default=(0, 0))
    return -best[1] if best[0] > 0 else None
