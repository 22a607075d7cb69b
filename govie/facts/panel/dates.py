"""Which year a figure of the panel holds for, and over what stretch of time."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from govie.facts.panel.sources import Source
from govie.facts.panel.wording import is_old_level
from govie.quantity.periods import resolve_period
from govie.reading.years import years_in
from govie.records import Fact

__all__ = ["Basis", "Dated", "date_figure", "dated"]

Basis = Literal["annual", "average", "span", "since", "part"]
"""annual: of one year, or against the year before; average: a year's mean over several years (年均);
span: of several years together; since: counted from an earlier year than the one before; part: of months of a year."""

_YEAR = re.compile(r"(\d{4})(?:-\d\d(?:-\d\d)?)?")
_NEARBY = 400  # characters before a figure in which its five years may be named


class Dated(NamedTuple):
    """When a figure holds.

    Attributes:
        period: ISO 8601, as in a fact.
        year: the year, or the last of several; None if unknown.
        basis: the stretch of time it speaks of.
        base: the year it is counted from, where that is not the year before.
    """

    period: str | None
    year: int | None
    basis: Basis
    base: str | None = None


def dated(period: str | None) -> Dated:
    """Return what a resolved period says by itself."""
    if period is None:
        return Dated(None, None, "annual")
    years = [int(year) for year in _YEAR.findall(period)]
    if "-" in period:
        return Dated(period, years[-1], "part")
    return Dated(period, years[-1], "span" if years[0] != years[-1] else "annual")


def date_figure(source: Source, fact: Fact, *, average: bool) -> Dated:
    """Date a fact for the panel.

    Args:
        source: the document.
        fact: one of its facts.
        average: whether its words say 年均.
    """
    found = dated(fact.period)
    if _is_old_level(source, fact):
        return _before_span(source, fact)
    if average:
        return _average(source, fact, found)
    base = _far_base(source, fact, found.year)
    return found._replace(basis="since", base=base) if base else found


def _is_old_level(source: Source, fact: Fact) -> bool:
    """Whether a level without a date of its own is the one that was left behind (从7.34万元提高到10.26万元)."""
    if fact.kind != "value" or fact.period_span is not None:
        return False
    spans, plain = source.extraction.spans, source.document.plain
    end = spans[fact.quantity].end if fact.unit is None else spans[fact.unit].end
    return is_old_level(plain[fact.sentence[0] : spans[fact.quantity].start], plain[end : fact.sentence[1]])


def _before_span(source: Source, fact: Fact) -> Dated:
    """Return the year before those that a part looks back on; of a single year nobody says how far back."""
    sentence = source.sentence_at(fact.sentence[0])
    span = None if sentence is None else sentence.span
    return dated(str(span[0] - 1)) if span else Dated(None, None, "annual")


def _average(source: Source, fact: Fact, found: Dated) -> Dated:
    """Return the years of an average: its own, or those last named before it, never a single one.

    What a report looks back on was over before its own year.
    """
    if found.basis == "span":
        return found._replace(basis="average")
    start = source.extraction.spans[fact.quantity].start
    nearby = source.without_bases[max(0, start - _NEARBY) : start]
    own = source.document.metadata.year if fact.status != "target" else None
    runs = [years for years in years_in(nearby) if years.first != years.last and (own is None or years.last < own)]
    if not runs:
        return Dated(None, None, "average")
    return Dated(f"{runs[-1].first}/{runs[-1].last}", runs[-1].last, "average")


def _far_base(source: Source, fact: Fact, year: int | None) -> str | None:
    """Return the year that a change is counted from, None if that is the year before."""
    if fact.kind == "value" or fact.base_span is None:
        return None
    sentence = source.sentence_at(fact.sentence[0])
    stance = None if sentence is None else sentence.stance
    words = source.extraction.spans[fact.base_span].text
    base = resolve_period(words, year=None if sentence is None else sentence.year, stance=stance)
    if base is None or year is None or "-" in base:
        return None
    return base if int(_YEAR.findall(base)[-1]) < year - 1 else None
