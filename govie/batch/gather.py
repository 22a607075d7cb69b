"""The middle of a job: which items are worked on, and where the rows that come back are kept until a part is due."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from govie.batch.index import HeadTable, Index
from govie.batch.items import Failure, Item
from govie.batch.parts import Parts
from govie.batch.process import Outcome, error_columns
from govie.batch.progress import Meter
from govie.batch.tables import TABLES, storable_row
from govie.rows import Row

__all__ = ["Gatherer"]

_PART_SECONDS = 60.0
_PART_FACTS = 50_000
_FAILURES_TOLD = 5


class Gatherer:
    """Hands out what is new and gathers what comes of it.

    Args:
        parts: the results folder.
        meter: counts and shows.
        part_documents: documents and errors in a part.

    Attributes:
        counts: rows of each table in the folder, and ``duplicates``.
        seen: documents met in the input.
        failures: what the first few rows of ``errors`` say.
    """

    def __init__(self, parts: Parts, meter: Meter, part_documents: int) -> None:
        self.counts: Counter[str] = Counter(dict.fromkeys((*TABLES, "duplicates"), 0))
        self.seen = 0
        self.failures: list[str] = []
        self._parts = parts
        self._meter = meter
        self._part_documents = part_documents
        self._index = Index()
        self._digest = hashlib.sha256()
        # A signal may stop the job between any two steps: what belongs together goes in, and out, in one.
        self._gathered: list[Outcome] = []
        self._facts = 0
        self._written = time.monotonic()

    @property
    def input_sha256(self) -> str:
        """SHA-256 of the paths and hashes of all that was met in the input, in order."""
        return self._digest.hexdigest()

    def close(self) -> None:
        """Give the index's disk space back."""
        self._index.close()

    def load(self) -> None:
        """Take in what earlier runs wrote.

        Raises:
            OutputError: a part is damaged.
        """
        heads: tuple[HeadTable, ...] = ("documents", "errors")
        for table in heads:
            for row in self._parts.rows(table):
                self._index.load(table, row)
                self._count(table, row)

    def new(self, items: Iterable[Item | Failure]) -> Iterator[Item]:
        """Yield the items whose content has to be extracted from; see to the others."""
        for item in items:
            self.seen += 1
            digest = item.sha256 if isinstance(item, Item) else ""
            self._digest.update(f"{item.path}\n{digest}\n".encode())
            if isinstance(item, Failure):
                self._fail(item)
            elif (verdict := self._index.admit(item)) == "new":
                yield item
            elif verdict == "known":
                self._meter.skipped += 1
            elif verdict == "duplicate":
                self._repeat(item.id, item.path, item.row)
            self.breathe()

    def take(self, outcome: Outcome) -> None:
        """Keep the rows of an outcome, and those of the items with the same content."""
        self._gathered.append(outcome)
        head, table = outcome.head, _head_table(outcome)
        self._count(table, head)
        self._facts += len(outcome.facts)
        self._meter.done += 1
        self._meter.failed += table == "errors"
        for path, row in self._index.settle(table, head):
            self._repeat(head["id"], path, row)
            self.breathe()

    def breathe(self) -> None:
        """Show the state and write a part, each if it is time to."""
        self._meter.tick()
        late = time.monotonic() - self._written > _PART_SECONDS
        if len(self._gathered) >= self._part_documents or self._facts >= _PART_FACTS or late:
            self.flush()

    def flush(self) -> None:
        """Write what has gathered as a part.

        Raises:
            OSError: it cannot be written.
        """
        gathered, self._gathered, self._facts = self._gathered, [], 0
        if gathered:
            self._parts.write({table: [row for each in gathered for row in getattr(each, table)] for table in TABLES})
        self._written = time.monotonic()

    def _fail(self, failure: Failure) -> None:
        if not self._index.admit_failure(failure):
            return
        row: Row = {"id": None, "path": failure.path, "row": None, "sha256": None, "stage": "source"}
        row = storable_row(row | error_columns(failure.error))
        self._gathered.append(Outcome(errors=[row]))
        self._count("errors", row)
        self._meter.done += 1
        self._meter.failed += 1

    def _repeat(self, id: str, path: str, row: str | None) -> None:
        """Add the row of another source of a content: what was found is the same, the name is not."""
        found = self._index.head(id)
        assert found is not None
        table, head = found
        repeated = head | {"path": path, "row": row}
        if table == "documents":
            repeated["duplicate"] = True
            self._gathered.append(Outcome(documents=[repeated]))
        else:
            self._gathered.append(Outcome(errors=[repeated]))
        self._count(table, repeated)
        self._meter.skipped += 1

    def _count(self, table: HeadTable, row: Row) -> None:
        self.counts[table] += 1
        if table == "errors":
            if len(self.failures) < _FAILURES_TOLD:
                self.failures.append(f"{row['path']} ({row['stage']}): {row['message']}")
        elif row["duplicate"]:
            self.counts["duplicates"] += 1
        else:
            self.counts["facts"] += row["facts"]
            self.counts["tasks"] += row["tasks"]


def _head_table(outcome: Outcome) -> HeadTable:
    return "documents" if outcome.documents else "errors"
