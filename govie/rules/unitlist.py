"""Lists of responsible units: dividing ``A、B,C 及 D等部门`` into its units.

In a responsibility list every unit counts, enterprises and schools included, so a
unit is known by where it stands and not by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from govie.lexicon import alternatives, load_toml

__all__ = ["LONGEST_UNIT", "is_unit_list", "split_units"]

LONGEST_UNIT = 36
"""Code points in the longest name taken for a unit; what is longer is prose."""

_LONGEST_IN_CELL = 22
_SEPARATOR = re.compile(r"[、,;/\s\ufffc•·]+")
_BRACKET = re.compile(r"[(〔\[][^()〔〕\[\]]{0,40}[)〕\]]")
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
_NO_UNIT = re.compile(r"[。:!?《》“”%+]|\d{3}")
# 各州、市人民政府 and 各省、自治区、直辖市人民政府 are one unit: levels alone are no names.
_LEVELS_ALONE = re.compile(r"(?:^|、)各?(?:省|自治区|自治州|州|市|盟|县|区|旗|镇|乡)$")
_LEVEL_NEXT = re.compile(r"(?:自治区|直辖市|自治州|州|市|县|区|旗|镇|乡|街道)")


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, Any]:
    lexicon: dict[str, Any] = load_toml("roles.toml")["units"]
    return lexicon


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    words = _lexicon()
    strong, weak = alternatives(words["strong"]), alternatives(words["weak"])
    begins = r"各|有关|相关|国务院|国家|中央|省|市|区|县|团|驻"
    parts, fused = alternatives(words["parts"]), alternatives(words["fused"])
    return {
        "strong": re.compile(rf"(?:{strong}|^各.*)(?:\([^()]*\))?$"),
        "any": re.compile(rf"(?:{strong}|{weak}|^各.*)(?:\([^()]*\))?$"),
        "rest": re.compile(rf"(?:{alternatives(words['rest'])})$"),
        # Only after the end of a unit does 及 和 等 part two units: 工业和信息化部 stays whole.
        "joint": re.compile(
            rf"(?:(?<=[局委厅部办署府会院心司团班门位队联区道])|(?<=银行)|(?<=企业))(?:以及|及|和|与)(?={begins}|[\u4e00-\u9fff]{{2}})"
            r"|等(?=各|有关|相关|国务院|国家|[省市区县])"
        ),
        "fused": re.compile(rf"(?:{fused})(?=[\u4e00-\u9fff]{{3}})"),
        "fusable": re.compile(rf"(?:{fused})$"),
        "part": re.compile(rf"分|第|有限|股份|控股|.*(?:{parts})$"),
        "begins": re.compile(begins),
    }


def split_units(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return start and end of each unit in the list ``plain[start:end]``, in order.

    Separators are 、 , ; / and white space, 及 和 与 等 after the end of a unit's name, and
    the end of a name where another follows directly (区文旅局|古城发展中心).
    """
    units: list[tuple[int, int]] = []
    for piece_start, piece_end in _pieces(plain, start, end):
        for part_start, part_end in _joined(plain, piece_start, piece_end):
            units.extend(_fused(plain, part_start, part_end))
    return [unit for unit in units if _may_be_unit(plain[unit[0] : unit[1]])]


def is_unit_list(text: str, *, expected: bool = True) -> bool:
    """Return whether a line or cell holds nothing but units.

    Args:
        text: the cell.
        expected: a unit is expected here, so an ending such as 区 or 院 will do.
    """
    if len(text) > 400 or _NO_UNIT.search(text):
        return False
    units = split_units(text, 0, len(text))
    if not units or any(end - start > _LONGEST_IN_CELL for start, end in units):
        return False
    ending = _patterns()["any" if expected else "strong"]
    named = sum(bool(ending.search(text[start:end])) for start, end in units)
    return named * 2 >= len(units) and sum(end - start for start, end in units) * 2 > len(text.strip())


def _pieces(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Divide at separators outside brackets; levels alone go with what follows them."""
    shielded = [m.span() for m in _BRACKET.finditer(plain, start, end)]
    at = start
    for found in _SEPARATOR.finditer(plain, start, end):
        if any(left < found.start() < right for left, right in shielded):
            continue
        if _LEVELS_ALONE.search(plain[at : found.start()]) and _LEVEL_NEXT.match(plain, found.end()):
            continue
        yield at, found.start()
        at = found.end()
    yield at, end


def _joined(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Drop a closing 等部门 and divide at 及 和 与 等 between two units."""
    rest = _patterns()["rest"].search(plain[start:end])
    if rest:
        end = start + rest.start()
    at = start
    for joint in _patterns()["joint"].finditer(plain, start, end):
        right = plain[joint.end() : end]
        if _patterns()["any"].search(right) and not right.startswith("其"):
            yield at, joint.start()
            at = joint.end()
    yield at, end


def _fused(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Divide a run without separators where one unit's name ends and another's begins."""
    at = start
    if not plain.startswith(("国家", "中国", "人民银行"), start):
        for seam in _patterns()["fused"].finditer(plain, start, end):
            right = plain[seam.end() : end]
            whole = _patterns()["fusable"].search(right) and not _patterns()["part"].match(right)
            if seam.end() - at >= 3 and (whole or _patterns()["begins"].match(right)):
                yield at, seam.end()
                at = seam.end()
    yield at, end


def _may_be_unit(name: str) -> bool:
    return 2 <= len(name) <= LONGEST_UNIT and bool(_WORDS.search(name)) and not _NO_UNIT.search(name)
