"""Periods: where a sentence names a time, and which years, months or days that time is.

A resolved period is an ISO 8601 year, month or day (``2020``, ``2021-09``,
``2003-12-18``), or two of them around a slash, both ends included
(``2016/2020``, ``2020-01/2020-06``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from govie.document import Stance
from govie.lexicon import alternatives, load_toml
from govie.quantity.numerals import fold, parse_numeral

__all__ = ["PeriodKind", "PeriodSpot", "find_periods", "resolve_period"]

PeriodKind = Literal["date", "plan", "length", "streak", "since"]

_LEXICON = "periods.toml"
_GATE = re.compile(r"年|月|季度|五[”\"]|五[时期末]|同期|以来|之初|期间|成立时")
_TITLE = re.compile(r"《[^《》]*》")
_ERA_WORDS = "以来|之初|期间|成立时"
_ERA_END = re.compile(_ERA_WORDS)
_ERA_START = re.compile(rf"[,;:。、(\s\0]|[从由自较比在为是创]|{_ERA_WORDS}")
_LONGEST_ERA = 12
_NOT_AN_ERA = re.compile(r"[0-9]|年$|五[”\"]?$|^[这此其该]|同$")
_COUNT = r"[0-9一二三四五六七八九十两]{1,3}"
_DASH = r"[-—–~～至到]"
_CHINESE_DIGIT = "〇○零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class PeriodSpot:
    """A stretch of a sentence that names a time.

    Attributes:
        start: offset of the first code point.
        end: offset after the last one.
        kind: ``date`` (a year, or a part of one), ``plan`` (a five-year plan), ``length``
            (五年来), ``streak`` (连续五年) or ``since`` (改革开放以来).
    """

    start: int
    end: int
    kind: PeriodKind


def _date_pattern() -> str:
    lexicon = load_toml(_LEXICON)
    year = rf"(?:(?<!\d)(?:19|20)\d\d\s?年|(?<![{_CHINESE_DIGIT}])[一二][{_CHINESE_DIGIT}]{{3}}年)"
    part = rf"第?(?:{alternatives(lexicon['parts'])})"
    month = r"\d{1,2}\s?月"
    months = rf"(?:\d{{1,2}}月?{_DASH}{month}|{month})(?:份|[底末初]|\d{{1,2}}日(?:、\d{{1,2}}日)*)?"
    return rf"""(?:
        (?<!\d)(?:19|20)\d\d年?{_DASH}{year} | {year}{_DASH}{year}
        | (?:{year}|{alternatives(lexicon["deictic"])})
          (?: {part} | \s?{months} | 全年 | 年?[底末初] | 度 | 同期 )? (?:以来|前(?![移进列]))?
        | (?:(?<![\d.]){months}|{part}|{alternatives(lexicon["whole"]["words"])}) (?:以来|前)?
    )(?!{alternatives(lexicon["date"]["not_before"])})"""


def _plan_pattern() -> str:
    number = rf"(?:{alternatives(load_toml(_LEXICON)['plans'])})五"
    return rf"""(?:
        [“"]{number}[”"](?:时期|期间|期末|以来|末|初)
        | (?<=[比较])[“"]{number}[”"](?=[增减提翻下上])
        | {number}(?:时期|期间|期末|以来|末)
        | 第[一二三四五]个五年
    )"""


def _length_pattern() -> str:
    words = load_toml(_LEXICON)["length"]
    not_after = "".join(rf"(?<!{word})" for word in words["not_after"])
    return rf"""(?:
        (?<![{_CHINESE_DIGIT}十\d.]){not_after}
        (?:{alternatives([*words["back"], *words["ahead"], *words["other"]])})? {_COUNT}年[来内间前]?
    )(?!{alternatives(words["not_before"])})"""


@lru_cache(maxsize=1)
def _spot_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"""(?:
            (?P<streak> 连续{_COUNT}(?:年|个月|个季度|个榨季) )
            | (?P<plan> {_plan_pattern()} )
            | (?P<date> {_date_pattern()} )
            | (?P<length> {_length_pattern()} )
        )(?!{alternatives(load_toml(_LEXICON)["record"]["not_before"])})""",
        re.X,
    )


def find_periods(plain: str) -> list[PeriodSpot]:
    """Find the words of time in a sentence that could date a quantity.

    Whether they do is for :mod:`govie.rules.periods` to say. 同比, 环比, 年均, 每年, 年度,
    目前 and 近年来 are no periods, nor is anything inside 《》.

    Args:
        plain: one sentence, full-width forms made half-width.

    Returns:
        Spots in order of offset; they do not overlap.
    """
    if not _GATE.search(plain):
        return []
    open_text = _TITLE.sub(_blank, plain)
    eras = _find_eras(open_text)
    if eras:
        open_text = _without(open_text, eras)
    spots = [
        PeriodSpot(found.start(), found.end(), cast(PeriodKind, found.lastgroup))
        for found in _spot_pattern().finditer(open_text)
    ]
    return sorted(spots + eras, key=lambda spot: spot.start) if eras else spots


def _without(text: str, spots: list[PeriodSpot]) -> str:
    """Return ``text`` at the same length with the spots blanked out."""
    pieces, last = [], 0
    for spot in spots:
        pieces += [text[last : spot.start], "\0" * (spot.end - spot.start)]
        last = spot.end
    return "".join([*pieces, text[last:]])


def _blank(found: re.Match[str]) -> str:
    return "\0" * (found.end() - found.start())


def _find_eras(plain: str) -> list[PeriodSpot]:
    """Find 改革开放以来, 新区成立之初: an event without a number, back to where its clause begins."""
    spots = []
    for found in _ERA_END.finditer(plain):
        window = plain[max(0, found.start() - _LONGEST_ERA) : found.start()]
        starts = [mark.end() for mark in _ERA_START.finditer(window)]
        event = window[starts[-1] :] if starts else window if found.start() < _LONGEST_ERA else ""
        if len(event) > 1 and not _NOT_AN_ERA.search(event) and not _record_pattern().match(plain, found.end()):
            spots.append(PeriodSpot(found.start() - len(event), found.end(), "since"))
    return spots


@lru_cache(maxsize=1)
def _record_pattern() -> re.Pattern[str]:
    return re.compile(alternatives(load_toml(_LEXICON)["record"]["not_before"]))


def resolve_period(words: str | None, *, year: int | None, stance: Stance | None = None) -> str | None:
    """Say which time the words of a period name.

    Args:
        words: the PERIOD span, or None if the quantity has none.
        year: the year the section speaks of (:attr:`govie.document.Sentence.year`): in a
            report for 2021, 2020 where it looks back and 2021 where it plans.
        stance: whether the section looks back or plans.

    Returns:
        The period, or None if it cannot be known. Without words it is ``year``; words
        that need a year to count from are None where ``year`` is None.
    """
    if words is None:
        return None if year is None else str(year)
    told = re.sub(r"\s", "", fold(words))
    for read in (_read_plan, _read_years, _read_deictic, _read_length, _read_event):
        found, period = read(told, year, stance)
        if found:
            return period
    return _read_within_year(told, year)


_Reading = tuple[bool, str | None]
"""Whether a form of words was recognised, and the period it names if that can be known."""


def _read_plan(words: str, year: int | None, stance: Stance | None) -> _Reading:
    found = _plan_number_pattern().search(words)
    if not found:
        return False, None
    first, last = load_toml(_LEXICON)["plans"][found["quoted"] or found["counted"]]
    if "以来" in words:
        return True, _since(first, year)
    if words.endswith("末"):
        return True, str(last)
    return True, str(first) if words.endswith("初") else _span(first, last)


def _read_years(words: str, year: int | None, stance: Stance | None) -> _Reading:
    """Read one or two written years and the months after them: 2025—2027年, 2021年9月."""
    numbers = [parse_numeral(written) for written in _YEAR_NUMBER.findall(words)]
    years = [int(number.value) for number in numbers if number]
    if not years:
        return False, None
    if len(years) > 1:
        return True, _span(years[0], years[-1])
    return True, _since(years[0], year) if "以来" in words else _in_year(words, years[0])


_YEAR_NUMBER = re.compile(rf"(?<!\d)(?:19|20)\d\d(?!\d)|[一二][{_CHINESE_DIGIT}]{{3}}(?=年)")


def _read_length(words: str, year: int | None, stance: Stance | None) -> _Reading:
    """Read a number of years, back from the last full year or ahead from the one planned for."""
    found = re.search(rf"({_COUNT})年", words)
    number = parse_numeral(found[1]) if found else None
    if not found or number is None:
        return False, None
    if year is None:
        return True, None
    count = int(number.value)
    last = year if stance == "review" else year - 1
    if words.endswith("年前"):
        return True, str(last - count)
    if words[0] in "前这":  # the first three of which years, only another sentence knows
        return True, None
    ahead = any(word in words for word in load_toml(_LEXICON)["length"]["ahead"])
    if ahead or (words.endswith("内") and stance != "review"):
        return True, _span(last + 1, last + count)
    return True, _span(last - count + 1, last)


def _read_event(words: str, year: int | None, stance: Stance | None) -> _Reading:
    """Read 改革开放以来; the year of an event that is not in the lexicon is not known."""
    for event, start in load_toml(_LEXICON)["eras"].items():
        if event in words and words.endswith("以来"):
            return True, _since(start, year)
    return False, None


def _read_deictic(words: str, year: int | None, stance: Stance | None) -> _Reading:
    """Read words that count from the section's year: 今年, 去年1月底, 去年以来."""
    side = "review" if stance == "review" else "plan"
    for word, offsets in load_toml(_LEXICON)["deictic"].items():
        if words.startswith(word):
            if year is None:
                return True, None
            named = year + offsets[side]
            return True, _since(named, year) if words.endswith("以来") else _in_year(words, named)
    return False, None


