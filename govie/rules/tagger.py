"""The rule tagger: one sentence in, mentions, links and readings out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from govie.document import Stance
from govie.quantity.bounds import bound_of
from govie.quantity.spotting import QuantitySpot, find_quantities
from govie.quantity.status import status_of
from govie.quantity.units import parse_unit, unit_kind
from govie.records import Kind, RelationLabel
from govie.rules.agencies import find_agencies
from govie.rules.builder import TagBuilder
from govie.rules.links import Linked, link
from govie.rules.nouns import frames
from govie.rules.periods import tag_periods
from govie.rules.roles import tag_roles
from govie.rules.slots import divide
from govie.tags import Reading, SentenceTags

__all__ = ["tag_sentence"]


_HEADWORD = re.compile(r"\s*\d{1,3}[.、][^:。,;()]{2,20}:")
"""The headword of a glossary (八条主线:…): a number in it is part of a name."""


class _Setting(NamedTuple):
    stance: Stance | None
    year: int | None


def tag_sentence(plain: str, stance: Stance | None = None, year: int | None = None) -> SentenceTags:
    """Tag and link one sentence.

    Args:
        plain: the sentence as in :attr:`govie.document.Document.plain`.
        stance: whether its section reviews or plans; decides actual or target in doubt.
        year: the year its section speaks of; settles what an explicit year means.

    Returns:
        Mentions at offsets relative to the sentence, ordered, never overlapping.
    """
    headword = _HEADWORD.match(plain)
    spots = [spot for spot in find_quantities(plain) if headword is None or spot.start >= headword.end()]
    named = find_agencies(plain)
    linked = _link(plain, spots, named) if spots else []
    builder = TagBuilder()
    if linked:
        _add_facts(builder, plain, spots, linked, _Setting(stance, year))
    agencies = [agency for agency in named if builder.is_free(*agency)]
    if not linked and not agencies:
        return _NOTHING
    for start, end in agencies:
        builder.mention("AGENCY", start, end)
    for role in tag_roles(plain, agencies):
        builder.role(*agencies[role.agency], role.label)
    return builder.build()


def _link(plain: str, spots: Sequence[QuantitySpot], agencies: Sequence[tuple[int, int]]) -> list[Linked]:
    slots = divide(plain, [(s.start, s.end, s.unit_start, s.unit_end) for s in spots])
    return link(plain, frames(plain, slots, [_kind(plain, spot) for spot in spots], agencies))


def _kind(plain: str, spot: QuantitySpot) -> str | None:
    if spot.unit_start is None:
        return None
    return unit_kind(parse_unit(plain[spot.unit_start : spot.unit_end]).base_unit) or "count"


def _add_facts(
    builder: TagBuilder, plain: str, spots: Sequence[QuantitySpot], linked: Sequence[Linked], setting: _Setting
) -> None:
    by_start = {spot.start: spot for spot in spots}
    for one in linked:
        spot = by_start[one.slot.start]
        noun = builder.mention("INDICATOR", *one.noun)
        quantity = builder.mention("QUANTITY", spot.start, spot.end)
        if noun is None or quantity is None:
            continue
        builder.join(noun, quantity, _LABELS[one.kind])
        status = status_of(plain, spot.start, spot.end, stance=setting.stance, year=setting.year)
        builder.read(noun, quantity, Reading(one.direction, bound_of(plain, spot), status, one.name))
        if spot.unit_start is not None and spot.unit_end is not None:
            builder.join(quantity, builder.mention("UNIT", spot.unit_start, spot.unit_end), "UNIT")
        if one.action:
            builder.join(builder.mention("ACTION", *one.action), noun, "ACTION")
    _add_periods(builder, plain, sorted({(one.slot.start, one.slot.end) for one in linked}))


def _add_periods(builder: TagBuilder, plain: str, quantities: Sequence[tuple[int, int]]) -> None:
    found = tag_periods(plain, quantities)
    for quantity, period, label in found.links:
        head = builder.mention("QUANTITY", *quantities[quantity])
        tail = builder.mention("PERIOD", *found.periods[period])
        builder.join(head, tail, label)


_NOTHING = SentenceTags()
_LABELS: dict[Kind, RelationLabel] = {"value": "VALUE", "change": "CHANGE", "gap": "GAP"}
