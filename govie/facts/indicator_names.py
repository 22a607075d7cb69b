"""The canonical indicators, and the table in which their names are looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from govie.errors import LexiconError
from govie.lexicon import load_table
from govie.quantity.units import parse_unit, unit_kind

__all__ = ["NO_UNIT", "Entry", "Indicator", "entries", "indicators", "spelling"]

NO_UNIT = "-"
"""The unit of a pure number."""

_LEXICON = "indicators.tsv"
_LEVELS = frozenset({"flow", "stock", "rate", "index", "growth"})
_GROWTH_ONLY, _SHORT = "+", "~"

_NOISE = re.compile(r"[\s“”‘’\"'「」《》_]|\(下同\)|的")
_SPELLINGS = (
    (re.compile(r"(?:地区|国内)?生产总值(?:\(GDP\))?"), "GDP"),
    (re.compile(r"规上|规模(?=工业)"), "规模以上"),
    (re.compile(r"比率"), "比例"),
)


class Indicator(NamedTuple):
    """A row of ``lexicon/indicators.tsv``, whose header explains the columns.

    Attributes:
        id: ``gdp``.
        name: Chinese name.
        english: English name.
        unit: usual unit of the level, ``-`` for a pure number.
        level: flow, stock, rate, index or growth.
        aliases: other names, each with its mark (``+``, ``~``) if it has one.
        defined_in: who defines it, and where.
    """

    id: str
    name: str
    english: str
    unit: str
    level: str
    aliases: tuple[str, ...]
    defined_in: str


class Entry(NamedTuple):
    """What one name stands for.

    Attributes:
        indicator: the indicator it names.
        unit_kind: kind of the indicator's unit (see ``units.tsv``); None for a pure number.
        growth_only: it names the indicator only where growth is told.
        short: a sub-item may borrow it.
    """

    indicator: Indicator
    unit_kind: str | None
    growth_only: bool
    short: bool


@lru_cache(maxsize=1)
def indicators() -> tuple[Indicator, ...]:
    """Return all canonical indicators, in the order of the lexicon.

    Raises:
        LexiconError: the level of one is none of the choices, or its unit is unknown.
    """
    found = tuple(_indicator(row) for row in load_table(_LEXICON))
    for indicator in found:
        if indicator.level not in _LEVELS:
            raise LexiconError(f"{indicator.id}: level {indicator.level!r} is none of the choices", where=_LEXICON)
        if indicator.unit != NO_UNIT and _unit_kind(indicator) is None:
            raise LexiconError(f"{indicator.id}: unit {indicator.unit!r} is unknown", where=_LEXICON)
    return found


def _indicator(row: dict[str, str]) -> Indicator:
    aliases = tuple(row["aliases"].split(";")) if row["aliases"] else ()
    return Indicator(
        row["id"], row["name"], row["english"], row["unit"], row["level"], aliases, defined_in=row["defined_in"]
    )


def _unit_kind(indicator: Indicator) -> str | None:
    return None if indicator.unit == NO_UNIT else unit_kind(parse_unit(indicator.unit).base_unit)


@lru_cache(maxsize=1)
def entries() -> dict[str, Entry]:
    """Map every name, in the one spelling of :func:`spelling`, to what it stands for.

    Raises:
        LexiconError: two names come out alike.
    """
    found: dict[str, Entry] = {}
    for name, entry in (pair for indicator in indicators() for pair in _names(indicator)):
        if name in found:
            raise LexiconError(f"{name} names {found[name].indicator.id} and {entry.indicator.id}", where=_LEXICON)
        found[name] = entry
    return found


def _names(indicator: Indicator) -> Iterator[tuple[str, Entry]]:
    kind = _unit_kind(indicator)
    for written in (indicator.name, *indicator.aliases):
        marks = written[0] == _GROWTH_ONLY, written[0] == _SHORT
        yield spelling(written.lstrip(_GROWTH_ONLY + _SHORT)), Entry(indicator, kind, *marks)


@lru_cache(maxsize=8192)
def spelling(name: str) -> str:
    """Return the one spelling that names are compared in: 规上工业增加值 → 规模以上工业增加值, “四上” → 四上."""
    key = _NOISE.sub("", unicodedata.normalize("NFKC", name)).upper()
    for pattern, spelled in _SPELLINGS:
        key = pattern.sub(spelled, key)
    return key
