"""Whether a figure is reported, expected of the past, or aimed at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from govie.document import Stance
from govie.lexicon import alternatives, load_toml
from govie.records import Status

__all__ = ["status_of"]

_LEXICON = "status.toml"
_CLAUSE_MARKS = ",;:。!?\n"
_WINDOW = 120
"""Code points looked at before a quantity."""


def status_of(plain: str, start: int, end: int, *, stance: Stance | None, year: int | None = None) -> Status:
    """Say whether the quantity ``plain[start:end]`` is actual, an estimate or a target.

    The A of 从A到B is actual even in a plan; what 预计 covers is an estimate, but in a plan
    a target; a year that has passed, or is still to come, settles what stands after it. All
    else is weighed: the words of the sentence and the stance of its section.

    Args:
        plain: one sentence, full-width forms made half-width.
        start: offset of the quantity.
        end: offset after it.
        stance: whether the section of the sentence looks back or plans.
        year: the year the section speaks of.
    """
    rules = _rules()
    if rules.old_level.match(plain, end) or rules.present.search(plain[max(0, start - 8) : start]):
        return "actual"
    if stance != "plan" and _is_expected(plain, start, rules):
        return "estimate"
    if year is not None:
        settled = _by_year(plain, start, year, stance, rules)
        if settled:
            return settled
    if _leaning(plain) + rules.prior[stance or "unknown"] > 0:
        return "target"
    return "target" if rules.ahead.search(plain, max(0, start - _WINDOW), start) else "actual"


@dataclass(frozen=True, slots=True)
class _Rules:
    """``lexicon/status.toml`` as patterns and weights."""

    prior: dict[str, int]
    cues: dict[str, int]
    numerals: tuple[tuple[re.Pattern[str], int], ...]
    old_level: re.Pattern[str]
    present: re.Pattern[str]
    ahead: re.Pattern[str]
    year: re.Pattern[str]
    expected: tuple[str, ...]
    expected_opener: re.Pattern[str]
    carried: re.Pattern[str]
    expected_end: re.Pattern[str]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = load_toml(_LEXICON)
    estimate, step = data["estimate"], data["step"]
    decimal = re.compile(r"(?<![A-Za-z\d.])\d+\.\d+(?![\d.]*版)")
    open_ended = re.compile(r"[\d十百千万亿][余多](?![元样种彩])")
    return _Rules(
        prior=data["prior"],
        cues=data["cues"],
        numerals=((decimal, data["numerals"]["decimal"]), (open_ended, data["numerals"]["open_ended"])),
        old_level=re.compile(
            rf"""
            [^,;:。、\d]{{0,8}}                                  # the unit
            (?: [、和] \s? [\d.]+ [^,;:。、\d]{{0,4}} ){{0,4}}    # 从148.5元、205元提高到
            ,? (?: {alternatives(step["verbs"])} ) (?: {alternatives(step["goals"])} )
            """,
            re.X,
        ),
        present=re.compile(rf"(?:{alternatives(data['present']['words'])})(?:近|约|超)?$"),
        ahead=re.compile(alternatives(data["ahead"]["words"])),
        year=re.compile(
            rf"(?:^|[,;:。]|{alternatives(data['year']['after'])})\s?((?:19|20)\d\d)年(?!{alternatives(data['year']['not_before'])})"
        ),
        expected=tuple(estimate["words"]),
        expected_opener=re.compile(
            rf"(?:[^,;:。]{{0,10}},)?(?:{alternatives(estimate['openers'])})?(?:{alternatives(estimate['words'])})"
        ),
        carried=re.compile(alternatives(estimate["carried"])),
        expected_end=re.compile(alternatives(estimate["ended_by"])),
    )


@lru_cache(maxsize=64)
def _leaning(plain: str) -> int:
    """Return how much the words of the sentence speak for a target."""
    rules = _rules()
    words = sum(weight for cue, weight in rules.cues.items() if cue in plain)
    return words + sum(weight for numeral, weight in rules.numerals if numeral.search(plain))


def _clause_start(plain: str, offset: int) -> int:
    low = max(0, offset - _WINDOW)
    return max(low, *(plain.rfind(mark, low, offset) + 1 for mark in _CLAUSE_MARKS))


def _is_expected(plain: str, start: int, rules: _Rules) -> bool:
    """Say whether 预计 covers the quantity: in its own clause, in one that goes on about it, or in all if it opens."""
    said = max(plain.rfind(word, max(0, start - _WINDOW), start) for word in rules.expected)
    if said < 0:
        return False
    clause = _clause_start(plain, start)
    if said >= clause or rules.carried.match(plain, clause):
        return True
    opens = rules.expected_opener.match(plain)
    return opens is not None and not rules.expected_end.search(plain, clause, start)


def _by_year(plain: str, start: int, year: int, stance: Stance | None, rules: _Rules) -> Status | None:
    """Judge by the last year named before the quantity, unless a change is only counted from it."""
    named = [int(found[1]) for found in rules.year.finditer(plain, max(0, start - _WINDOW), start)]
    if not named:
        return None
    if named[-1] > year:
        return "target"
    return "actual" if named[-1] < year and stance != "review" else None
