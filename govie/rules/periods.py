"""Which period dates which quantity of a sentence, and from which one a change is counted."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from govie.lexicon import load_toml
from govie.quantity.periods import PeriodSpot, find_periods
from govie.rules.phrase import JOINT

__all__ = ["PeriodLabel", "PeriodLink", "PeriodTags", "tag_periods"]

PeriodLabel = Literal["PERIOD", "BASE"]
PeriodLink = tuple[int, int, PeriodLabel]

_CLAUSE_END = re.compile(r"[,;:。!?\n]")
_LIST_JOINT = re.compile(rf"[^\s,;:。]{{0,6}}(?:{JOINT.pattern})(?:约|近|超|为)?")
_SHARE = re.compile(r"\s?多?(?:倍|%)")
_YEARS = re.compile(r"\d年?[-—–~～至到][12]\d{3}年")
_WINDOW = 100
"""Code points of a clause that are looked at on either side of a place, so that no text costs more than linear time."""


@dataclass(frozen=True, slots=True)
class PeriodTags:
    """The periods of a sentence that speak of its quantities.

    Attributes:
        periods: (start, end) of each period, in order.
        links: (position of the quantity, position of the period, label).
    """

    periods: tuple[tuple[int, int], ...] = ()
    links: tuple[PeriodLink, ...] = ()


def tag_periods(plain: str, quantities: Sequence[tuple[int, int]]) -> PeriodTags:
    """Link the quantities of a sentence to the periods that date them.

    Args:
        plain: one sentence, full-width forms made half-width.
        quantities: (start, end) of its quantities that have an indicator, in order.

    Returns:
        The periods that got a link, and the links: ``PERIOD`` for the time the quantity
        holds at, ``BASE`` for the time its change is counted from.
    """
    if not quantities:
        return PeriodTags()
    found = find_periods(plain)
    if not found:
        return PeriodTags()
    sentence = _Sentence(plain, quantities)
    spots = [spot for spot in found if not sentence.overlaps(spot)]
    links = _Linker(sentence, spots).links()
    used = sorted({spot for _, spot, _ in links})
    place = {spot: position for position, spot in enumerate(used)}
    return PeriodTags(
        tuple((spots[spot].start, spots[spot].end) for spot in used),
        tuple((quantity, place[spot], label) for quantity, spot, label in links),
    )


@dataclass(frozen=True, slots=True)
class _Cues:
    """The cue words of ``lexicon/periods.toml`` as patterns; what each is for is told there."""

    base: re.Pattern[str]
    joint_base: re.Pattern[str]
    joint_base_end: re.Pattern[str]
    gap: re.Pattern[str]
    gap_of: re.Pattern[str]
    multiple: re.Pattern[str]
    origin: re.Pattern[str]
    origin_end: re.Pattern[str]
    goal: re.Pattern[str]
    attribute: re.Pattern[str]
    set_then: re.Pattern[str]
    whole_year: re.Pattern[str]
    lead: re.Pattern[str]
    yearly: re.Pattern[str]
    stock: re.Pattern[str]
    reached: re.Pattern[str]
    summed: re.Pattern[str]
    tied: re.Pattern[str]
    change: re.Pattern[str]
    level: re.Pattern[str]
    bare_change: re.Pattern[str]


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    words = {name: "|".join(map(re.escape, listed)) for name, listed in load_toml("periods.toml")["cues"].items()}
    origin = rf"(?:(?<![服顺听理])(?:{words['origin']})(?![于此而事业]))"
    return _Cues(
        base=re.compile(rf"(?<![占对])(?:{words['base']})$"),
        joint_base=re.compile(rf"(?:{words['joint_base']})$"),
        joint_base_end=re.compile(words["joint_base_end"]),
        gap=re.compile(rf"(?:{words['gap']})$"),
        gap_of=re.compile(rf"的?(?:{words['gap_of']})?"),
        multiple=re.compile(rf"(?:{words['multiple']})$"),
        origin=re.compile(origin),
        origin_end=re.compile(rf"{origin}$"),
        goal=re.compile(words["goal"]),
        attribute=re.compile(rf"(?:{words['attribute']})$"),
        set_then=re.compile(words["set_then"]),
        whole_year=re.compile(words["whole_year"]),
        lead=re.compile(rf"(?:{words['lead']})*"),
        yearly=re.compile(rf"(?:{words['yearly']})(?!{words['yearly_name']})"),
        stock=re.compile(words["stock"]),
        reached=re.compile(words["reached"]),
        summed=re.compile(words["summed"]),
        tied=re.compile(words["tied"]),
        change=re.compile(words["change"]),
        level=re.compile(words["level"]),
        bare_change=re.compile(rf"(?:{words['bare_change']})+"),
    )


class _Sentence:
    """A sentence with its quantities and clauses."""

    def __init__(self, plain: str, quantities: Sequence[tuple[int, int]]) -> None:
        self.plain = plain
        self.quantities = quantities
        self._starts = [start for start, _ in quantities]
        self._ends = [mark.start() for mark in _CLAUSE_END.finditer(plain)]

    def overlaps(self, spot: PeriodSpot) -> bool:
        """Say whether a quantity shares a code point with the spot."""
        nearest = bisect_left(self._starts, spot.end) - 1
        return nearest >= 0 and self.quantities[nearest][1] > spot.start

    def clause(self, offset: int) -> int:
        """Return the number of the clause that ``offset`` lies in."""
        return bisect_left(self._ends, offset)

    def clause_start(self, offset: int) -> int:
        """Return where that clause starts."""
        number = self.clause(offset)
        return self._ends[number - 1] + 1 if number else 0

    def clause_end(self, offset: int) -> int:
        """Return the offset of the mark that ends that clause."""
        number = self.clause(offset)
        return self._ends[number] if number < len(self._ends) else len(self.plain)

    def before(self, offset: int) -> str:
        """Return the words of the clause before ``offset``."""
        return self.plain[max(self.clause_start(offset), offset - _WINDOW) : offset]

    def after(self, offset: int) -> str:
        """Return the words of the clause from ``offset``, its final mark included."""
        return self.plain[offset : min(self.clause_end(offset) + 1, offset + _WINDOW)]

    def next_quantity(self, offset: int) -> int | None:
        """Return the position of the first quantity of the same clause at or after ``offset``."""
        nearest = bisect_left(self._starts, offset)
        if nearest == len(self._starts) or self._starts[nearest] >= self.clause_end(offset):
            return None
        return nearest

    def is_origin(self, number: int) -> bool:
        """Say whether a quantity is the A of 从A到B."""
        start, end = self.quantities[number]
        before = self.before(start)
        openers = list(_cues().origin.finditer(before))
        following = self.next_quantity(end)
        if not openers or following is None:
            return False
        opened = start - len(before) + openers[-1].end()
        alone = number == 0 or self._starts[number - 1] < opened
        return alone and _cues().goal.search(self.plain, end, min(self._starts[following], end + _WINDOW)) is not None


_Role = Literal["sentence", "clause", "base", "joint base", "origin", "none"]


def _role(sentence: _Sentence, spot: PeriodSpot) -> _Role:
    """Say what a period is for: to date a sentence or a clause, to be a base, the A of 从A到B, or nothing."""
    cues = _cues()
    before, after = sentence.before(spot.start), sentence.after(spot.end)
    words = sentence.plain[spot.start : spot.end]
    if cues.attribute.search(before) or (words == "年初" and cues.set_then.search(after)):
        return "none"
    if cues.joint_base.search(before) and cues.joint_base_end.match(after):
        return "joint base"
    if cues.base.search(before) or _is_measure(sentence, spot, before):
        return "base"
    following = sentence.next_quantity(spot.end)
    if cues.origin_end.search(before) and following is not None and sentence.is_origin(following):
        return "origin"
    return _reach(sentence, spot, before, after)


def _is_measure(sentence: _Sentence, spot: PeriodSpot, before: str) -> bool:
    """Recognise 是2012年的1.8倍 and 快于2024年1.8个百分点."""
    following = sentence.next_quantity(spot.end)
    if following is None:
        return False
    start, end = sentence.quantities[following]
    between = sentence.plain[spot.end : start]
    if _cues().gap.search(before):
        return _cues().gap_of.fullmatch(between) is not None
    return between in ("", "的") and bool(_cues().multiple.search(before) and _SHARE.match(sentence.plain, end))


def _reach(sentence: _Sentence, spot: PeriodSpot, before: str, after: str) -> _Role:
    """Say how far a period reaches that is no base: to the end of its sentence, or of its clause."""
    opens = spot.start == len(before) and not sentence.clause(spot.start)
    if spot.kind in ("length", "streak"):
        return "sentence" if spot.kind == "length" and opens else "clause"
    if after.endswith(":"):
        return "sentence"
    here = sentence.next_quantity(spot.end) is not None
    if _cues().lead.fullmatch(before):
        soon = here or sentence.next_quantity(sentence.clause_end(spot.end) + 1) is not None
        return "sentence" if opens or soon else "none"
    if _cues().whole_year.fullmatch(sentence.plain, spot.start, spot.end):
        return "sentence" if here else "none"
    return "clause"


@dataclass(slots=True)
class _Frame:
    """What is known about time at one place in the sentence; numbers are positions of spots.

    Attributes:
        outer: the period that dates the rest of the sentence.
        inner: the period that dates the clause ``inner_clause``.
        base: what changes are counted from in ``base_clause``, or from there on if ``base_wide``.
        origin: the period of the A of 从A到B, and of those that follow in the same way.
        goal: the period of its B.
        after_origin: the quantity before was an A.
    """

    outer: int | None = None
    inner: int | None = None
    inner_clause: int = -1
    base: int | None = None
    base_clause: int = -1
    base_wide: bool = False
    origin: int | None = None
    goal: int | None = None
    after_origin: bool = False


class _Linker:
    """One pass over the periods and quantities of a sentence, from left to right."""

    def __init__(self, sentence: _Sentence, spots: list[PeriodSpot]) -> None:
        self.sentence = sentence
        self.spots = spots
        self.frame = _Frame()
        self.done = 0  # where the last period or quantity ended
        self.found: list[PeriodLink] = []

    def links(self) -> list[PeriodLink]:
        """Return the links, as (position of quantity, position of spot, label)."""
        events = [(spot.start, False, number) for number, spot in enumerate(self.spots)]
        events += [(start, True, number) for number, (start, _) in enumerate(self.sentence.quantities)]
        for _, is_quantity, number in sorted(events):
            if is_quantity:
                self._date(number)
            else:
                self._enter(number)
        return self.found

    def _enter(self, number: int) -> None:
        """Take a period into the frame."""
        spot, frame = self.spots[number], self.frame
        role = _role(self.sentence, spot)
        if role == "none":
            return
        self.done = spot.end
        clause = self.sentence.clause(spot.start)
        if role in ("base", "joint base"):
            frame.base, frame.base_clause, frame.base_wide = number, clause, role == "joint base"
            return
        if role == "origin":
            frame.origin = number
            return
        if not frame.base_wide:
            frame.base = None
        if frame.after_origin:
            frame.goal = number
        if role == "sentence" and not frame.after_origin:
            frame.outer, frame.inner = number, None
        else:
            frame.inner, frame.inner_clause = number, clause

    def _date(self, number: int) -> None:
        """Link one quantity to what the frame holds; in a list (4%、5%和2%) to what the one before it got."""
        start, end = self.sentence.quantities[number]
        text = self.sentence.plain[max(self.sentence.clause_start(start), self.done, start - _WINDOW) : start]
        if number and _LIST_JOINT.fullmatch(text):
            self.found += [(number, spot, label) for last, spot, label in self.found[-2:] if last == number - 1]
        else:
            period, base = self._period(number, text), self._base(number, text)
            self.found += [(number, period, "PERIOD")] if period is not None else []
            self.found += [(number, base, "BASE")] if base is not None else []
        self.done = end

    def _period(self, number: int, text: str) -> int | None:
        frame = self.frame
        if self.sentence.is_origin(number):
            frame.after_origin = True
            return frame.base if frame.origin is None and frame.base_wide else frame.origin
        arrived, frame.after_origin = frame.after_origin, False
        start = self.sentence.quantities[number][0]
        clause = self.sentence.clause(start)
        self._tie(clause, start)
        choices = [frame.inner if frame.inner_clause == clause else None, frame.goal if arrived else None, frame.outer]
        return next((spot for spot in choices if spot is not None and self._dates(spot, start, text)), None)

    def _tie(self, clause: int, start: int) -> None:
        """Let a length of time reach into a clause that goes on about the same thing (五年新增65万吨,占全国三成)."""
        frame = self.frame
        if frame.inner is None or frame.inner_clause != clause - 1 or self.spots[frame.inner].kind != "length":
            return
        if _cues().tied.match(self.sentence.plain, self.sentence.clause_start(start)):
            frame.inner_clause = clause

    def _dates(self, spot_number: int, start: int, text: str) -> bool:
        """Say whether a period may date a quantity: no one year a mean over years, no length of time a level."""
        spot, cues = self.spots[spot_number], _cues()
        if spot.kind == "length":
            return bool(cues.summed.search(text)) or not cues.reached.search(text)
        if spot.kind != "date" or _YEARS.search(self.sentence.plain, spot.start, spot.end):
            return True
        before = self.sentence.before(start)
        if cues.yearly.search(before):
            return self.frame.base_wide
        return self.sentence.clause(spot.start) == self.sentence.clause(start) or not cues.stock.match(before)

    def _base(self, number: int, text: str) -> int | None:
        frame, cues = self.frame, _cues()
        if frame.base is None or cues.level.search(text):
            return None
        clause = self.sentence.clause(self.sentence.quantities[number][0])
        if clause == frame.base_clause:
            return frame.base
        if frame.base_wide:
            return frame.base if cues.change.search(text) else None
        return frame.base if clause == frame.base_clause + 1 and cues.bare_change.fullmatch(text) else None
