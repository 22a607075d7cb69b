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

__all__ = ["EDITABLE", "bare", "join", "pack", "single_facts"]

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
    bare: Record,
    meta: Mapping[str, Any],
    edited: Mapping[int, Mapping[str, str]] | None = None,
    offered: Sequence[str] = EDITABLE,
) -> Record:
    """Put a record together from what a form holds and its metadata.

    Args:
        bare: text, entities and links, see :func:`bare`.
        meta: what :func:`pack` made.
        edited: attributes given at a quantity, by its position; they hold for the quantity's only
            fact and win over ``meta``.
        offered: names of the attributes that the form lets people edit.

    Raises:
        FormatError: the metadata is not what :func:`pack` makes.
    """
    try:
        return replace(
            bare,
            id=meta["id"],
            facts=_facts(bare, meta["facts"], edited or {}, offered),
            roles=_roles(bare.entities, meta["roles"]),
            source=dict(meta["source"]),
            extra=dict(meta["extra"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"the metadata of a sentence is missing or damaged ({error})") from None


def bare(text: str, entities: Sequence[Entity], links: Iterable[Link]) -> tuple[Record, list[int]]:
    """Order what a form holds.

    Args:
        text: the sentence.
        entities: in any order.
        links: between positions in ``entities``.

    Returns:
        A record without id, source and facts, and the new position of each entity.
    """
    order = sorted(range(len(entities)), key=lambda at: entities[at])
    moved = [0] * len(order)
    for new, old in enumerate(order):
        moved[old] = new
    relations = sorted(replace(link, head=moved[link.head], tail=moved[link.tail]) for link in links)
    return Record("", text, tuple(entities[at] for at in order), tuple(relations)), moved


def single_facts(record: Record) -> dict[int, Fact]:
    """Return the fact of each quantity that has only one, by the quantity's position."""
    times = Counter(fact.quantity for fact in record.facts)
    return {fact.quantity: fact for fact in record.facts if times[fact.quantity] == 1}


def _facts(
    bare: Record,
    packed: Iterable[tuple[list[int], list[int], dict[str, Any]]],
    edited: Mapping[int, Mapping[str, str]],
    offered: Sequence[str],
) -> tuple[Fact, ...]:
    kept = {
        (_find(bare.entities, indicator, "INDICATOR"), _find(bare.entities, quantity, "QUANTITY")): attributes
        for indicator, quantity, attributes in packed
    }
    made = [link for link in bare.links if link.label in FACT_KINDS]
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
