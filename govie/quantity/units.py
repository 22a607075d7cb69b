"""Units and measure words: how they look in text, and what multiplier they hold.

A unit is an optional multiplier (万, 亿, 千 after digits), a unit word, optional
alternatives in brackets (万套(间)) and optional divisors (微克/立方米, 元/人/月).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from govie.errors import LexiconError
from govie.lexicon import load_table, load_toml
from govie.quantity.numerals import fold, parse_numeral

__all__ = ["Unit", "UnitWord", "parse_unit", "unit_kind", "unit_pattern", "unit_word", "unit_words"]

_KINDS = frozenset(
    {
        *("money", "share", "fold", "area", "length", "volume", "mass", "energy", "power", "data"),
        *("people", "count", "span", "rank", "other"),
    }
)
_NUMERALS = frozenset(("any", "arabic", "scaled"))


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written, taken apart.

    Attributes:
        text: the unit as written, 亿元.
        magnitude: the multiplier it holds, 10**8.
        base_unit: the rest, 元; empty for a bare multiplier (3.2亿).
    """

    text: str
    magnitude: Decimal
    base_unit: str


@dataclass(frozen=True, slots=True)
class UnitWord:
    """A row of ``lexicon/units.tsv``, whose header explains the columns."""

    kind: str
    numerals: str
    not_before: str


@lru_cache(maxsize=1)
def unit_words() -> dict[str, UnitWord]:
    """Map each unit word to what is known of it.

    Raises:
        LexiconError: a unit is repeated, or a column holds a value outside its choices.
    """
    words: dict[str, UnitWord] = {}
    for row in load_table("units.tsv"):
        name = row["unit"]
        if name in words or row["kind"] not in _KINDS or row["numerals"] not in _NUMERALS:
            raise LexiconError(f"unit {name!r} is repeated, or its kind or numerals are unknown", where="units.tsv")
        words[name] = UnitWord(row["kind"], row["numerals"], row["not_before"])
    return words


@lru_cache(maxsize=1)
def unit_pattern() -> str:
    """Return the regex (verbose-safe, no named groups) of a unit without its multiplier."""
    words = unit_words()
    by_first: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=lambda word: (-len(word), word)):
        other = words[word].not_before
        by_first[word[0]].append(re.escape(word[1:]) + (f"(?![{re.escape(other)}])" if other else ""))
    # one branch for each first character, behind one look at it: most attempts fail there
    branches = "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_first.items())
    unit = rf"(?=[{re.escape(''.join(by_first))}])(?:{branches})"
    return rf"{unit}(?:[ ]?\((?:{unit})\))?(?:/[万亿]?(?:{unit}|[日月年]))*"


@lru_cache(maxsize=1)
def _magnitude() -> re.Pattern[str]:
    scales = "".join(load_toml("numerals.toml")["scales"])
    return re.compile(rf"[{scales}]+")


@lru_cache(maxsize=4096)
def unit_word(text: str) -> str:
    """Return the word that a unit is made with: 元 of 亿元/平方公里, 套 of 万套(间), empty for no unit."""
    return re.split(r"[/(]", parse_unit(text).base_unit, maxsplit=1)[0]


def unit_kind(base_unit: str) -> str | None:
    """Return the kind of a unit without multiplier (``money``, ``count``, …); of 元/亩 that of 元. None if unknown."""
    word = unit_words().get(re.split(r"[/(]", base_unit, maxsplit=1)[0].rstrip())
    return word.kind if word else None


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """Take a unit apart: 亿元 → 10**8 and 元, 千瓦 → 1 and 千瓦, 千万元 → 10**7 and 元.

    A multiplier belongs to the unit word where the two make a unit of their own
    (千克, 千米, 千瓦), and never reaches into a divisor (元/万人).

    Args:
        text: a unit as written, full- or half-width; anything else is its own base unit.
    """
    folded = re.sub(r"\s", "", fold(text))
    split = _magnitude().match(folded)
    end = split.end() if split else 0
    if end and unit_kind(folded[end - 1 :]) is not None:
        end -= 1  # the last sign belongs to the unit word: 万|千瓦
    numeral = parse_numeral(folded[:end]) if end else None
    return Unit(text, numeral.value if numeral else Decimal(1), folded[end:])
