"""Inputs become items: folders, globs and files are walked in a fixed order, one item at a time.

Tables (.jsonl, .csv, .parquet) and archives (.zip) are opened wherever they are met, see
:mod:`govie.batch.table_sources` and :mod:`govie.batch.zip_source`; any other file is one document.
"""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from govie.batch.items import Failure, Item
from govie.batch.table_sources import TABLE_READERS, count_rows
from govie.batch.zip_source import count_members, zip_items
from govie.config import LIMITS
from govie.errors import LimitError, OptionError, ReadError
from govie.rows import storable

__all__ = ["Inputs"]

_CHUNK = 1 << 20
_UNWANTED = frozenset({"Thumbs.db", "desktop.ini"})  # what Windows leaves in folders; names with a dot in front go too


@dataclass(frozen=True)
class Inputs:
    """Where the documents of a job come from.

    Attributes:
        given: folders, files and glob patterns.
        text_column: column of a table that holds the text.
        id_column: column that names a table's rows, None for their numbers.
        skipped: a folder that is not walked into: that of the results.
    """

    given: tuple[str, ...]
    text_column: str = "text"
    id_column: str | None = None
    skipped: Path | None = None

    def check(self) -> None:
        """Find out before the work whether every input is there.

        Raises:
            OptionError: there is no input.
            ReadError: an input is neither a file, nor a folder, nor a pattern that fits anything.
        """
        if not self.given:
            raise OptionError("no input", hint="Give folders, files or patterns.")
        for name in self.given:
            if next(_expanded(name), None) is None:
                raise ReadError("no such file or folder, and no file fits it as a pattern", where=name)

    def items(self) -> Iterator[Item | Failure]:
        """Yield every document in the order of the inputs, folders sorted by name; one document is held at a time."""
        for path in self._files():
            yield from self._open(path)

    def count(self) -> int:
        """Return how many documents there are. Tables in text are counted by lines, so it is an estimate."""
        return sum(map(self._count, self._files()))

    def _files(self) -> Iterator[str]:
        for name in self.given:
            for path in _expanded(name):
                if not self._is_skipped(path):
                    yield from self._walk(path) if os.path.isdir(path) else (path,)

    def _is_skipped(self, path: str) -> bool:
        return self.skipped is not None and self.skipped.resolve() in (
            Path(path).resolve(),
            *Path(path).resolve().parents,
        )

    def _walk(self, folder: str) -> Iterator[str]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            yield folder  # opening it will say what is wrong
            return
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _UNWANTED:
                continue
            if not entry.is_dir(follow_symlinks=False):
                yield entry.path
            elif not self._is_skipped(entry.path):
                yield from self._walk(entry.path)

    def _open(self, path: str) -> Iterator[Item | Failure]:
        try:
            yield from self._items_of(path)
        except Exception as error:  # a broken input must not end the job
            yield Failure(storable(path), _told(error, path))

    def _items_of(self, path: str) -> Iterator[Item | Failure]:
        _check_regular(path)
        suffix = Path(path).suffix.lower()
        if suffix == ".zip":
            yield from zip_items(path)
        elif suffix in TABLE_READERS:
            yield from TABLE_READERS[suffix](path, self.text_column, self.id_column)
        else:
            yield file_item(path)

    def _count(self, path: str) -> int:
        suffix = Path(path).suffix.lower()
        try:
            if suffix == ".zip":
                return count_members(path)
            return count_rows(path) if suffix in TABLE_READERS else 1
        except Exception:  # what is wrong with it is said when its turn comes
            return 1


def file_item(path: str) -> Item:
    """Return the item for one file; its content is hashed in pieces and stays where it is.

    Raises:
        OSError: it cannot be read.
        LimitError: it is larger than ``LIMITS.source_bytes``.
    """
    size = os.stat(path).st_size
    if size > LIMITS.source_bytes:
        raise LimitError(f"{size} bytes, more than the {LIMITS.source_bytes} allowed", where=path, hint="Split it.")
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return Item(storable(path), digest.hexdigest(), file=path)


def _expanded(name: str) -> Iterator[str]:
    if os.path.lexists(name):
        return iter((os.path.normpath(name),))
    return iter(sorted(glob.iglob(name, recursive=True)))


def _check_regular(path: str) -> None:
    """Refuse what is no file before it is opened: opening a named pipe waits for ever."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise ReadError("this is not a regular file", where=path, hint="Leave it out.")


def _told(error: Exception, path: str) -> Exception:
    if isinstance(error, OSError) and not isinstance(error, ReadError):
        return ReadError(f"cannot be read ({error.strerror or error})", where=path)
    return error
