"""Several places that tell the same figure become one row; places that disagree stay, and are marked.

One that is more likely wrong than right goes where another is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from govie.facts.panel.figures import Figure
from govie.facts.panel.wording import lists_goals
from govie.quantity.units import unit_kind

__all__ = ["Row", "merge"]

_CLOSE = Decimal("1.15")  # 突破14万亿元 may round 14.16 or 15.9, not 20
_CLOSE_BY = Decimal("1.5")  # 突破百亿元大关,达122.57亿元: the same sentence leaves no doubt

_EVEN = 0.5
"""Below it a fact, its name's edges included, is more likely wrong than right, so it settles no conflict."""

Key = tuple[object, ...]


@dataclass(frozen=True)
class Row:
    """One figure of the panel.

    Attributes:
        figure: the place that tells it best.
        mentions: how many places tell it.
        conflict: whether other rows with the same key tell another number.
    """

    figure: Figure
    mentions: int
    conflict: bool


def merge(figures: Iterable[Figure]) -> list[Row]:
    """Return the rows of the panel, in the order of region code, year and indicator."""
    groups: dict[Key, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(_key(figure), []).append(figure)
    rows = [row for group in groups.values() for row in _rows(group)]
    return sorted(rows, key=lambda row: _order(row.figure))


def _key(figure: Figure) -> Key:
    """Return what two figures must share to be about the same thing.

    Without a region every document stands alone.
    """
    source, dated = figure.source, figure.dated
    area: Key = (source.code, source.region) if source.region else (source.number,)
    against = figure.relative if figure.kind == "gap" else None
    return (*area, figure.indicator.id, figure.kind, figure.status, dated, _measure(figure), against)


def _measure(figure: Figure) -> str | None:
    """Return what tells 增长5% from 增加7400亿元; a target without a number goes with the per cent."""
    if figure.base_unit is None:
        return "share" if figure.kind == "change" else None
    return "share" if unit_kind(figure.base_unit) == "share" else figure.base_unit


def _rows(group: list[Figure]) -> Iterator[Row]:
    clusters: list[list[Figure]] = []
    wordless = [figure for figure in group if figure.value is None]
    for figure in sorted((figure for figure in group if figure.value is not None), key=_rank):
        home = next((cluster for cluster in clusters if _agree(cluster[0], figure)), None)
        if home is None:
            clusters.append([figure])
        else:
            home.append(figure)
            home.sort(key=_precision)
    clusters = [cluster for cluster in clusters if max(each.score for each in cluster) >= _EVEN] or clusters
    for cluster in clusters or [[]]:
        members = [*cluster, *(wordless if not clusters or cluster is clusters[0] else [])]
        yield Row(_joined(members), len(members), len(clusters) > 1)


def _rank(figure: Figure) -> tuple[bool, int, int]:
    """Put the list of the year's targets first, then the order of the text."""
    plain = figure.source.document.plain[slice(*figure.sentence)]
    return not lists_goals(plain), figure.source.number, figure.start


def _precision(figure: Figure) -> tuple[bool, int, bool, int, int]:
    """Put first what tells most: of targets the list, of results the most exact number."""
    if figure.status == "target":
        return False, 0, *_rank(figure)
    return figure.bound != "exact", -_digits(figure), *_rank(figure)


def _digits(figure: Figure) -> int:
    return 0 if figure.value is None else len(figure.value.normalize().as_tuple().digits)


def _agree(one: Figure, other: Figure) -> bool:
    """Whether two figures tell the same; results may be rounded or told by a bound they reached."""
    if (one.amount, one.amount_max, one.direction) == (other.amount, other.amount_max, other.direction):
        return True
    if one.status == "target" or one.direction != other.direction or one.amount_max or other.amount_max:
        return False
    rough, exact = sorted((one, other), key=lambda figure: (figure.bound == "exact", _digits(figure)))
    return _is_rounded(rough, exact) or _is_reached(rough, exact)


def _is_rounded(rough: Figure, exact: Figure) -> bool:
    if rough.value is None or exact.amount is None or rough.magnitude == 0:
        return False
    places = rough.value.as_tuple().exponent
    half = Decimal(5).scaleb(int(places) - 1) * rough.magnitude
    return abs(rough.value * rough.magnitude - exact.amount) <= half and rough.kind == "value"


def _is_reached(rough: Figure, exact: Figure) -> bool:
    low, high = rough.amount, exact.amount
    if low is None or high is None or rough.kind != "value":
        return False
    near = _CLOSE_BY if (rough.source.number, rough.sentence) == (exact.source.number, exact.sentence) else _CLOSE
    if rough.bound == "at_least":
        return low <= high <= low * near
    return rough.bound == "at_most" and low / near <= high <= low


def _joined(members: list[Figure]) -> Figure:
    """Return the first figure, with what the others say of it beyond the number."""
    best = members[0]
    relative = list(dict.fromkeys(figure.relative for figure in members if figure.relative))
    stretch = next((figure.stretch for figure in members if figure.stretch), None)
    return replace(best, relative="；".join(relative) or None, stretch=stretch)


def _order(figure: Figure) -> tuple[object, ...]:
    source, when = figure.source, figure.dated
    place = source.code or "", source.region or "", source.number if source.region is None else 0
    return (*place, when.year or 0, figure.indicator.id, when.basis, figure.kind, figure.status, figure.start)
