"""From offsets in a raw file to offsets in the document read from it."""

from __future__ import annotations

from bisect import bisect_right

from govie.document import Document

__all__ = ["text_offset"]


def text_offset(document: Document, raw: int) -> int:
    """Return where the raw source's code point stands in the document's text.

    A code point that reading dropped stands where the next kept one does.
    """
    runs = document.source_map
    at = max(bisect_right(runs, raw, key=lambda run: run[1]) - 1, 0)
    here, there = runs[at]
    limit = runs[at + 1][0] if at + 1 < len(runs) else len(document.text)
    return min(here + max(raw - there, 0), limit)
