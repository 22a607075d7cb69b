"""Lines of a PDF's pages back into paragraphs.

A line that is as long as the page is wide and does not end a sentence goes on in the next one, unless that begins with
an item's number. Between ideographs nothing is put in, between Latin words a space.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
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
    | [（(] \s* [一二三四五六七八九十\d]{1,3} \s* [）)] | \d{1,3} (?: 、 | [.．] (?!\d) ) | —— | [①-⑳●■◆]
    """,
    re.X,
)
_SPACED_OUT = re.compile(r"(?:\S ){6,}\S")
_TO_DROP = re.compile(f"[{INVISIBLE}]+")


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
