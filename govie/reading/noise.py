"""Page furniture around a document: forum chrome, navigation, share bars, credits, footers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from govie.lexicon import load_toml
from govie.reading.lines import Line
from govie.reading.normalise import NOISE_FILLER
from govie.reading.titles import clean_title

__all__ = ["noise_lines"]

_HEAD_LINES = 80
_LONGEST = 120  # no line of furniture is longer
_LONGEST_LABEL = 30
_NEAR = 3  # so many lines around furniture may hold what is furniture only beside it
_STOP = re.compile(r"[。;,!?]")


@lru_cache(maxsize=1)
def _furniture() -> re.Pattern[str]:
    """Match a line that is furniture by itself."""
    lists = load_toml("noise.toml")["lines"]
    labels, whole, opening, inside, credit = (
        "|".join(lists[name]) for name in ("labels", "whole", "opening", "inside", "credit")
    )
    return re.compile(
        rf"(?:(?:{labels})[\s|丨·]{{0,3}}){{1,8}}$|(?:{whole})$|(?:{opening})|.*?(?:{inside})|.*?(?:{credit})"
    )


@cache
def _edge(name: str) -> re.Pattern[str]:
    words = load_toml("noise.toml")["edges"][name]
    return re.compile("|".join(words) if isinstance(words, list) else words)


def noise_lines(lines: Sequence[Line], fields: Iterable[int], title: str | None) -> list[bool]:
    """Return for each line whether it is page furniture, from which nothing is to be extracted.

    Args:
        lines: the lines of the document, spam blanked.
        fields: indices of lines that hold only labelled fields (索引号: …).
        title: the document's title; the short lines above it are navigation if one of them surely is.
    """
    noise = [_is_furniture(line.text) for line in lines]
    for index in fields:
        noise[index] = True
    _mark_forum(lines, noise, title)
    _mark_navigation(lines, noise, title)
    _mark_neighbours(lines, noise)
    return noise


def _is_furniture(text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    return 2 * text.count(NOISE_FILLER) > len(text) or bool(_furniture().match(text))


def _mark_forum(lines: Sequence[Line], noise: list[bool], title: str | None) -> None:
    """Mark what a forum prints before a post: everything up to the posting line but the title."""
    head = [line.text for line in lines[:_HEAD_LINES]]
    posted = next((index for index, text in enumerate(head) if _edge("posting").match(text)), None)
    if posted is None or len(_edge("forum").findall("\n".join(head[: posted + 1]))) < 2:
        return
    for index in range(posted + 1):
        noise[index] = len(head[index]) <= _LONGEST and clean_title(head[index]) != title


def _mark_navigation(lines: Sequence[Line], noise: list[bool], title: str | None) -> None:
    """Mark the short lines above the title if one of them is furniture."""
    head = (index for index, line in enumerate(lines[:_HEAD_LINES]) if clean_title(line.text[:_LONGEST]) == title)
    top = next(head, 0)
    if any(noise[:top]) and not any(_is_prose(line.text) for line in lines[:top]):
        for index in range(top):
            noise[index] = noise[index] or (
                len(lines[index].text) <= _LONGEST_LABEL and not _STOP.search(lines[index].text)
            )


def _is_prose(text: str) -> bool:
    return len(text) > _LONGEST and bool(_STOP.search(text))


def _mark_neighbours(lines: Sequence[Line], noise: list[bool]) -> None:
    """Mark lines near the end that are furniture beside furniture, working outwards from it."""
    for order in (range(len(lines) - 1, -1, -1), range(len(lines))):
        last = None
        for index in order:
            if noise[index]:
                last = index
            elif last is not None and abs(index - last) <= _NEAR and _is_beside(lines[index].text):
                noise[index], last = True, index


def _is_beside(text: str) -> bool:
    return len(text) <= _LONGEST and bool(_edge("beside").match(text))
