"""Lines of a PDF's pages back into paragraphs.

A line that is as long as the page is wide and does not end a sentence goes on in the next one, unless that begins with
an item's number in Chinese numerals (14、16号线 may well begin a line that goes on). Between ideographs nothing is put
in, between Latin words a space.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from govie.reading.assemble import INVISIBLE, TextAssembler

__all__ = ["join_pages"]

_EDGE_LINES = 2  # so many lines at either end of a page can be running heads or page numbers
_LEAST_PAGES = 3
_RUNNING_SHARE = 0.4  # left and right pages may have their own
_PAGE_NUMBER = re.compile(r"[-—–－·•~∙\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/,，共]+\s*\d{1,4}\s*页?)?[-—–－·•~∙\s]*")
_DECORATED = re.compile(r"[-—–－·•~∙页/]")
_NUMBER = re.compile(r"\d+")
_FULL = 0.85
_NARROWEST = 20  # a page whose lines are shorter, in half-width columns, is no running text
_SENTENCE_END = re.compile(r"[。！？!?；;][”’」』）)]*$")
_ITEM_START = re.compile(
    r"""第 [一二三四五六七八九十百\d]{1,4} [章节条款部编] | [一二三四五六七八九十]{1,3} 、
    | [（(] \s* [一二三四五六七八九十\d]{1,3} \s* [）)] | —— | ⸺ | [①-⑳●■◆]
    """,
    re.X,
)
_SPACED_OUT = re.compile(r"(?:\S\s){3,}\S")
_VISIBLE_LINE = re.compile(r"[^\s](?:[^\r\n]*[^\s])?")
_TO_CLEAN = re.compile(rf"(?P<blank>\s+)|[{INVISIBLE}]+")


class _Line(NamedTuple):
    """A line without the blanks around it, and where it stands in the pages joined by form feeds."""

    text: str
    source: int


def join_pages(pages: Sequence[str]) -> TextAssembler:
    """Return the text of pages as lines that are paragraphs, headings or rows.

    Args:
        pages: the text layer of each page, a line of the page a line.
    """
    lines = _without_running_lines(_split_pages(pages))
    width = _page_width([line.text for line in lines])
    assembler = TextAssembler()
    before = ""
    for line in lines:
        if before:
            assembler.fill(_divider(before, line.text, width))
        _write(assembler, line)
        before = line.text
    return assembler


def _split_pages(pages: Sequence[str]) -> list[list[_Line]]:
    split, start = [], 0
    for page in pages:
        split.append([_Line(match.group(), start + match.start()) for match in _VISIBLE_LINE.finditer(page)])
        start += len(page) + 1
    return split


def _without_running_lines(pages: Sequence[Sequence[_Line]]) -> list[_Line]:
    """Return the lines of all pages without page numbers and running heads.

    A line repeated at the top of pages may also be a table's head or the title: its first occurrence is kept where that
    does not interrupt a sentence.
    """
    counts = Counter(key for page in pages for key in {_key(page[index].text) for index in _edges(page)})
    often = max(_LEAST_PAGES, _RUNNING_SHARE * len(pages))
    kept: list[_Line] = []
    seen: set[str] = set()
    for number, page in enumerate(pages, 1):
        edges = _edges(page)
        for index, line in enumerate(page):
            key = _key(line.text)
            running = index in edges and counts[key] >= often
            first = key not in seen and index < _EDGE_LINES and not (kept and _goes_on(kept[-1].text))
            seen.add(key)
            if index in edges and _is_page_number(line.text, number, running=running):
                continue
            if not running or first:
                kept.append(line)
    return kept


def _goes_on(text: str) -> bool:
    return not _SENTENCE_END.search(text)


def _edges(page: Sequence[_Line]) -> frozenset[int]:
    return frozenset(range(len(page))[:_EDGE_LINES]) | frozenset(range(len(page))[-_EDGE_LINES:])


def _key(text: str) -> str:
    return _NUMBER.sub("0", "".join(text.split()))


def _is_page_number(text: str, page: int, *, running: bool) -> bool:
    """Tell a page number: set off by dashes or words, or a bare number that counts along with the pages."""
    if not _PAGE_NUMBER.fullmatch(text):
        return False
    return running or bool(_DECORATED.search(text)) or text.strip() == str(page)


def _columns(text: str) -> int:
    """Return how wide a line is in half-width columns: everything but ASCII is full width in a Chinese font."""
    return 2 * len(text) - len(text.encode("ascii", "ignore"))


def _page_width(lines: Sequence[str]) -> int:
    """Return how wide running text is set, 0 if there is none: nine lines in ten are no wider."""
    widths = sorted(width for width in map(_columns, lines) if width >= _NARROWEST)
    return widths[len(widths) * 9 // 10] if widths else 0


def _divider(before: str, after: str, width: int) -> str:
    """Return what goes between two lines: nothing or a space if the second continues the first, else a line feed."""
    continued = _columns(before) >= _FULL * width > 0 or before[-1] in "，、," or after[0] in "，。；、：！？）”》"
    if not continued or _SENTENCE_END.search(before) or _ITEM_START.match(after):
        return "\n"
    latin = before[-1].isascii() and after[0].isascii() and (before[-1].isalpha() or after[0].isalpha())
    return " " if latin else ""


def _write(assembler: TextAssembler, line: _Line) -> None:
    """Write a line, invisible marks left out and blanks closed up: to one, or to none where every character has one."""
    spaced_out = bool(_SPACED_OUT.fullmatch(line.text))
    done = 0
    for match in _TO_CLEAN.finditer(line.text):
        assembler.add(line.text[done : match.start()], line.source + done)
        if match["blank"] and not spaced_out:
            assembler.add(" ", line.source + match.start())
        done = match.end()
    assembler.add(line.text[done:], line.source + done)
