"""Whether a figure is reported, expected of the past, or aimed at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from govie.document import Stance
from govie.lexicon import load_toml
from govie.records import Status

__all__ = ["status_of"]

_LEXICON = "status.toml"
_CLAUSE_MARK = re.compile(r"[,;:。!?\n]")
_WINDOW = 100
"""Code points looked at before a quantity."""


def status_of(plain: str, start: int, end: int, *, stance: Stance | None) -> Status:
    """Say whether the quantity ``plain[start:end]`` is actual, an estimate or a target.

    The words of the sentence and the stance of its section are weighed against each other;
    before that, the A of 从A到B is actual even in a plan, and what 预计 covers in a review is an
    estimate.

    Args:
        plain: one sentence, full-width forms made half-width.
        start: offset of the quantity.
        end: offset after it.
        stance: whether the section of the sentence looks back or plans.
    """
    rules = _rules()
    if rules.old_level.match(plain, end):
        return "actual"
    leaning = _leaning(plain) + rules.prior[stance or "unknown"]
    if stance != "plan" and _is_expected(plain, start, rules):
        return "estimate"
    if leaning <= 0 and rules.ahead.search(plain, _clause_start(plain, start), start):
        return "target"
    return "target" if leaning > 0 else "actual"


@dataclass(frozen=True, slots=True)
class _Rules:
    """``lexicon/status.toml`` as patterns and weights."""

    prior: dict[str, int]
    cues: dict[str, int]
    cue: re.Pattern[str]
    numerals: tuple[tuple[re.Pattern[str], int], ...]
    old_level: re.Pattern[str]
    ahead: re.Pattern[str]
    expected: re.Pattern[str]
    expected_opener: re.Pattern[str]
    carried: re.Pattern[str]
    expected_end: re.Pattern[str]


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = load_toml(_LEXICON)
    estimate, step = data["estimate"], data["step"]
    decimal = re.compile(r"(?<![A-Za-z\d.])\d+\.\d+(?![\d.]*版)")
    open_ended = re.compile(r"[\d十百千万亿][余多](?![元样种彩])")
    return _Rules(
        prior=data["prior"],
        cues=data["cues"],
        cue=re.compile(_any(data["cues"])),
        numerals=((decimal, data["numerals"]["decimal"]), (open_ended, data["numerals"]["open_ended"])),
        old_level=re.compile(
            rf"""
            [^,;:。、\d]{{0,8}}                        # the unit
            (?: [、和] \s? [\d.]+ [^,;:。、\d]{{0,4}} ){{0,4}}  # 从157.5元、210元提高到
            ,? (?: {_any(step["verbs"])} ) (?: {_any(step["goals"])} )
            """,
            re.X,
        ),
        ahead=re.compile(_any(data["ahead"]["words"])),
        expected=re.compile(_any(estimate["words"])),
        expected_opener=re.compile(rf"(?:{_any(estimate['openers'])})*"),
        carried=re.compile(_any(estimate["carried"])),
        expected_end=re.compile(_any(estimate["ended_by"])),
    )


@lru_cache(maxsize=64)
def _leaning(plain: str) -> int:
    """Return how much the words of the sentence speak for a target."""
    rules = _rules()
    words = sum(rules.cues[cue] for cue in set(rules.cue.findall(plain)))
    return words + sum(weight for numeral, weight in rules.numerals if numeral.search(plain))


def _clause_start(plain: str, offset: int) -> int:
    low = max(0, offset - _WINDOW)
    marks = [mark.end() for mark in _CLAUSE_MARK.finditer(plain, low, offset)]
    return marks[-1] if marks else low


def _is_expected(plain: str, start: int, rules: _Rules) -> bool:
    """Say whether 预计 covers the quantity: in its own clause, in one that goes on about it, or in all if it opens."""
    said = [found.start() for found in rules.expected.finditer(plain, 0, start)]
    if not said:
        return False
    clause = _clause_start(plain, start)
    if said[-1] >= clause or rules.carried.match(plain, clause):
        return True
    return bool(rules.expected_opener.fullmatch(plain, 0, said[0])) and not rules.expected_end.search(plain, clause, start)
