"""AGENCY mentions: the names of state and Party organs in running text and in responsibility lists.

A name in running text is known by its ending: an ending proposes, and the longest stretch
before it that is a name wins. Names are those of the lexicon, a level with a body
(区|委宣传部), or a level, a field of work and a suffix (区|住房|城乡建设|局); a region's name
before them belongs to them. In responsibility lists every unit counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from govie.lexicon import alternatives, load_table, load_toml
from govie.rules.duties import find_duties

__all__ = ["find_agencies"]

_LEXICON = "agencies.toml"
_LONGEST_NAME = 24
_TITLE = re.compile(r"《[^《》]{0,120}》")
# The name of a sub-district is taken where its beginning is plain.
_LOCALITY = re.compile(r"(?:^|[^\u4e00-\u9fff]|[在由向与和及对经被获为从将把请给同任报按于是])([\u4e00-\u9fff]{2,3})$")


@dataclass(frozen=True, slots=True)
class _Names:
    """The lexicon, compiled.

    Attributes:
        ending: what a name may end with.
        first: characters a name may begin with that are a level by themselves.
        first_two: pairs of characters a name may begin with.
        known: names that stand as they are.
        on_duty: names that count only before one of the ``duty`` verbs.
        bodies: names that count only before one of the ``body`` words.
        local: organs of a sub-district or town, whose name stands before them.
        organ: a level with a body, or fields with a suffix.
        guards: by last character of a name, (ending, what may not follow it).
        office: an office in an organ, which makes its name the name of somebody.
        regions: names of regions.
        scopes: words before a name that mean all of its kind, longest first.
        never: words that only look like a name, and levels that belong to another word.
    """

    ending: re.Pattern[str]
    first: frozenset[str]
    first_two: frozenset[str]
    known: frozenset[str]
    on_duty: frozenset[str]
    bodies: frozenset[str]
    local: frozenset[str]
    organ: re.Pattern[str]
    duty: re.Pattern[str]
    body: re.Pattern[str]
    guards: dict[str, list[tuple[str, re.Pattern[str]]]]
    office: re.Pattern[str]
    regions: frozenset[str]
    scopes: tuple[str, ...]
    never: frozenset[str]


@lru_cache(maxsize=1)
def _names() -> _Names:
    words = load_toml(_LEXICON)
    whole = [
        *words["not_organs"],
        *words["fixed"],
        *words["collective"],
        *words["collective_on_duty"],
        *words["bare_bodies"],
        *words["local"],
    ]
    parts = [*words["levels"], *words["central_levels"], *words["fields"], *words["centre_fields"]]
    suffixes = [*words["suffixes"], *words["suffixes_with_level"], "中心"]
    return _Names(
        ending=_ending({*suffixes, *(name[-2:] for name in (*whole, *words["bodies"]))}),
        first=frozenset(word for word in words["levels"] if len(word) == 1),
        first_two=frozenset(word[:2] for word in (*whole, *parts)),
        known=frozenset((*words["fixed"], *words["collective"])),
        on_duty=frozenset(words["collective_on_duty"]),
        bodies=frozenset(words["bare_bodies"]),
        local=frozenset(words["local"]),
        organ=_organ(words),
        duty=re.compile(rf"(?:[、和及][^,。;:]{{0,12}}?)?(?:{alternatives(words['duty']['verbs'])})"),
        body=re.compile(alternatives(words["bare_before"])),
        guards=_guards(words["unless"]),
        office=_office(words["offices"]),
        regions=frozenset(name for row in load_table("regions.tsv") for name in row.values() if len(name) > 1),
        scopes=tuple(words["scopes"]),
        never=frozenset((*words["not_organs"], *words["not_levels"])),
    )


def _ending(endings: set[str]) -> re.Pattern[str]:
    """Return a pattern of the last character of an ending; endings may overlap (财政部|门)."""
    ones = {ending for ending in endings if len(ending) == 1}
    twos = {ending[-2:] for ending in endings if ending[-1] not in ones}
    last = {ending[-1] for ending in endings}
    return re.compile(rf"[{''.join(sorted(last))}](?:(?<=[{''.join(sorted(ones))}])|(?<={'|'.join(sorted(twos))}))")


def _guards(unless: dict[str, list[str]]) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    guards: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for ending, after in unless.items():
        guards.setdefault(ending[-1], []).append((ending, re.compile(alternatives(after))))
    return guards


def _office(words: dict[str, list[str]]) -> re.Pattern[str]:
    """Return the pattern of an office behind an organ: 党组 副 主任, or 长 alone (财政局长)."""
    within, ranks, names = (alternatives(words[key]) for key in ("within", "ranks", "names"))
    return re.compile(f"(?:{within})?(?:{ranks})?(?:{names})|长(?!期)")


def _organ(words: dict[str, Any]) -> re.Pattern[str]:
    """Return the pattern of an organ that is put together of lexicon words."""
    levels, fields, manners = (alternatives(words[key]) for key in ("levels", "fields", "manners"))
    suffixes, of_level = alternatives(words["suffixes"]), alternatives(words["suffixes_with_level"])
    field = rf"(?:{fields})(?:[和与]?(?:{fields})){{0,3}}(?:{manners}){{0,3}}"
    centre = rf"(?:{alternatives(words['centre_fields'])})(?:服务|管理)?中心"
    over = rf"(?:{alternatives(words['central_levels'])}|(?:{levels})(?:政府)?)"
    return re.compile(
        rf"""(?:{levels})(?:{alternatives(words["bodies"])})
           | {over}(?:{field}(?:{suffixes}|{of_level})|{centre})
           | {field}(?:{suffixes})|{centre}""",
        re.VERBOSE,
    )


def find_agencies(plain: str) -> list[tuple[int, int]]:
    """Return start and end of each AGENCY in a text, in order and without overlap.

    Args:
        plain: a sentence or a document, half-width.
    """
    duties = find_duties(plain)
    closed = [(duty.start, duty.end) for duty in duties]
    if "《" in plain:
        closed.extend(title.span() for title in _TITLE.finditer(plain))
    listed = [(unit.start, unit.end) for duty in duties for unit in duty.units]
    return sorted([*listed, *_spoken(plain, sorted(closed))])


def _spoken(plain: str, closed: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the names in running text outside the closed stretches; of two that overlap the longer stays."""
    found: list[tuple[int, int]] = []
    last, shut = 0, 0
    for ending in _names().ending.finditer(plain):
        end = ending.end()
        while last < len(closed) and closed[last][0] < end:
            shut = max(shut, closed[last][1])
            last += 1
        start = _name_start(plain, end) if end > shut else end
        if start == end or start < shut:
            continue
        while found and found[-1][0] >= start:
            found.pop()
        if not found or found[-1][1] <= start:
            found.append((start, end))
    return found


