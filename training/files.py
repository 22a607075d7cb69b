"""Writing files so that a crash leaves the old ones or the new ones whole."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["TEMPORARY", "sync", "write_atomically"]

TEMPORARY = ".tmp"


def write_atomically(path: Path, text: str) -> None:
    """Replace a text file so that a reader, or a crash, sees the old one or the new one whole."""
    work = path.with_name(path.name + TEMPORARY)
    work.write_text(text, encoding="utf-8")
    sync(work)
    work.replace(path)


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
