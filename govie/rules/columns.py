"""The columns of a task table, known by their headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from govie.lexicon import alternatives, load_toml
from govie.rules.duties import first_unit_leads
from govie.tags import RoleLabel

__all__ = ["ROLE_KINDS", "ColumnKind", "column_kind", "column_roles", "is_header"]

ColumnKind = Literal["number", "skip", "time", "first", "lead", "support", "plain", "text", "other"]
ROLE_KINDS = frozenset(("first", "lead", "support", "plain"))

_LONGEST_HEADER = 40
_LONGEST_WITHOUT_BRACKETS = 14
_SPACE = re.compile(r"\s+")
_BRACKETS = re.compile(r"[(〔\[].*")
_PROSE = re.compile(r"[,。;:!?]|^(?:[(]?[一二三四五六七八九十\d]+[、.)])")
# 牵头 alone is a header, 协同配合机制 is none: a longer one says that it means units.
_OF_UNITS = re.compile(r"单位|部门|主体|机构|科室|处室|^.{2,4}$")
_ORDER: tuple[ColumnKind, ...] = ("number", "skip", "time", "lead", "support", "plain", "text")


@lru_cache(maxsize=1)
def _headers() -> dict[ColumnKind, re.Pattern[str]]:
    words = load_toml("roles.toml")["columns"]
    return {kind: re.compile(alternatives(words[kind])) for kind in _ORDER}


def column_kind(header: str) -> ColumnKind:
    """Return what a column holds, ``other`` if its header does not say.

    ``first`` is a column of units of which the first leads: 责任单位(排首位的为牵头单位),
    牵头及责任单位.
    """
    if len(header) > _LONGEST_HEADER:
        return "other"
    text = _SPACE.sub("", header)
    words = _BRACKETS.sub("", text)
    if not words or len(words) > _LONGEST_WITHOUT_BRACKETS or _PROSE.search(words):
        return "other"
    headers = _headers()
    kind: ColumnKind = next((kind for kind in _ORDER if headers[kind].search(words)), "other")
    if kind in ("lead", "support") and not _OF_UNITS.search(words):
        return "other"
    both = kind == "lead" and headers["plain"].search(words.replace("牵头责任", ""))
    return "first" if both or (kind in ROLE_KINDS and first_unit_leads(text)) else kind


def is_header(kinds: Sequence[ColumnKind]) -> bool:
    """Return whether these kinds make the header of a task table: units, and tasks or numbers, in several columns."""
    return bool(ROLE_KINDS.intersection(kinds)) and bool({"text", "number"}.intersection(kinds))


def column_roles(kinds: Sequence[ColumnKind], *, first_leads: bool) -> dict[int, tuple[RoleLabel, RoleLabel]]:
    """Return for each column of units the role of its first unit and of the rest.

    A 责任单位 column supports beside a 牵头单位 column and leads without one.
    """
    led = "lead" in kinds or "first" in kinds
    roles: dict[int, tuple[RoleLabel, RoleLabel]] = {}
    for at, kind in enumerate(kinds):
        if kind == "lead":
            roles[at] = ("lead", "lead")
        elif kind == "support" or (kind == "plain" and led):
            roles[at] = ("support", "support")
        elif kind == "first" or (kind == "plain" and first_leads):
            roles[at] = ("lead", "support")
        elif kind == "plain":
            roles[at] = ("lead", "lead")
    return roles
