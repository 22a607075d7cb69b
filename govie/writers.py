"""Writes results as files: JSON lines, CSV, Parquet and the HTML report.

Every writer takes the results as they come and a binary stream, so that JSON lines
and CSV never hold more than one document. The table for the terminal is in
:mod:`govie.terminal`.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

from govie.document import Document
from govie.errors import MissingExtraError
from govie.records import Extraction, decimal_string
from govie.rows import (
    FACT_COLUMNS,
    NUMBER_COLUMNS,
    SOURCE_COLUMNS,
    TASK_COLUMNS,
    Row,
    fact_rows,
    frame,
    source_columns,
    storable,
    task_rows,
)

if TYPE_CHECKING:
    import pandas

__all__ = ["PANEL_WRITERS", "WRITERS", "Content", "Result", "open_output", "panel_rows", "require_parquet", "safe_cell"]

Content = Literal["facts", "tasks"]

_COLUMNS: Mapping[Content, tuple[str, ...]] = {
    "facts": ("path", *SOURCE_COLUMNS, *FACT_COLUMNS),
    "tasks": ("path", *SOURCE_COLUMNS, *TASK_COLUMNS),
}
# What a spreadsheet takes for a formula (CWE-1236), full-width forms included.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Result:
    """One document that was read and extracted from, and the path it was given by."""

    path: str
    document: Document
    extraction: Extraction

    def rows(self, content: Content) -> list[Row]:
        """Return the facts or the tasks as rows with path, document, region and year in front."""
        make = fact_rows if content == "facts" else task_rows
        return make(self.extraction, path=self.path, **source_columns(self.document))


def _write_jsonl(results: Iterable[Result], out: BinaryIO, content: Content) -> None:
    """Write one object for each document: its path, then all of ``Extraction.to_dict()``."""
    for result in results:
        line = json.dumps({"path": result.path} | result.extraction.to_dict(), ensure_ascii=False)
        # What UTF-8 cannot hold, a lone surrogate, becomes the \udXXX that JSON has for it.
        out.write(line.encode("utf-8", "backslashreplace") + b"\n")


def _write_csv(results: Iterable[Result], out: BinaryIO, content: Content) -> None:
    """Write one line for each row, with a byte order mark so that spreadsheets see UTF-8."""
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow(_COLUMNS[content])
        for result in results:
            writer.writerows([safe_cell(name, cell) for name, cell in row.items()] for row in result.rows(content))
    finally:
        text.detach()


def _write_parquet(results: Iterable[Result], out: BinaryIO, content: Content) -> None:
    """Write one table with numeric columns; see :func:`govie.rows.frame` for the types."""
    rows = [_storable_row(row) for result in results for row in result.rows(content)]
    frame(rows, _COLUMNS[content]).to_parquet(out, index=False)


def _write_html(results: Iterable[Result], out: BinaryIO, content: Content) -> None:
    """Write the report; it shows facts and tasks alike."""
    from govie.integrations.report import render

    every = list(results)
    page = render(
        [result.extraction for result in every],
        documents=[result.document for result in every],
        names=[result.path for result in every],
    )
    out.write(page.encode("utf-8"))


Writer = Callable[[Iterable[Result], BinaryIO, Content], None]
WRITERS: Mapping[str, Writer] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "parquet": _write_parquet,
    "html": _write_html,
}


def _write_panel_csv(table: pandas.DataFrame, out: BinaryIO) -> None:
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow(table.columns)
        for row in panel_rows(table):
            writer.writerow([safe_cell(name, cell) for name, cell in row.items()])
    finally:
        text.detach()


def _write_panel_parquet(table: pandas.DataFrame, out: BinaryIO) -> None:
    """Write the panel with its numbers as exact decimals."""
    texts = table.select_dtypes("string").columns
    table.assign(**{name: table[name].map(storable, na_action="ignore") for name in texts}).to_parquet(out, index=False)


PANEL_WRITERS: Mapping[str, Callable[[pandas.DataFrame, BinaryIO], None]] = {
    "csv": _write_panel_csv,
    "parquet": _write_panel_parquet,
}
"""Write what :func:`govie.panel` returned."""


def panel_rows(table: pandas.DataFrame) -> Iterator[Row]:
    """Yield the rows of a panel as dicts: decimals as digits, nothing where there is nothing."""
    for row in table.astype(object).where(table.notna(), None).to_dict("records"):
        yield {name: decimal_string(cell) if isinstance(cell, Decimal) else cell for name, cell in row.items()}


def safe_cell(column: str, cell: str | float | None) -> str | float:
    """Return a cell that no spreadsheet runs as a formula.

    A text that begins like one gets an apostrophe in front. The number columns are
    written by :func:`govie.records.decimal_string`, digits with at most a sign and a
    point, and stay numbers.
    """
    if not isinstance(cell, str):
        return "" if cell is None else cell
    text = storable(cell)
    return "'" + text if column not in NUMBER_COLUMNS and _FORMULA.match(text) else text


def require_parquet() -> None:
    """Find out before the work, not after it, whether Parquet can be written.

    Raises:
        MissingExtraError: pandas or pyarrow is not installed.
    """
    from importlib.util import find_spec

    if find_spec("pandas") is None or find_spec("pyarrow") is None:
        raise MissingExtraError("Parquet output", "frame")


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open a file, or standard output for None, for writing bytes.

    A regular file appears under its name only when everything is written. A link stays
    one, and what it leads to is written.

    Raises:
        OSError: its ``filename`` is the path as given, not that of the unfinished file.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    special = path.exists() and not path.is_file()
    try:
        with path.open("wb") if special else _replacing(path.resolve()) as stream:
            yield stream
    except OSError as error:
        error.filename = str(path)
        raise


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    handle, unfinished = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield cast(BinaryIO, stream)
        Path(unfinished).chmod(path.stat().st_mode if path.exists() else 0o666 & ~_umask())
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _storable_row(row: Row) -> Row:
    return {name: storable(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
