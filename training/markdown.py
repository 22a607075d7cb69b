"""Markdown whose prose is written by hand and whose figures are filled in by program."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

__all__ = ["fill", "markdown_table"]

_MARKED = re.compile(r"<!-- begin (?P<name>\w+(?: \w+)?) -->\n.*?<!-- end (?P=name) -->", re.DOTALL)


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def fill(text: str, figures: Callable[[str], str]) -> str:
    """Return the text with what stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->`` made anew.

    Args:
        text: the page.
        figures: gives the content for a name of one or two words.
    """

    def replace(match: re.Match[str]) -> str:
        name = match["name"]
        return f"<!-- begin {name} -->\n{figures(name)}\n<!-- end {name} -->"

    return _MARKED.sub(replace, text)
