"""The words around a figure: how firmly it is put, what is hoped for beyond it, what it is compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from govie.lexicon import alternatives, load_toml

__all__ = ["Stretch", "find_stretches", "hardness", "is_average", "is_near", "is_old_level", "lists_goals", "reference"]

_LEXICON = "panel.toml"
_BOUNDS = "bounds.toml"
_CLAUSE_START = re.compile(r"[,。;:!?\n]")
_LONGEST_CLAUSE = 40
_NEAR = 8  # characters between a figure and the words that stretch it: 左右、
_GAP = re.compile(r"[^\d。;:]*")


class Stretch(NamedTuple):
    """Words such as 在实际工作中努力争取更好结果.

    Attributes:
        start: offset of the first code point.
        text: the words.
        whole: whether they speak of every target before them in the sentence.
    """

    start: int
    text: str
    whole: bool


def hardness(before: str, after: str, *, ranged: bool) -> str | None:
    """Return the words that say how firmly a number binds, in the order of the text, None if there are none.

    Args:
        before: the plain text of the sentence up to the number.
        after: the plain text behind its unit.
        ranged: whether the number is a range.
    """
    clause = _CLAUSE_START.split(before[-_LONGEST_CLAUSE:])[-1]
    words = [found.group() for found in _commitment().finditer(clause)]
    bound = _bound_before().search(clause)
    if bound and (word := bound["word"]) and word not in words:
        words.append(word)
    if ranged:
        words.append(load_toml(_LEXICON)["commitment"]["range"])
    if found := _bound_after().match(after):
        words.append(found["word"])
    return " ".join(words) or None


def find_stretches(sentence: str) -> Iterator[Stretch]:
    """Yield the words of a plain sentence that hope for more than its targets."""
    for found in _stretch().finditer(sentence):
        ends = not sentence[found.end() :].strip("。;! \n\r\t")
        after_comma = sentence[: found.start()].rstrip().endswith((",", ";"))
        yield Stretch(
            found.start(), found.group().strip(), ends and after_comma and bool(_whole().search(found.group()))
        )


def is_near(between: str) -> bool:
    """Whether nothing but words of bound and a comma stands between a figure and words that stretch it."""
    return len(between) <= _NEAR and _GAP.fullmatch(between) is not None


def is_average(words: str) -> bool:
    """Whether plain words between a name and its number say that it is an average over years."""
    return _average().search(words) is not None


def lists_goals(sentence: str) -> bool:
    """Whether a plain sentence lists the targets of the year."""
    return _goals().search(sentence) is not None


def is_old_level(before: str, after: str) -> bool:
    """Whether plain words before and behind a number make it the level that a change starts from."""
    return _from().search(before[-_LONGEST_CLAUSE:]) is not None and _to().match(after) is not None


def reference(before: str) -> str | None:
    """Return what a gap is counted from, the plain text up to the number being given: 高于全国."""
    found = _reference().search(_CLAUSE_START.split(before[-_LONGEST_CLAUSE:])[-1])
    return found.group() if found else None


@lru_cache(maxsize=1)
def _commitment() -> re.Pattern[str]:
    return re.compile(alternatives(load_toml(_LEXICON)["commitment"]["words"]))


@lru_cache(maxsize=1)
def _bound_before() -> re.Pattern[str]:
    bounds = load_toml(_BOUNDS)
    words = [word for bound in ("at_least", "at_most", "about") for word in bounds["before"][bound]]
    fillers = alternatives(bounds["fillers"]["words"])
    return re.compile(
        f"(?:(?:{alternatives(bounds['before']['exact'])})|(?P<word>{alternatives(words)})(?:{fillers})?)$"
    )


@lru_cache(maxsize=1)
def _bound_after() -> re.Pattern[str]:
    words = [word for group in load_toml(_BOUNDS)["after"].values() for word in group]
    return re.compile(rf"\s?(?P<word>{alternatives(words)})")


@lru_cache(maxsize=1)
def _stretch() -> re.Pattern[str]:
    return re.compile(load_toml(_LEXICON)["stretch"]["pattern"])


@lru_cache(maxsize=1)
def _whole() -> re.Pattern[str]:
    return re.compile(load_toml(_LEXICON)["stretch"]["whole"])


@lru_cache(maxsize=1)
def _average() -> re.Pattern[str]:
    return re.compile(load_toml(_LEXICON)["average"]["pattern"])


@lru_cache(maxsize=1)
def _from() -> re.Pattern[str]:
    return re.compile(r"[从由][^,。;:\d]{0,12}$")


@lru_cache(maxsize=1)
def _to() -> re.Pattern[str]:
    step = load_toml("status.toml")["step"]
    return re.compile(
        f"[^,。;:\\d]{{0,4}}(?:{alternatives(step['verbs'])})?(?:{alternatives(step['goals'])})[^,。;:\\d]{{0,6}}\\d"
    )


@lru_cache(maxsize=1)
def _goals() -> re.Pattern[str]:
    return re.compile(load_toml(_LEXICON)["goals"]["pattern"])


@lru_cache(maxsize=1)
def _reference() -> re.Pattern[str]:
    return re.compile(load_toml(_LEXICON)["references"]["pattern"])
