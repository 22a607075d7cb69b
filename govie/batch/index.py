"""Which documents a results folder holds, kept on disk so that memory stays flat over millions of them.

The index is a private database that SQLite deletes with the process. It is filled from the parts when a job starts
and so never disagrees with them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Literal

from govie.batch.items import Failure, Item
from govie.rows import Row

__all__ = ["HeadTable", "Index", "Verdict"]

HeadTable = Literal["documents", "errors"]
Verdict = Literal["new", "known", "running", "duplicate"]

_TABLES = """
CREATE TABLE contents (id TEXT PRIMARY KEY, found TEXT, head TEXT) WITHOUT ROWID;
CREATE TABLE sources (id TEXT, path TEXT, PRIMARY KEY (id, path)) WITHOUT ROWID;
CREATE TABLE waiting (id TEXT, path TEXT, source_row TEXT, PRIMARY KEY (id, path)) WITHOUT ROWID;
"""
_NO_CONTENT = ""


class Index:
    """The contents that were tried, the row each came to, and the paths each was found under."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)  # "": on disk, nameless, gone when closed
        self._base.executescript(_TABLES)
        self._base.execute("BEGIN")

    def close(self) -> None:
        """Give the disk space back."""
        self._base.close()

    def load(self, table: HeadTable, row: Row) -> None:
        """Take in a row of ``documents`` or ``errors`` that an earlier run wrote."""
        self._add_source(row["id"], row["path"])
        if not self._known(row["id"]):
            self._base.execute("INSERT INTO contents VALUES (?, ?, ?)", (row["id"], table, json.dumps(row)))

    def admit(self, item: Item) -> Verdict:
        """Say what an item needs, and note it.

        Returns:
            ``new``: its content must be extracted from. ``duplicate``: it was, under another path; :meth:`head` has
            the row. ``running``: that is being done; :meth:`settle` will name this item. ``known``: nothing.
        """
        if not self._add_source(item.id, item.path):
            return "known"
        if not self._known(item.id):
            self._base.execute("INSERT INTO contents VALUES (?, NULL, NULL)", (item.id,))
            return "new"
        if self.head(item.id):
            return "duplicate"
        self._base.execute("INSERT INTO waiting VALUES (?, ?, ?)", (item.id, item.path, item.row))
        return "running"

    def admit_failure(self, failure: Failure) -> bool:
        """Note something without content; False if it was met before."""
        return self._add_source(_NO_CONTENT, failure.path)

    def head(self, id: str) -> tuple[HeadTable, Row] | None:
        """Return the row a content came to and its table, None while there is none."""
        table, head = self._base.execute("SELECT found, head FROM contents WHERE id = ?", (id,)).fetchone()
        return (table, json.loads(head)) if head else None

    def settle(self, table: HeadTable, head: Row) -> Iterator[tuple[str, str | None]]:
        """Note the row a content came to, and yield path and table row of the items that waited for it."""
        self._base.execute(
            "UPDATE contents SET found = ?, head = ? WHERE id = ?", (table, json.dumps(head), head["id"])
        )
        yield from self._base.execute("SELECT path, source_row FROM waiting WHERE id = ?", (head["id"],))
        self._base.execute("DELETE FROM waiting WHERE id = ?", (head["id"],))

    def _known(self, id: str) -> bool:
        return self._base.execute("SELECT 1 FROM contents WHERE id = ?", (id,)).fetchone() is not None

    def _add_source(self, id: str, path: str) -> bool:
        return self._base.execute("INSERT OR IGNORE INTO sources VALUES (?, ?)", (id, path)).rowcount == 1
