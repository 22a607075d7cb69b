"""Options and limits, each default written once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

__all__ = ["DEVICES", "LIMITS", "MODES", "Device", "Limits", "Mode", "cores"]

Mode = Literal["auto", "rules", "model"]
Device = Literal["auto", "cpu", "cuda"]
MODES: tuple[Mode, ...] = ("auto", "rules", "model")
DEVICES: tuple[Device, ...] = ("auto", "cpu", "cuda")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a reader accepts.

    Attributes:
        source_bytes: largest file, in bytes.
        unpacked_bytes: largest sum of unpacked members of a zip-based format.
        html_depth: deepest nesting of HTML elements that is kept; the text of deeper ones stays.
        html_elements: most elements (inline formatting not counted) in an HTML page.
        grid_cells: most places in one table's grid; a larger table keeps its text and loses its grid.
        pdf_pages: most pages read from a PDF.
    """

    source_bytes: int = 256 * 1024 * 1024
    unpacked_bytes: int = 512 * 1024 * 1024
    html_depth: int = 256
    html_elements: int = 500_000
    grid_cells: int = 1_000_000
    pdf_pages: int = 5_000


LIMITS = Limits()


def cores() -> int:
    """Return how many cores this process may use: so many workers there are, and so many sentences read at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
