"""Find quantities: numerals that measure something, with their units.

Boundaries follow the annotation guide: a multiplier directly before the measure
word belongs to the unit (20|万套), elsewhere to the numeral (5.3万余|人, 近|2万).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from govie.lexicon import load_toml
from govie.quantity.numerals import Numeral, fold, parse_numeral
from govie.quantity.rejects import Candidate, is_quantity
from govie.quantity.units import parse_unit, unit_pattern, unit_words

__all__ = ["QuantitySpot", "find_quantities"]


@dataclass(frozen=True, slots=True)
class QuantitySpot:
    """A numeral that measures something, and the unit behind it.

    Offsets index the string searched; ``unit_start`` and ``unit_end`` are None
    where no unit follows.
    """

    start: int
    end: int
    unit_start: int | None
    unit_end: int | None
    numeral: Numeral


# Groups of a numeral: number, open1, scale, open2 and unit (余 before or after the scale: 800余|万, 5.3万|余).
_TAIL = r"(?P<open1>{open}?)(?P<scale>{scale}*)(?P<open2>{open}?)(?P<unit>[ ]?{scale}*(?:{unit}))?"
_ARABIC = r"""
    (?P<number>
        \d{{1,2}}/\d{{1,3}}(?![\d/])                            # 1/4
      | \d+(?:\.\d+)?:1(?![\d.:]) | (?<![\d.:])1:\d+(?:\.\d+)?(?![\d.:])  # 2.1:1
      | \d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?
      | \d(?:[ ]\d){{1,12}}(?!\d)(?=[ ]?(?:{scale}|{unit}))           # 8 5 %: digits set apart by a scan
      | \d+(?:\.\d+)? (?:{scale}+(?:\d[百千]+|\d{{1,4}}(?=万)))*  # 2万5千|公里
    )
"""
_CHINESE = r"""
    (?P<number> {chinese}分之(?:{chinese}|\d+(?:\.\d+)?) | 一半 | 半数 | {lead}?{chinese} )
"""


_NOTABLE = re.compile(r"[万亿分半零./:]")  # in numbers that may be quantities without a unit
_RANKED = ("第", "前", ":")
_MINUS = re.compile(r"[一-龥][-−]\Z")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Where a numeral may start, an Arabic numeral, a Chinese one, the dash of a range.

    ``goes_on`` holds the characters after which a bare number may still be part of a quantity:
    those of ranges, ratios, lists and medals.
    """

    start: re.Pattern[str]
    arabic: re.Pattern[str]
    chinese: re.Pattern[str]
    dash: re.Pattern[str]
    goes_on: frozenset[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    data = load_toml("numerals.toml")
    digits = "".join(data["digits"])
    small = "".join((*data["tens"], *(sign for sign, power in data["scales"].items() if power < 4)))
    # 百 and 千 are no scales where they begin a unit: 八十万|千瓦
    thousand = r"[百千](?![瓦米克伏卡])"
    # 三百1十: a lone Arabic digit may stand before a scale
    part = rf"(?:{thousand}|[{digits}{small.replace('百', '').replace('千', '')}]|\d(?=[十百千]))+"
    company = (
        "".join({word[0] for word in unit_words()} | set(digits + small) | set(data["open"]["marks"])) + "万亿分点半"
    )
    pieces = {
        "unit": unit_pattern(),
        "open": rf"[{''.join(data['open']['marks'])}]",
        "lead": rf"[{''.join(data['open']['leads'])}]",
        "chinese": rf"(?:{part}(?:[万亿]+{part})*|[万亿])(?:点[{digits}]+)?",
        "scale": rf"(?:[万亿]|{thousand})",
    }
    dashes = "".join(map(re.escape, data["ranges"]["dashes"]))
    return _Patterns(
        # a lone Chinese numeral starts nothing unless it is a rank, a half, a zero or has company
        start=re.compile(
            rf"[0-9{digits}{small}万亿数几半](?:(?<=[0-9零半万亿])|(?<=[第前].)|(?=[{re.escape(company)}]))"
        ),
        arabic=re.compile((_ARABIC + _TAIL).format(**pieces), re.X | re.A),
        chinese=re.compile((_CHINESE + _TAIL).format(**pieces | {"scale": "[万亿]"}), re.X | re.A),
        dash=re.compile(rf"[ ]?[{dashes}]{{1,2}}[ ]?(?:百分之)?"),
        goes_on=frozenset((*data["ranges"]["dashes"], *" :、和及金银铜")),
    )


def find_quantities(plain: str) -> list[QuantitySpot]:
    """Find the quantities of a text.

    Args:
        plain: any text, half- or full-width.

    Returns:
        The quantities in order, none overlapping another.
    """
    text = fold(plain)
    start = _patterns().start
    spots: list[QuantitySpot] = []
    found = start.search(text)
    while found:
        candidate, after = _read(text, found.start())
        spot = _spot(candidate) if candidate and is_quantity(candidate) else None
        if spot:
            spots.append(spot)
        found = start.search(text, after)
    return spots


def _read(text: str, start: int) -> tuple[Candidate | None, int]:
    """Read the numeral or range that starts here; return it and where to go on."""
    patterns = _patterns()
    pattern = patterns.arabic if text[start].isdigit() else patterns.chinese
    first = pattern.match(text, start)
    if not first:
        return None, start + 1
    if _is_label(text, first):
        return None, first.end()
    last = first
    if text[start - 1 : start] not in ("从", "由", "自"):  # 从5%到6% names two levels, not a range
        dash = patterns.dash.match(text, first.end())
        second = pattern.match(text, dash.end()) if dash else None
        if second and _same_unit(first, second):
            last = second
    return _candidate(text, start - _is_negative(text, start, last["unit"]), last), last.end()


def _is_label(text: str, found: re.Match[str]) -> bool:
    """Tell at once that a bare number is part of a date, name or list number, as most are."""
    end = found.end()
    if end != found.end("number") or _NOTABLE.search(found["number"]):
        return False
    return text[found.start() - 1 : found.start()] not in _RANKED and text[end : end + 1] not in _patterns().goes_on


def _is_negative(text: str, start: int, unit: str | None) -> bool:
    """Tell whether the dash before a share is a minus: 增速由|-2.1%, unlike 2%|-3%."""
    return unit in ("%", "‰", "个百分点") and bool(_MINUS.search(text, max(0, start - 2), start))


def _same_unit(first: re.Match[str], second: re.Match[str]) -> bool:
    """Tell whether two numerals make a range: the first has no unit of its own, or that of the second."""
    unit, other = (first["unit"] or "").strip(), (second["unit"] or "").strip()
    return not unit or other.endswith(unit) or other.startswith(unit) or (unit == "%" and not other)


def _candidate(text: str, start: int, last: re.Match[str]) -> Candidate:
    """Divide a numeral into QUANTITY and UNIT."""
    if last["unit"] is None:
        end = last.end()
        return Candidate.of(text, start, end, end, end)
    unit_start = last.start("unit") + (text[last.start("unit")] == " ")
    if last["open1"] or last["open2"] or not last["scale"]:
        return Candidate.of(text, start, last.end("open2"), unit_start, last.end())
    return Candidate.of(text, start, last.end("number"), last.start("scale"), last.end())


def _spot(found: Candidate) -> QuantitySpot | None:
    magnitude = parse_unit(found.unit).magnitude if found.unit else Decimal(1)
    numeral = parse_numeral(found.number, magnitude)
    if numeral is None:
        return None
    unit_start, unit_end = (found.unit_start, found.unit_end) if found.unit else (None, None)
    return QuantitySpot(found.start, found.end, unit_start, unit_end, numeral)