def _read_within_year(words: str, year: int | None) -> str | None:
    """Read words for the section's own year or a part of it: 全年, 上半年, 3月末."""
    lexicon = load_toml(_LEXICON)
    known = _MONTH.search(words) or re.search(alternatives([*lexicon["parts"], *lexicon["whole"]["words"]]), words)
    return _in_year(words, year) if known and year is not None else None


_MONTH = re.compile(rf"(\d{{1,2}})(?=月|{_DASH}\d{{1,2}}月)(?:月份?)?(?:(\d{{1,2}})日)?")
_LAST_DAY = re.compile(r"、(\d{1,2})日$")


def _in_year(words: str, year: int) -> str:
    """Narrow ``year`` down to the months or days that the words name."""
    parts: dict[str, tuple[int, int]] = load_toml(_LEXICON)["parts"]
    part = re.search(alternatives(parts), words)
    if part:
        first, last = parts[part[0]]
        return f"{year}-{first:02}/{year}-{last:02}"
    points = [
        f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
        for month, day in _MONTH.findall(words)
        if 1 <= int(month) <= 12
    ]
    if not points:
        return str(year)
    last_day = _LAST_DAY.search(words)
    if last_day:
        points.append(f"{points[-1][:7]}-{int(last_day[1]):02}")
    return points[0] if len(points) == 1 else f"{points[0]}/{points[-1]}"


@lru_cache(maxsize=1)
def _plan_number_pattern() -> re.Pattern[str]:
    plans = alternatives(load_toml(_LEXICON)["plans"])
    return re.compile(rf"(?<![{_CHINESE_DIGIT}十])(?P<quoted>{plans})五(?!年)|第(?P<counted>[一二三四五])个五年")


def _since(start: int, year: int | None) -> str | None:
    return None if year is None or year < start else _span(start, year)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}/{last}"
