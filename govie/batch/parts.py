"""The results folder: numbered parts of four tables each, of which a part counts only when it is whole.

    out/facts/part-000001.parquet   out/tasks/…   out/errors/…   out/documents/…

The four files of a part are written under other names and brought to the disk; then they get their names, that in
``documents`` last. A part counts if it is in ``documents``. What a killed job left besides is swept away by the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from govie.batch.files import UNFINISHED, finish, replace_durably, sync_folder, write_unfinished
from govie.batch.forms import FormName, read_rows, write_rows
from govie.batch.tables import TABLES, TableName
from govie.rows import Row

__all__ = ["Parts"]

_LAST: TableName = "documents"
_ORDER: tuple[TableName, ...] = (*(table for table in TABLES if table != _LAST), _LAST)
_PART = re.compile(r"part-(\d{6,})\.\w+")


class Parts:
    """The parts in a folder.

    Args:
        folder: the results folder, which is there.
        form: ``parquet`` or ``jsonl``.
    """

    def __init__(self, folder: Path, form: FormName) -> None:
        self.folder = folder
        self.form: FormName = form
        for table in TABLES:
            (folder / table).mkdir(exist_ok=True)
        sync_folder(folder)

    def sweep(self) -> None:
        """Remove what a killed job left: unfinished files, and files of parts that do not count."""
        whole = set(self.numbers())
        for table in TABLES:
            for path in list((self.folder / table).iterdir()):
                number = _number(path)
                if path.name.endswith(UNFINISHED) or (number is not None and number not in whole):
                    path.unlink()

    def clear(self) -> None:
        """Remove every part, ``documents`` first so that none is left that counts and lacks its facts."""
        for table in reversed(_ORDER):
            for path in list((self.folder / table).iterdir()):
                if _number(path) is not None or path.name.endswith(UNFINISHED):
                    path.unlink()

    def numbers(self) -> list[int]:
        """Return the numbers of the parts that count, in order."""
        found = (_number(path) for path in (self.folder / _LAST).iterdir())
        return sorted(number for number in found if number is not None)

    def rows(self, table: TableName) -> Iterator[Row]:
        """Yield a table's rows over all parts that count.

        Raises:
            OutputError: a part is damaged or lacks a file.
        """
        for number in self.numbers():
            yield from read_rows(self.form, self.path(table, number))

    def path(self, table: TableName, number: int) -> Path:
        """Return where a part's file for a table is, or is to be."""
        return self.folder / table / f"part-{number:06}.{self.form}"

    def write(self, rows: Mapping[TableName, Sequence[Row]]) -> None:
        """Write a new part.

        Args:
            rows: the rows of each of the four tables.

        Raises:
            OSError: it cannot be written; the parts before it stay as they are.
        """
        number = max(self.numbers(), default=0) + 1
        paths = {table: self.path(table, number) for table in _ORDER}
        unfinished = self._write_unfinished(paths, rows)
        for table, path in paths.items():
            finish(unfinished[table], path)
            sync_folder(path.parent)

    def _write_unfinished(
        self, paths: Mapping[TableName, Path], rows: Mapping[TableName, Sequence[Row]]
    ) -> dict[TableName, Path]:
        written: dict[TableName, Path] = {}
        try:
            for table, path in paths.items():
                written[table] = write_unfinished(path, partial(write_rows, self.form, table, rows[table]))
        except BaseException:
            for path in written.values():  # the disk may be full: leave the room to others
                path.unlink(missing_ok=True)
            raise
        return written

    def drop_errors(self, dropped: Callable[[Row], bool]) -> None:
        """Take the rows for which ``dropped`` is true out of ``errors``, so that their documents count as missing.

        Raises:
            OutputError: a part is damaged or lacks a file.
            OSError: the folder cannot be written.
        """
        for number in self.numbers():
            path = self.path("errors", number)
            rows = list(read_rows(self.form, path))
            kept = [row for row in rows if not dropped(row)]
            if len(kept) < len(rows):
                replace_durably(path, partial(write_rows, self.form, "errors", kept))


def _number(path: Path) -> int | None:
    found = _PART.fullmatch(path.name)
    return int(found.group(1)) if found else None
