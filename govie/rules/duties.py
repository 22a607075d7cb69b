"""Responsibility clauses: who leads and who takes part, said by label or by verb.

By label: ``(责任单位:A、B)``, ``主办:A,协办:B``, ``牵头单位:A 责任单位:B``. By verb, in
brackets: ``(A牵头,B及C按职责分工负责)``, ``〔A牵头,B配合〕``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from govie.lexicon import alternatives, load_toml
from govie.rules.unitlist import is_unit_list, split_units
from govie.tags import RoleLabel

__all__ = ["Duty", "Unit", "find_duties", "first_unit_leads", "listed_units"]

_LONGEST_LIST = 1_000
_LONGEST_LOOK_BACK = 400
_OPENING, _CLOSING = "([〔【", ")]〕】"
_GATE = re.compile(r"牵头|主办|责任|负责|协办|配合|承办|参[与加]|单位|部门|落实|实施|协助")
_STOP = re.compile(r"[()\[\]〔〕【】。!?;\n]")
_PART = re.compile(r"[^,;。]+")
_WITH = re.compile(r"会同")
_MARKED_LEADER = re.compile(r"\((?:牵头|主办|主责)[^()]{0,4}\)$")
_CALLED = re.compile(r"[\s,;]*(?:由|请)?")
_BARE_LIST = re.compile(
    r"""(?<=[。;])[ ]?[(〔\[]
        (?P<units> [^()〔〕\[\]。:;,\n\d]{3,120} (?: \([^()\n]{1,10}\) [^()。:;,\n\d]{0,60} )? )
        [)〕\]][ ]*(?=\n|$)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its role in one clause."""

    start: int
    end: int
    role: RoleLabel


@dataclass(frozen=True, slots=True)
class Duty:
    """One responsibility clause; ``start`` and ``end`` take in label and brackets."""

    start: int
    end: int
    units: tuple[Unit, ...]


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    words = load_toml("roles.toml")
    labels, verbs, first = words["labels"], words["verbs"], words["first"]
    kinds = {kind: alternatives(labels[kind]) for kind in ("lead", "plain", "support")}
    named = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in sorted(kinds.items(), key=lambda item: item[0]))
    manners = alternatives(verbs["manners"])
    acts = "|".join(f"(?P<{kind}>{alternatives(verbs[kind])})" for kind in ("lead", "support", "plain"))
    every_act = alternatives([*verbs["lead"], *verbs["support"], *verbs["plain"]])
    return {
        "label": re.compile(
            rf"(?:(?<![\u4e00-\u9fff])|(?<=[局委办部厅府院会司心]))(?:{named})(?:\([^()]{{0,12}}\))?[ ]?:[ ]?\n?"
        ),
        "any_label": re.compile(r"[,;。 \n]?[ ]*(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,8}[ ]?:"),
        "act": re.compile(rf"(?P<manner>(?:{manners})*)(?:{acts})(?:{every_act}|组织)*$"),
        "bracketed": re.compile(rf"(?:{every_act})[ ]?[)〕\]】]"),
        "first": re.compile(
            rf"(?:{alternatives(first['words'])})[^。\n]{{0,12}}(?:{alternatives(first['roles'])})"
            rf"|(?:{alternatives(first['roles'])})[^。\n]{{0,6}}(?:{alternatives(first['words'])})"
        ),
    }


def first_unit_leads(plain: str) -> bool:
    """Return whether the document says that the first unit of a responsibility list leads."""
    return _patterns()["first"].search(plain) is not None


def find_duties(plain: str, *, first_leads: bool = False) -> list[Duty]:
    """Return the responsibility clauses of a text, in order.

    Args:
        plain: a sentence or a whole document, half-width.
        first_leads: the document says so (:func:`first_unit_leads`); then only the
            first unit of a plain 责任单位 list leads, the others support.
    """
    duties: list[Duty] = []
    if _GATE.search(plain):
        _add(duties, _labelled(plain, first_leads))
        _add(duties, _bracketed(plain))
    if ")" in plain or "〕" in plain or "]" in plain:
        _add(duties, _unlabelled(plain, first_leads))
    return sorted(duties, key=lambda duty: duty.start)


def _add(duties: list[Duty], found: Iterator[Duty]) -> None:
    """Add those that overlap none of the duties there."""
    taken = [(duty.start, duty.end) for duty in duties]
    duties += [duty for duty in found if not any(start < duty.end and duty.start < end for start, end in taken)]


def _unlabelled(plain: str, first_leads: bool) -> Iterator[Duty]:
    """Yield bare lists of units in brackets that close a line: ``…5个。(市城管局、各县(市、区)政府)``."""
    for found in _BARE_LIST.finditer(plain):
        if is_unit_list(found["units"], expected=False):
            roles = _list_roles("plain", False, first_leads)
            yield Duty(found.start(), found.end(), tuple(listed_units(plain, *found.span("units"), roles)))


def _labelled(plain: str, first_leads: bool) -> Iterator[Duty]:
    """Yield clauses made of labels and lists; neighbouring lists form one clause."""
    group: list[tuple[str, int, int, int]] = []
    for label in _patterns()["label"].finditer(plain):
        if group and label.start() < group[-1][3]:
            continue
        if group and plain[group[-1][3] : label.start()].strip(" ,;\n"):
            yield _labelled_duty(plain, group, first_leads)
            group = []
        group.append((str(label.lastgroup), label.start(), label.end(), _list_end(plain, label.end())))
    if group:
        yield _labelled_duty(plain, group, first_leads)


def _list_end(plain: str, start: int) -> int:
    """Return where the list that begins at ``start`` ends: before a stop, a label, or the bracket around it closes."""
    limit = min(len(plain), start + _LONGEST_LIST)
    label = _patterns()["any_label"].search(plain, start, limit)
    limit = label.start() if label else limit
    depth = 0
    for stop in _STOP.finditer(plain, start, limit):
        mark = stop.group()
        depth += (mark in _OPENING) - (mark in _CLOSING)
        if depth < 0 or mark in "。!?\n":
            return stop.start()
    return limit


def _labelled_duty(plain: str, group: list[tuple[str, int, int, int]], first_leads: bool) -> Duty:
    start, end = group[0][1], group[-1][3]
    closes = plain[end : end + 1] != "" and plain[end] in _CLOSING
    opens = _opening_before(plain, start)
    # A list that closes a bracket opened before this text goes on from a leader named there.
    led = any(kind == "lead" for kind, *_ in group) or (closes and opens is None)
    units = [
        unit
        for kind, _, left, right in group
        for unit in listed_units(plain, left, right, _list_roles(kind, led, first_leads))
    ]
    if opens is not None and not plain[opens + 1 : start].strip():
        start = opens
    return Duty(start, end + closes, tuple(units))


def _opening_before(plain: str, start: int) -> int | None:
    """Return where the bracket still open at ``start`` opens, None if none is open on this line."""
    least = max(0, start - _LONGEST_LOOK_BACK)
    if max(plain.rfind(mark, least, start) for mark in _OPENING) < 0:
        return None
    depth = 0
    for at in range(start - 1, least - 1, -1):
        if plain[at] == "\n":
            return None
        depth += (plain[at] in _CLOSING) - (plain[at] in _OPENING)
        if depth < 0:
            return at
    return None


def _list_roles(kind: str, led: bool, first_leads: bool) -> tuple[RoleLabel, RoleLabel]:
    """Return the roles of the first unit and of the rest in a list with a label of this kind."""
    if kind == "support" or (kind == "plain" and led):
        return "support", "support"
    return "lead", "support" if kind == "plain" and first_leads else "lead"


def listed_units(plain: str, start: int, end: int, roles: tuple[RoleLabel, RoleLabel]) -> list[Unit]:
    """Return the units of the list ``plain[start:end]``, with the given roles for the first and the rest.

    A role said inside the list goes before: ``A牵头,B配合``, ``A(牵头)、B``.
    """
    acting = _acting_units(plain, start, end, led=roles[0] == "support")
    if acting:
        return acting
    units = split_units(plain, start, end)
    marks = [_MARKED_LEADER.search(plain, *unit) for unit in units]
    if any(marks):
        return [
            Unit(unit[0], mark.start() if mark else unit[1], "lead" if mark else "support")
            for unit, mark in zip(units, marks, strict=True)
        ]
    return [Unit(*unit, roles[1] if at else roles[0]) for at, unit in enumerate(units)]


def _bracketed(plain: str) -> Iterator[Duty]:
    """Yield clauses in brackets whose last word is a verb of responsibility."""
    for close in _patterns()["bracketed"].finditer(plain):
        opens = _opening_before(plain, close.end() - 1)
        starts_outside = opens is None and _only_clause(plain, close.end() - 1)
        if opens is None and not starts_outside:
            continue
        start = 0 if opens is None else opens + 1
        units = _acting_units(plain, start, close.end() - 1, led=starts_outside)
        if units:
            yield Duty(start if opens is None else opens, close.end(), tuple(units))


def _only_clause(plain: str, end: int) -> bool:
    """Return whether the text up to ``end`` is the rest of a bracket that the sentence before has opened."""
    return end <= _LONGEST_LIST and not re.search(r"[。\n]", plain[:end].strip())


def _acting_units(plain: str, start: int, end: int, *, led: bool) -> list[Unit]:
    """Return the units of ``A牵头,B、C配合``; nothing if what stands before a verb is no list of units."""
    units: list[Unit] = []
    at = start
    for part in _PART.finditer(plain, start, end):
        act = _patterns()["act"].search(plain, part.start(), part.end())
        if act is None:
            continue
        at = _CALLED.match(plain, at, act.start()).end()  # type: ignore[union-attr]
        if not is_unit_list(_WITH.sub("、", plain[at : act.start()])):
            return []
        role = _acting_role(act, led or any(unit.role == "lead" for unit in units))
        together = _WITH.search(plain, at, act.start())
        seam = together.start() if together else act.start()
        units.extend(Unit(*unit, role) for unit in split_units(plain, at, seam))
        if together:
            units.extend(Unit(*unit, "support") for unit in split_units(plain, together.end(), act.start()))
        at = part.end()
    return units


def _acting_role(act: re.Match[str], led: bool) -> RoleLabel:
    if act["lead"]:
        return "lead"
    if act["support"] or led or "职责" in act["manner"] or "分工" in act["manner"]:
        return "support"
    return "lead"
