"""Files that are there whole or not at all, even if the machine loses power, and a lock that dies with its holder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from govie.errors import OutputError

__all__ = ["UNFINISHED", "finish", "locked", "replace_durably", "sync_folder", "write_unfinished"]

UNFINISHED = ".unfinished"
_LOCK = ".lock"


def replace_durably(path: Path, write: Callable[[BinaryIO], Any]) -> None:
    """Write a file under a temporary name, bring it to the disk, and give it its name.

    Args:
        path: the file, which may be there already.
        write: writes the content to the stream it gets.

    Raises:
        OSError: it cannot be written; what was there before stays.
    """
    finish(write_unfinished(path, write), path)
    sync_folder(path.parent)


def write_unfinished(path: Path, write: Callable[[BinaryIO], Any]) -> Path:
    """Write what is to become ``path`` beside it, bring it to the disk, and return where it is.

    Raises:
        OSError: it cannot be written; nothing of it stays.
    """
    unfinished = path.with_name(f".{path.name}{UNFINISHED}")  # readers of table folders pass over names with a dot
    try:
        with unfinished.open("wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return unfinished


def finish(unfinished: Path, path: Path) -> None:
    """Give a file that is written its name; :func:`sync_folder` makes it last."""
    os.replace(unfinished, path)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, where the system has a way to."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process alone. A process that is killed gives it up.

    Raises:
        OutputError: another process holds it.
        OSError: the folder cannot be written.
    """
    with (folder / _LOCK).open("ab") as stream:
        try:
            _lock(stream)
        except OSError:
            hint = "Wait for it to end, or choose another folder with --out."
            raise OutputError("another job is writing to it", where=str(folder), hint=hint) from None
        yield


def _lock(stream: BinaryIO) -> None:
    if sys.platform == "win32":
        import msvcrt

        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
