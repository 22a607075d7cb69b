"""The lines of a text, or the cells of its tables: the smallest stretches that never share a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

__all__ = ["Line", "split_lines"]

_LINE = re.compile(r"\S[^\n]*")


class Line(NamedTuple):
    """A line or table cell with white space stripped off: ``plain[start:end] == text``."""

    start: int
    end: int
    text: str


def split_lines(plain: str, edges: Iterable[int] = ()) -> list[Line]:
    """Return the lines of ``plain`` that hold more than white space.

    Args:
        plain: normalised text.
        edges: further offsets where a line ends, such as the borders of table cells, in any order.
    """
    cuts = sorted(set(edges))
    return [line for start, end in _stretches(plain, cuts) if (line := _stripped(plain, start, end))]


def _stretches(plain: str, cuts: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the offsets of each line, divided further at ``cuts``."""
    following = iter((*cuts, len(plain) + 1))
    cut = next(following)
    for match in _LINE.finditer(plain):
        start = match.start()
        while cut < match.end():
            if cut > start:
                yield start, cut
                start = cut
            cut = next(following)
        yield start, match.end()


def _stripped(plain: str, start: int, end: int) -> Line | None:
    text = plain[start:end]
    body = text.strip()
    if not body:
        return None
    start += len(text) - len(text.lstrip())
    return Line(start, start + len(body), body)
