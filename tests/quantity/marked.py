"""Sentences with marked quantities: 【】 around the numeral, 〖〗 around the unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"[【】〖〗]")


@dataclass(frozen=True)
class Marked:
    """A sentence without its marks, and the marked stretches: numerals and units as (start, end)."""

    text: str
    numerals: list[tuple[int, int]]
    units: list[tuple[int, int]]


def unmark(sentence: str) -> Marked:
    """Take the marks out of a sentence and return where they stood."""
    places: dict[str, list[int]] = {mark: [] for mark in "【】〖〗"}
    for removed, mark in enumerate(_MARK.finditer(sentence)):
        places[mark[0]].append(mark.start() - removed)
    numerals = list(zip(places["【"], places["】"], strict=True))
    return Marked(_MARK.sub("", sentence), numerals, list(zip(places["〖"], places["〗"], strict=True)))
