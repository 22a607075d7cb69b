"""A document's title among the first lines of its page, and the kind of document it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from govie.document import DocumentKind
from govie.lexicon import load_toml
from govie.reading.lines import Line
from govie.reading.years import years_in

__all__ = ["clean_title", "find_title", "title_kind"]

_HEAD_LINES = 40
_SHORTEST, _LONGEST = 4, 110
_DASHES = re.compile(r"\s*(?:—|―|─|--|_)+")
_PREFIX = re.compile(r"^(?:\[[^\]]{1,8}\]|【[^】]{1,8}】|[-·•*\s]|标\s{0,4}题\s?:)+\s*")
_NOTE = re.compile(r"\s*\((?:摘要|全文|节选|草案|试行|征求意见稿|共[^()]{1,6}[项件])\)$")
_YEARLY_REPORT = re.compile(r"\d{4}年.{0,16}?政府工作报告")
_ITEM = re.compile(r"\(?[一二三四五六七八九十\d]{1,3}(?:[、)]|\.(?!\d))")
_INNER_BLANK = re.compile(r"(?<=[^\x21-\x7e])\s+(?=[^\x00-\x20])|(?<=\S)\s+(?=[^\x00-\x7e])")


@lru_cache(maxsize=1)
def _noun() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(load_toml('documents.toml')['title']['nouns'])})$")


@lru_cache(maxsize=1)
def _numbered() -> re.Pattern[str]:
    """Match a title with the document's number behind it in the same line."""
    nouns = "|".join(load_toml("documents.toml")["title"]["nouns"])
    return re.compile(rf"(?P<title>.*(?:{nouns}))[一-鿿]{{1,8}}[〔\[(]\s?20\d\d\s?[〕\])]\s?\d{{1,4}}\s?号\s*$")


@lru_cache(maxsize=1)
def _never() -> re.Pattern[str]:
    return re.compile("|".join(load_toml("documents.toml")["title"]["never"]))


@lru_cache(maxsize=1)
def _kinds() -> tuple[tuple[DocumentKind, re.Pattern[str]], ...]:
    return tuple(
        (entry["kind"], re.compile("|".join(entry["words"]))) for entry in load_toml("documents.toml")["kinds"]
    )


def clean_title(text: str) -> str:
    """Return a title line without what pages put around it: a bracketed place, a subtitle, a site's name, blanks."""
    title = _PREFIX.sub("", text)
    head = _DASHES.split(title, maxsplit=1)[0]
    title = _INNER_BLANK.sub("", head if len(head) >= _SHORTEST else title)
    numbered = _numbered().match(title)
    return _NOTE.sub("", numbered["title"] if numbered else title.strip())


def find_title(lines: Sequence[Line], skip: Iterable[int] = ()) -> str | None:
    """Return the title, None if no line looks like one.

    Args:
        lines: the lines of the page.
        skip: indices of lines that cannot hold it.
    """
    skipped = frozenset(skip)
    best, found = 0, None
    for index, line in enumerate(lines[:_HEAD_LINES]):
        title = _candidate(line.text) if index not in skipped else ""
        score = _score(title)
        if score > best:
            best, found = score, title
    return found


def _candidate(text: str) -> str:
    if len(text) > 2 * _LONGEST or _ITEM.match(text):
        return ""
    title = clean_title(text)
    report = _YEARLY_REPORT.match(title)
    return report.group() if report and not _noun().search(title) else title


def _score(title: str) -> int:
    """Rate a line as a title: 0 is none; a known kind, a year and a full name count for it."""
    if not _SHORTEST <= len(title) <= _LONGEST or not _noun().search(title) or _never().search(title):
        return 0
    return 1 + 2 * (title_kind(title) != "other") + (2 if years_in(title) else 0) + ("关于" in title or "政府" in title)


def title_kind(title: str) -> DocumentKind:
    """Return the kind of document that a title names."""
    return next((kind for kind, words in _kinds() if words.search(title)), "other")
