"""Years as headings name them: 2021年, 二〇二一年, “十四五”时期."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Years", "years_in"]

_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "O": "0"}
_ORDINALS = "一二三四五六七八九十"

_YEARS = re.compile(
    r"""
      (?<!\d) (?P<year> (?:19|20)\d\d ) (?: [-—–~至] (?P<last> (?:19|20)\d\d ) )? \s*年
    | (?P<written> [一二][九〇零○O][〇零○O一二三四五六七八九]{2} ) 年
    | (?P<quote> “ )? (?P<plan> 十?[一二三四五六七八九]|十 ) 五
      (?(quote) ” | (?= 时期|规划|期间|计划|以来|末 ) )
    | 第 (?P<nth> 十?[一二三四五六七八九]|十 ) 个五年(?:规划|计划)
    """,
    re.X,
)


class Years(NamedTuple):
    """A run of years, both ends included; a single year has ``first == last``."""

    first: int
    last: int


def years_in(text: str) -> list[Years]:
    """Return the years and five-year plans that normalised ``text`` names, in order.

    A five-year plan counts from 1951: the 十四五 is the fourteenth, 1951 + 14 × 5 = 2021 to 2025. (The first two
    plans ran 1953 to 1957 and 1958 to 1962 and are returned so.)
    """
    return [_years(match) for match in _YEARS.finditer(text)]


def _years(match: re.Match[str]) -> Years:
    if year := match["year"]:
        return Years(int(year), int(match["last"] or year))
    if written := match["written"]:
        year = int("".join(_DIGITS.get(char, char) for char in written))
        return Years(year, year)
    number = _ordinal(match["plan"] or match["nth"])
    first = {1: 1953, 2: 1958}.get(number, 1951 + 5 * number)
    return Years(first, first + 4)


def _ordinal(written: str) -> int:
    tens = 10 if written.startswith("十") else 0
    rest = written.removeprefix("十")
    return tens + (_ORDINALS.index(rest) + 1 if rest else 0)
