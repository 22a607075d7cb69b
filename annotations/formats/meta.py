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
    offered: Sequence[str] = EDITABLE,
) -> Record:
    """Put a record together from what a form holds and its metadata.

    Args:
        text: the sentence.
        entities: in any order.
        links: between positions in ``entities``.
        meta: what :func:`pack` made.
        edited: attributes given at a quantity, by its position in ``entities``; they hold for the
            quantity's only fact and win over ``meta``.
        offered: names of the attributes that the form lets people edit.

    Raises:
        FormatError: the metadata is not what :func:`pack` makes.
    """
    order = sorted(range(len(entities)), key=lambda at: entities[at])
    moved = {old: new for new, old in enumerate(order)}
    ordered = tuple(entities[at] for at in order)
    relations = tuple(sorted(replace(link, head=moved[link.head], tail=moved[link.tail]) for link in links))
    given = {
        moved[at]: {name: names[name] for name in offered if name in names} for at, names in (edited or {}).items()
    }
    try:
        return Record(
            id=meta["id"],
            text=text,
            entities=ordered,
            links=relations,
            facts=_facts(ordered, relations, meta["facts"], given, offered),
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
    links: Sequence[Link],
    packed: Iterable[tuple[list[int], list[int], dict[str, Any]]],
    edited: Mapping[int, Mapping[str, str]],
    offered: Sequence[str],
) -> tuple[Fact, ...]:
    kept = {
        (_find(entities, indicator, "INDICATOR"), _find(entities, quantity, "QUANTITY")): attributes
        for indicator, quantity, attributes in packed
    }
    made = [link for link in links if link.label in FACT_KINDS]
    now, before = Counter(link.tail for link in made), Counter(quantity for _, quantity in kept)
    facts = []
    for link in made:
        attributes = dict(kept.get((link.head, link.tail), {}))
        # Attributes were offered for editing only where the quantity had one fact.
        if link.tail in edited and now[link.tail] == 1 and (edited[link.tail] or before[link.tail] == 1):
            _edit(attributes, edited[link.tail], offered)
        if attributes:
            facts.append(Fact(link.head, link.tail, {**attributes, "kind": FACT_KINDS[link.label]}))
    return tuple(facts)


def _edit(attributes: dict[str, Any], given: Mapping[str, str], offered: Sequence[str]) -> None:
    """Take over what was given; what was offered and is not given has been left empty."""
    for name in offered:
        if name in given:
            attributes[name] = given[name]
        elif name in attributes or (given and name == "direction"):
            attributes[name] = None


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
