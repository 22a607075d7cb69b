"""Dividing a sentence around its quantities: each gets the stretch before it and the stretch after it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Slot", "divide"]

_BREAK = re.compile(r"[,。;!?()\[\]【】|\n\r\t…\ufffc]|:(?!(?<=[为达至到是]:)\s*\d)|——")  # not in 调整为:8.3
_BOUND_AFTER = re.compile(r"\s*(?:及?以[上下内]|左右|上下|之内|之上|强(?![\u4e00-\u9fff])|以外)?(?:的)?")
_ASIDE = re.compile(
    r"""\([^(),。;:]{1,8}\)(?=[^,。;:\s])            # 乡镇(街道)数: inside a name, not a bracketed figure
      | \([^(),。;:\d]{1,10}\)(?=[,。;、]|$)        # 县(市、区) at the end of one
    """,
    re.X,
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A quantity with the clause around it.

    Attributes:
        start, end: the numeral.
        unit: start and end of the unit, or None.
        rest: where the text after unit and bound word begins.
        clause_start, clause_end: the clause, cut at punctuation.
        bracket: True where the quantity stands alone in brackets after its noun.
    """

    start: int
    end: int
    unit: tuple[int, int] | None
    rest: int
    clause_start: int
    clause_end: int
    clause: int
    bracket: bool


def divide(plain: str, quantities: Sequence[tuple[int, int, int | None, int | None]]) -> list[Slot]:
    """Return a slot for each quantity, in order.

    Args:
        plain: the sentence.
        quantities: (start, end, unit start, unit end) in order, the last two None without a unit.
    """
    covered = [(q[0], q[3] if q[3] is not None else q[1]) for q in quantities]
    breaks = _breaks(plain, covered)
    ends = [end for _, end in breaks]
    slots = []
    for (start, end, unit_start, unit_end), (_, stop) in zip(quantities, covered, strict=True):
        clause = bisect_right(ends, start) - 1
        left = ends[clause]
        right = breaks[clause + 1][0] if clause + 1 < len(breaks) else len(plain)
        after = _BOUND_AFTER.match(plain, stop, max(right, stop))
        unit = (unit_start, unit_end) if unit_start is not None and unit_end is not None else None
        bracket = left == start and left > 0 and plain[left - 1] == "(" and plain[right : right + 1] == ")"
        slots.append(Slot(start, end, unit, after.end() if after else stop, left, right, clause, bracket))
    return slots


def _breaks(plain: str, covered: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches that divide clauses, none of them inside a quantity or an aside; (0, 0) comes first."""
    asides = [aside.span() for aside in _ASIDE.finditer(plain)]
    starts = [start for start, _ in covered]
    hidden = sorted([*covered, *(aside for aside in asides if not _holds(starts, *aside))])
    breaks = [(0, 0)]
    k = 0
    for mark in _BREAK.finditer(plain):
        while k < len(hidden) and hidden[k][1] <= mark.start():
            k += 1
        if k == len(hidden) or mark.start() < hidden[k][0]:
            breaks.append(mark.span())
    return breaks


def _holds(starts: Sequence[int], start: int, end: int) -> bool:
    """Tell whether one of the sorted ``starts`` lies inside ``[start, end)``."""
    at = bisect_left(starts, start)
    return at < len(starts) and starts[at] < end
