"""Which province, city and county a text speaks for, by the names that stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from govie.document import Region
from govie.lexicon import load_table

__all__ = ["NATION", "commonest_region", "named_region"]

NATION = Region()
"""The whole country: a region with no level set."""

_MUNICIPALITIES = frozenset({"北京市", "天津市", "上海市", "重庆市"})
_LONGEST_NAME = 12
_FEWEST_MENTIONS = 2
_SUFFIX = re.compile(r"[省市区县州盟旗]")
_UNLISTED_COUNTY = re.compile(
    r"""
    (?<!自) (?!自治区) [^\W\d_a-zA-Z年月日省市区县旗州全我本各该在]{1,3}?
    (?: (?:[^\W\d_a-zA-Z]{1,6}族)? 自治县 | 新区 | [县区旗市] )
    (?= 人民 | 政府 | 第 | 管 | 代?(?:区长|县长|市长) | [0-9]{4}年 | $ )
    """,
    re.X,
)
_AFTER_SHORT = re.compile(r"(?=政府|人民政府|省|市|第[一二三四五六七八九十])")


class _Unit(NamedTuple):
    region: Region
    short: str

    @property
    def name(self) -> str:
        """The unit's own full name."""
        return self.region.county or self.region.city or self.region.province or ""

    @property
    def parent(self) -> str | None:
        """The name of the level above, None for a province."""
        region = self.region
        return (region.city or region.province) if region.county else region.province if region.city else None


class _Found(NamedTuple):
    start: int
    end: int
    name: str


@lru_cache(maxsize=1)
def _units() -> dict[str, tuple[_Unit, ...]]:
    """Map each full name to the units that bear it."""
    units: dict[str, tuple[_Unit, ...]] = {}
    for row in load_table("regions.tsv"):
        region = Region(row["province"], row["city"] or None, row["county"] or None)
        unit = _Unit(region, row["short"])
        units[unit.name] = (*units.get(unit.name, ()), unit)
    return units


@lru_cache(maxsize=1)
def _short_names() -> dict[str, str]:
    """Map the short names of provinces and cities to full names; a province goes before a city."""
    listed = [(unit.short, name) for name, units in _units().items() for unit in units if not unit.region.county]
    return dict(reversed(listed))


def _full_names(text: str) -> Iterator[_Found]:
    """Yield the listed full names in ``text``, the longest that ends at each place."""
    units = _units()
    for suffix in _SUFFIX.finditer(text):
        end = suffix.end()
        for start in range(max(0, end - _LONGEST_NAME), end - 1):
            if text[start:end] in units:
                yield _Found(start, end, text[start:end])
                break


def named_region(name: str, text: str) -> Region | None:
    """Return the region that a title, an organ's name or a delivery line speaks of.

    Args:
        name: a few words, such as 沈阳市沈河区人民政府 or 2025年广西政府工作报告.
        text: the whole document; among several places of the same name it shows which is meant.
    """
    found = list(_full_names(name))
    region = _finest(found, text)
    county = _unlisted(name, found)
    if county and (region is None or region.county is None):
        return Region(region.province, region.city, county) if region else _with_parent(county, text)
    return region or _by_short_name(name)


def _finest(found: list[_Found], text: str) -> Region | None:
    """Return the finest of the units found, told apart by the others and by the text."""
    best: Region | None = None
    for _, _, name in found:
        unit = _choose(_units()[name], {other.name for other in found}, text)
        if unit and (best is None or _depth(unit) > _depth(best)):
            best = unit
    return best


def _choose(units: tuple[_Unit, ...], beside: set[str], text: str) -> Region | None:
    for unit in units:
        if unit.parent is None or beside & {unit.parent, unit.region.province}:
            return unit.region
    counts = [text.count(_units()[unit.parent or ""][0].short) for unit in units]
    best = max(range(len(units)), key=counts.__getitem__)
    region = units[best].region
    if counts[best] or (len(units) == 1 and not (region.county or "").endswith("区")):
        return region
    return Region(county=region.county) if region.county else region


def _depth(region: Region) -> int:
    return 3 if region.county else 2 if region.city else 1


def _unlisted(name: str, found: list[_Found]) -> str | None:
    """Return a county that is not listed: it follows a listed city or province, or stands before its organ."""
    start = max((unit.end for unit in found), default=0)
    match = _UNLISTED_COUNTY.match(name, start) if found else _UNLISTED_COUNTY.search(name[-16:])
    return match.group() if match and len(match.group()) > 1 else None


def _with_parent(county: str, text: str) -> Region:
    """Return a county with the listed city or province that stands right before it in ``text``."""
    for match in re.finditer(re.escape(county), text[:200_000]):
        before = list(_full_names(text[max(0, match.start() - _LONGEST_NAME) : match.start()]))
        if before and before[-1].end == min(match.start(), _LONGEST_NAME):
            parent = _finest(before[-1:], text)
            if parent and parent.county is None:
                return Region(parent.province, parent.city, county)
    return Region(county=county)


def _by_short_name(name: str) -> Region | None:
    """Return the province or city whose short name stands before 政府 or 第N届 (2025年广西政府工作报告)."""
    shorts = _short_names()
    for match in _AFTER_SHORT.finditer(name):
        for length in (3, 2):
            full = shorts.get(name[max(0, match.start() - length) : match.start()])
            if full:
                return _units()[full][0].region
    return None


def commonest_region(text: str, level: str) -> Region | None:
    """Return the region of a level that ``text`` names most often, None if it names none.

    A county is looked for in the city that the text names most often.

    Args:
        text: normalised text of a document.
        level: ``"province"``, ``"city"`` or ``"county"``.
    """
    best = _commonest(text, "city" if level == "county" else level)
    if best is None or level != "county":
        return best
    inside = [
        unit
        for unit in _all_units()
        if unit.region.county and (unit.region.province, unit.region.city) == (best.province, best.city)
    ]
    return _most_named(text, inside)


def _commonest(text: str, level: str) -> Region | None:
    return _most_named(text, [unit for unit in _all_units() if level in _levels(unit.region)])


def _most_named(text: str, units: Iterable[_Unit]) -> Region | None:
    """Return the region whose names occur most often; a full name weighs more than a short one."""
    counted = ((text.count(unit.short) + 4 * text.count(unit.name), unit.region) for unit in units)
    count, region = max(counted, key=itemgetter(0), default=(0, None))
    return region if count >= _FEWEST_MENTIONS else None


def _all_units() -> Iterator[_Unit]:
    return (unit for units in _units().values() for unit in units)


def _levels(region: Region) -> tuple[str, ...]:
    """Return the levels at which a unit speaks for itself: a municipality is a province and a city."""
    if region.county:
        return ("county",)
    if region.city:
        return ("city",)
    return ("province", "city") if region.province in _MUNICIPALITIES else ("province",)
