"""Which lines are headings, how deep they stand, and where the heading's words end."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["APPENDIX", "TOP", "UNNUMBERED", "Heading", "parse_heading", "parse_unnumbered"]

APPENDIX, TOP, PART, FIRST, SECOND, THIRD, FOURTH, UNNUMBERED = range(8)
"""Depths: 附件 · unnumbered main heading · 第一部分 · 一、 · （一） · 1. · (1) ① · unnumbered."""

_LONGEST = {APPENDIX: 60, PART: 80, FIRST: 90, SECOND: 90, THIRD: 40, FOURTH: 40}
_LONGEST_INLINE = 60
_WINDOW = 160  # a heading ends within this many code points or the line is none

_MARK = re.compile(
    r"""
      (?P<appendix>
        附 \s{0,4} [件表录] \s{0,2} (?: [0-9]{1,2} | [一二三四五六七八九十]{1,3} )?
        (?= \s* (?: [:.、] | $ | [^的中所》”] ) )
      )
    | (?P<part> 第 [一二三四五六七八九十百]{1,4} (?: 部分 | [编章节] ) )
    | (?P<first> [一二三四五六七八九十]{1,3} \s? [、.] )
    | (?P<second> \( \s? [一二三四五六七八九十]{1,3} \s? \) 、? )
    | (?P<third> \d{1,3} (?: 、 | \. (?!\d) ) )
    | (?P<fourth> \( \d{1,2} \) | [①-⑳] )
    """,
    re.X,
)
_DEPTHS = {"appendix": APPENDIX, "part": PART, "first": FIRST, "second": SECOND, "third": THIRD, "fourth": FOURTH}
_END = re.compile(r"[。!?;]")
_COLON = re.compile(r"[。!?;:]")
_PLAIN_WORDS = re.compile(r"[^。!?;:,…]{4,40}")
_IDEOGRAPH = re.compile(r"[一-鿿]")
_RESPONSIBLE = re.compile(
    r"(?:局|厅|委|办|部|科|处|所|署|院|会|部门|单位|办事处|公司|集团|专班|中心|大队|支队|街道|政府|等)\)?$"
)


class Heading(NamedTuple):
    """A heading, or an item of a numbered list, found in a line.

    Attributes:
        depth: one of the depths of this module, small numbers outermost.
        title: its words, number included; empty for an item that is no heading.
        length: how many code points of the line belong to the heading.
        alone: True if nothing else stands in the line.
    """

    depth: int
    title: str
    length: int
    alone: bool


def parse_heading(text: str) -> Heading | None:
    """Return the heading or item that a number opens, None for a line without one.

    A numbered line is a heading if it ends no sentence, or if its first sentence is short and more follows it
    (（一）发展态势向上向好。强化政策…). A number before one whole sentence makes an item.

    Args:
        text: one line, normalised and stripped.
    """
    mark = _MARK.match(text)
    if not mark:
        return None
    depth = _DEPTHS[str(mark.lastgroup)]
    title, length = _title(text[:_WINDOW], depth, mark.end(), len(text))
    return Heading(depth, title, length, not title or length == len(text))


def _title(text: str, depth: int, start: int, total: int) -> tuple[str, int]:
    """Return the words of a heading and how many code points they take with the mark that ends them."""
    end = (_COLON if depth >= THIRD else _END).search(text, start)
    if end is None or (end.group() == ":" and end.end() == total):
        fits = (start < total or depth == APPENDIX) and total <= _LONGEST[depth]
        return (text, total) if fits else ("", 0)
    if end.end() == total:
        fits = end.group() == "。" and depth <= SECOND and total <= _LONGEST[depth]
        return (text[:-1], total) if fits else ("", 0)
    fits = start < end.start() <= _LONGEST_INLINE and end.group() != ";"
    return (text[: end.start()], end.end()) if fits else ("", 0)


def parse_unnumbered(text: str, following: str) -> Heading | None:
    """Return an unnumbered heading: a short line of words with no stop, above a paragraph.

    Args:
        text: one line, normalised and stripped.
        following: the line after it, or an empty str.
    """
    if len(text) > 40 or len(following) < 60 or _MARK.match(following) or not _PLAIN_WORDS.fullmatch(text):
        return None
    if _RESPONSIBLE.search(text) or 2 * len(_IDEOGRAPH.findall(text)) < len(text):
        return None
    return Heading(UNNUMBERED, text, len(text), True)
