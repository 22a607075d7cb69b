"""The figures of one document: its facts about canonical indicators, as the panel counts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from govie.facts.indicator_names import NO_UNIT, Indicator, indicators
from govie.facts.panel.dates import Dated, date_figure
from govie.facts.panel.sources import Source
from govie.facts.panel.wording import Stretch, find_stretches, hardness, is_average, is_near, reference
from govie.quantity.units import parse_unit, unit_kind
from govie.records import Bound, Direction, Fact, Kind, Span, Status
from govie.records import Source as Origin

__all__ = ["Figure", "fact_figures", "indicator_of", "stretched"]

_CLAUSES = re.compile(r"[,。;:!?\n]")
_JOINED = re.compile(r"[、和与及\s]*(?:%|分别|左右|以上)*[、和与及\s]*")
_SHARES = frozenset({"%", "‰", "成"})


@dataclass(frozen=True)
class Figure:
    """What one place in a document says of one indicator.

    Attributes:
        source: the document.
        indicator: the canonical indicator.
        dated: period, year and basis.
        kind: as in a fact, but the growth of an amount is a ``change`` however it is put (增速5%).
        direction: of a change or a gap.
        status: actual, estimate or target.
        value: the number as written, None for a target without one.
        value_max: the upper end of a range.
        unit: the unit as written.
        magnitude: its multiplier.
        base_unit: the unit without it.
        bound: how the number binds, None if that is open.
        hardness: the words that say how firmly.
        stretch: what is hoped for beyond it.
        relative: what it is measured against (与经济增长同步; of a gap, 高于全国).
        start: offset of the number, or of the words of a target without one.
        end: offset after it.
        sentence: offsets of the sentence.
        section: headings above it.
        score: confidence from 0 to 1.
        origin: ``model`` or ``rule``.
    """

    source: Source
    indicator: Indicator
    dated: Dated
    kind: Kind
    direction: Direction | None
    status: Status
    value: Decimal | None
    value_max: Decimal | None
    unit: str | None
    magnitude: Decimal
    base_unit: str | None
    bound: Bound | None
    hardness: str | None
    stretch: str | None
    relative: str | None
    start: int
    end: int
    sentence: tuple[int, int]
    section: tuple[str, ...]
    score: float
    origin: Origin

    @property
    def amount(self) -> Decimal | None:
        """The value in the base unit."""
        return None if self.value is None else self.value * self.magnitude

    @property
    def amount_max(self) -> Decimal | None:
        """The upper end in the base unit."""
        return None if self.value_max is None else self.value_max * self.magnitude


@lru_cache(maxsize=1)
def _by_id() -> dict[str, Indicator]:
    return {indicator.id: indicator for indicator in indicators()}


def indicator_of(name: str) -> Indicator:
    """Return the canonical indicator with an id."""
    return _by_id()[name]


def fact_figures(source: Source) -> Iterator[Figure]:
    """Yield the figures that the facts of a document give, in the order of the text."""
    for fact in source.extraction.facts:
        if fact.indicator_id in _by_id():
            yield _figure(source, fact)


def _figure(source: Source, fact: Fact) -> Figure:
    plain, spans = source.document.plain, source.extraction.spans
    quantity = spans[fact.quantity]
    end = quantity.end if fact.unit is None else max(quantity.end, spans[fact.unit].end)
    indicator, before = indicator_of(fact.indicator_id or ""), plain[fact.sentence[0] : quantity.start]
    growth = _is_growth(fact, indicator)
    kind: Kind = "change" if growth else fact.kind
    between = _words_between(source, fact)
    average = is_average(between) and not (kind == "value" and indicator.level in {"rate", "index"})
    base_unit = fact.base_unit or _usual_unit(indicator, fact)
    return Figure(
        source=source,
        indicator=indicator,
        dated=date_figure(source, fact, average=average),
        kind=kind,
        direction=fact.direction or ("increase" if growth else None),
        status=fact.status,
        value=fact.value,
        value_max=fact.value_max,
        unit=None if fact.unit is None else _tidy(plain, spans[fact.unit]),
        magnitude=fact.magnitude,
        base_unit=base_unit,
        bound=fact.bound,
        hardness=hardness(before, plain[end : fact.sentence[1]], ranged=fact.value_max is not None),
        stretch=None,
        relative=reference(before) if kind == "gap" else None,
        start=quantity.start,
        end=end,
        sentence=fact.sentence,
        section=fact.section,
        score=fact.score,
        origin=fact.source,
    )


def _tidy(plain: str, span: Span) -> str:
    """Return a span's words in half width and without spaces, so that units compare."""
    return "".join(plain[span.start : span.end].split())


def _is_growth(fact: Fact, indicator: Indicator) -> bool:
    """Whether a value in per cent is the growth of an amount, or the rise of prices (涨幅2%)."""
    if fact.kind != "value" or fact.base_unit not in _SHARES:
        return False
    return indicator.level == "growth" or not _is_share(indicator)


def _is_share(indicator: Indicator) -> bool:
    return indicator.unit != NO_UNIT and unit_kind(parse_unit(indicator.unit).base_unit) == "share"


def _usual_unit(indicator: Indicator, fact: Fact) -> str | None:
    """Return the base unit a bare number stands for: 元 where 地区生产总值 has come to 5万亿."""
    if fact.kind != "value" or indicator.unit == NO_UNIT or fact.amount < parse_unit(indicator.unit).magnitude:
        return None
    return parse_unit(indicator.unit).base_unit


def _words_between(source: Source, fact: Fact) -> str:
    """Return the plain words that may tell of an average: from the name's clause to the number.

    A level after another number is told apart from the growth before it (年均增长5.5%,达到3.87万亿元).
    """
    spans, plain = source.extraction.spans, source.document.plain
    name, number = spans[fact.indicator].start, spans[fact.quantity].start
    if number < name:
        return _CLAUSES.split(plain[fact.sentence[0] : number])[-1]
    clause = _CLAUSES.split(plain[fact.sentence[0] : name])[-1]
    between = plain[name:number]
    if fact.kind != "value":
        return clause + between
    others = [spans[other.quantity].end for other in source.extraction.facts if other.sentence == fact.sentence]
    last = max((end for end in others if name < end <= number), default=name)
    return between[last - name :] if last > name and not _JOINED.fullmatch(plain[last:number]) else clause + between


def stretched(source: Source, figures: Iterable[Figure]) -> Iterator[Figure]:
    """Give each target of a document the words of its sentence that hope for more."""
    known: dict[tuple[int, int], list[Stretch]] = {}
    for figure in figures:
        if figure.status != "target":
            yield figure
            continue
        at = figure.sentence
        if at not in known:
            found = find_stretches(source.document.plain[slice(*at)])
            known[at] = [words._replace(start=words.start + at[0]) for words in found]
        yield replace(figure, stretch=next((words.text for words in known[at] if _speaks_of(words, figure)), None))


def _speaks_of(stretch: Stretch, figure: Figure) -> bool:
    if stretch.start < figure.end:
        return False
    plain = figure.source.document.plain
    return stretch.whole or is_near(plain[figure.end : stretch.start])
