"""How a number binds: exactly, at least, at most, about, or as a range."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from govie.errors import LexiconError
from govie.lexicon import alternatives, load_toml
from govie.quantity.numerals import fold
from govie.quantity.spotting import QuantitySpot
from govie.records import Bound

__all__ = ["bound_of"]

_REACH = 24  # characters looked at on either side
_FAR = 16  # most characters between a word such as 不低于 and its number
_CLAUSE_END = r"(?=[,。;、)!]|\Z)"
_BRACKET = r"(?:\([^()]{0,20}\))?"


@dataclass(frozen=True, slots=True)
class _Cues:
    """A pattern for each place a word of bound may stand, and the bounds by place and word."""

    before: re.Pattern[str]
    multiplier: re.Pattern[str]
    rank: re.Pattern[str]
    far_before: re.Pattern[str]
    after: re.Pattern[str]
    shared: re.Pattern[str]
    bounds: dict[str, dict[str, Bound]]


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    data = dict(load_toml("bounds.toml"))  # a copy: what is popped stays in the lexicon
    fillers, shared = data.pop("fillers")["words"], data.pop("shared")["words"]
    bounds = {place: _by_word(groups) for place, groups in data.items()}
    word = {place: f"({alternatives(words)})" for place, words in bounds.items()}
    # a search finds the leftmost, so the longest, word that reaches the numeral
    return _Cues(
        before=re.compile(rf"{word['before']}(?:{alternatives(fillers)})?\Z"),
        multiplier=re.compile(rf"{word['before_multiplier']}\Z"),
        rank=re.compile(rf"{word['before_rank']}\Z"),
        far_before=re.compile(rf"{word['far_before']}[^,。;、\d]{{0,{_FAR}}}\Z"),
        after=re.compile(rf"{_BRACKET}\s?(?:{word['after']}|{word['after_at_end']}{_CLAUSE_END})"),
        shared=re.compile(alternatives(shared)),
        bounds=bounds,
    )


def _by_word(groups: dict[str, list[str]]) -> dict[str, Bound]:
    bounds: dict[str, Bound] = {}
    for bound, words in groups.items():
        if bound not in get_args(Bound):
            raise LexiconError(f"{bound!r} is no bound", where="bounds.toml")
        bounds.update(dict.fromkeys(words, bound))  # type: ignore[arg-type]
    return bounds


def bound_of(plain: str, spot: QuantitySpot) -> Bound:
    """Tell how a quantity binds, from the words beside it.

    A range is a range; then the words behind the number decide (控制在5.5%|左右),
    then those before it (不低于|5%), then 余 or 多 inside it, then the words of a
    list that shares them (分别超过5%、6%).

    Args:
        plain: the text that the spot was found in.
        spot: a quantity of that text.
    """
    if spot.numeral.value_max is not None:
        return "range"
    end = spot.end if spot.unit_end is None else spot.unit_end
    before = fold(plain[max(0, spot.start - _REACH) : spot.start])
    after = fold(plain[end : end + _REACH])
    number, unit = fold(plain[spot.start : spot.end]), fold(plain[spot.end : end])
    found = _after(after) or _before(before, number, unit)
    if found is None and spot.numeral.open_ended:
        return "at_least"
    return found or _shared(before, after, unit) or "exact"


def _after(after: str) -> Bound | None:
    cues = _cues()
    found = cues.after.match(after)
    if not found:
        return None
    return cues.bounds["after"][found[1]] if found[1] else cues.bounds["after_at_end"][found[2]]


def _before(before: str, number: str, unit: str) -> Bound | None:
    cues = _cues()
    places = ["before"]
    if number and not number.strip("百千万亿"):
        places.insert(0, "before_multiplier")
    if not unit or unit in ("名", "位", "%"):
        places.insert(0, "before_rank")
    places.append("far_before")
    patterns = {"before": cues.before, "before_multiplier": cues.multiplier, "before_rank": cues.rank}
    for place in places:
        found = patterns.get(place, cues.far_before).search(before)
        if found:
            return cues.bounds[place][found[1]]
    return None


def _shared(before: str, after: str, unit: str) -> Bound | None:
    """Find the bound of a list with one word of bound at its head or its end."""
    cues = _cues()
    if not cues.shared.search(before):
        return None
    item = rf"[\d.,]+[万亿]*{re.escape(unit.lstrip('万亿 '))}"
    behind = re.match(rf"(?:[、和]{item})+", after)
    if behind:
        return _after(after[behind.end() :])
    ahead = re.search(rf"(?:{item}[、和])+\Z", before)
    return _before(before[: ahead.start()], "", unit) if ahead else None
