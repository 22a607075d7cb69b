"""Reading: text, bytes and files become documents."""

from __future__ import annotations

from govie.document import Document
from govie.reading.build import build_document
from govie.reading.dispatch import read

__all__ = ["from_text", "read"]


def from_text(text: str) -> Document:
    """Return the document for a str copied from a page or taken from a clean report.

    Args:
        text: any str; it is never taken for a path.
    """
    return build_document(text)