def _name_start(plain: str, end: int) -> int:
    """Return where the name that ends at ``end`` begins, region included; ``end`` if none does."""
    names = _names()
    least = max(0, end - _LONGEST_NAME)
    least = max(least, *(plain.rfind(mark, least, end) + 1 for mark in "、,。\n"))
    for start in range(least, end - 1):
        if plain[start] not in names.first and plain[start : start + 2] not in names.first_two:
            continue
        word = plain[start:end]
        if word in names.never:
            return end
        if word in names.known or names.organ.fullmatch(plain, start, end):
            return end if _is_cut(plain, start, end) else _region_start(plain, start)
        if word in names.local:
            begin = _local_start(plain, start)
            return begin if begin < start else end
        if (word in names.on_duty and names.duty.match(plain, end)) or (
            word in names.bodies and names.body.match(plain, end) and plain[start - 1 : start] not in ("届", "器")
        ):
            return start
    return end


def _is_cut(plain: str, start: int, end: int) -> bool:
    """Return whether the name is part of a longer word (城区, 政府采购), of a session (八届全国人大) or an office."""
    names = _names()
    if plain[max(0, start - 1) : start + 1] in names.never:
        return True
    if plain[start - 1 : start] == "届":
        return True
    if names.office.match(plain, end):
        return True
    guards = names.guards.get(plain[end - 1], ())
    return any(after.match(plain, end) and plain.endswith(ending, start, end) for ending, after in guards)


def _region_start(plain: str, start: int) -> int:
    """Return where the region or 各级 before an organ begins, ``start`` if there is neither."""
    regions, begin = _names().regions, start
    while size := next((n for n in (3, 2, 4, 5, 6, 7, 8) if n <= begin and plain[begin - n : begin] in regions), 0):
        begin -= size
    if begin < start:
        return begin - 2 if plain.endswith("中共", 0, begin) else begin
    return start - next((len(scope) for scope in _names().scopes if plain.endswith(scope, 0, start)), 0)


def _local_start(plain: str, start: int) -> int:
    """Return where the name of a sub-district or town before its organ begins, ``start`` if that is not plain."""
    begin = _region_start(plain, start)
    if begin < start:
        return begin
    place = _LOCALITY.search(plain, max(0, start - 4), start)
    return place.start(1) if place else start
