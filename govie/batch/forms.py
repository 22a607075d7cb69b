"""The forms a table's file can have: Parquet and JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from govie.batch.tables import COLUMNS, TYPES, TableName
from govie.errors import MissingExtraError, OutputError
from govie.rows import NUMBER_COLUMNS, Row

if TYPE_CHECKING:
    import pyarrow

__all__ = ["FORMS", "FormName", "default_form", "read_rows", "require_form", "write_rows"]

FormName = Literal["parquet", "jsonl"]
FORMS: tuple[FormName, ...] = ("parquet", "jsonl")

_READ_ROWS = 1024


def default_form() -> FormName:
    """Return ``parquet`` where pyarrow is installed, else ``jsonl``."""
    return "parquet" if find_spec("pyarrow") else "jsonl"


def require_form(form: FormName) -> None:
    """Find out before the work whether the form can be written.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    if form == "parquet" and find_spec("pyarrow") is None:
        raise MissingExtraError("Parquet output", "frame")


def write_rows(form: FormName, table: TableName, rows: Sequence[Row], stream: BinaryIO) -> None:
    """Write rows as a whole file. Parquet holds numbers where JSON lines hold exact decimal strings."""
    if form == "parquet":
        _write_parquet(table, rows, stream)
        return
    for row in rows:
        line = json.dumps({column: row[column] for column in COLUMNS[table]}, ensure_ascii=False)
        stream.write(line.encode("utf-8") + b"\n")


def read_rows(form: FormName, path: Path) -> Iterator[Row]:
    """Yield the rows of a file that :func:`write_rows` wrote.

    Raises:
        OutputError: it is damaged.
    """
    try:
        yield from _read_parquet(path) if form == "parquet" else _read_jsonl(path)
    except (OSError, ValueError) as error:  # pyarrow's own errors are ValueErrors
        hint = "Delete the part's file in documents/ and run the same command again."
        raise OutputError(f"a part is damaged ({error})", where=str(path), hint=hint) from None


def _read_jsonl(path: Path) -> Iterator[Row]:
    with path.open("rb") as stream:
        yield from map(json.loads, stream)


def _write_parquet(table: TableName, rows: Sequence[Row], stream: BinaryIO) -> None:
    import pyarrow
    from pyarrow import parquet

    schema = _schema(table)
    columns = [pyarrow.array(_cells(rows, field.name, field.type), field.type) for field in schema]
    parquet.write_table(pyarrow.Table.from_arrays(columns, schema=schema), stream, compression="zstd")


def _cells(rows: Sequence[Row], name: str, kind: pyarrow.DataType) -> list[Any]:
    numbers = name in NUMBER_COLUMNS and str(kind) == "double"
    return [float(row[name]) if numbers and row[name] is not None else row[name] for row in rows]


def _schema(table: TableName) -> pyarrow.Schema:
    import pyarrow

    kinds = {
        "string": pyarrow.string(),
        "float64": pyarrow.float64(),
        "int64": pyarrow.int64(),
        "Int64": pyarrow.int64(),
        "bool": pyarrow.bool_(),
    }
    # `facts` is a count in the documents and words in the tasks, so the types are looked up by table.
    return pyarrow.schema([(name, kinds[TYPES[table].get(name, "string")]) for name in COLUMNS[table]])


def _read_parquet(path: Path) -> Iterator[Row]:
    from pyarrow import parquet

    with parquet.ParquetFile(path) as table:
        for batch in table.iter_batches(batch_size=_READ_ROWS):
            yield from batch.to_pylist()
