"""Where sentences end. The stretches between the ends tile the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from govie.reading.lines import Line

__all__ = ["sentence_starts"]

_INNER_END = re.compile(
    r"""
    (?: [。!;] | \? (?! \w{1,40}= ) )   # an end mark; the ? of a web address ends nothing
    [。!?;…]*                           # and those that follow it
    [”’」』)\]】》〉]*                   # quotes and brackets that close after it
    \s*
    """,
    re.X,
)


def sentence_starts(plain: str, lines: Sequence[Line]) -> Iterator[tuple[int, list[int]]]:
    """Yield for each line its index and the offsets where its sentences start.

    A sentence ends after 。！？； with the quotes and brackets that close there, and where its line or cell ends.
    White space belongs to the sentence before it.

    Args:
        plain: normalised text.
        lines: its lines in order, from :func:`govie.reading.lines.split_lines`.
    """
    for index, (start, end, _) in enumerate(lines):
        inner = (match.end() for match in _INNER_END.finditer(plain, start, end))
        yield index, [start, *(offset for offset in inner if offset < end)]
