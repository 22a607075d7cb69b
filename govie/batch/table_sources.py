"""The documents in tables: JSON lines, CSV and Parquet with a column of texts. Rows are read one by one."""

from __future__ import annotations

import codecs
import csv
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from govie.batch.items import Failure, Item, text_digest
from govie.config import LIMITS
from govie.errors import FormatError, LimitError, MissingExtraError, ReadError
from govie.rows import storable

__all__ = ["TABLE_READERS", "count_rows"]

TableReader = Callable[[str, str, "str | None"], Iterator["Item | Failure"]]

_CHUNK = 1 << 20
_PARQUET_ROWS = 64  # decoded together; few, because a text may be long


def _jsonl_items(path: str, text_column: str, id_column: str | None) -> Iterator[Item | Failure]:
    with open(path, "rb") as stream:
        for number, line in enumerate(_lines(stream), start=1):
            if not line.strip():
                continue
            try:
                row = _json_object(line, _row_path(path, number), text_column, id_column)
            except ReadError as error:
                yield Failure(_row_path(path, number), error)
            else:
                yield _row_item(path, number, row[text_column], row[id_column] if id_column else None)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines; of one longer than the limit only the beginning."""
    while line := stream.readline(LIMITS.source_bytes + 1):
        whole = line.endswith(b"\n") or len(line) <= LIMITS.source_bytes
        yield line
        while not whole:
            rest = stream.readline(_CHUNK)
            whole = not rest or rest.endswith(b"\n")


def _json_object(line: bytes, where: str, text_column: str, id_column: str | None) -> dict[str, Any]:
    if len(line) > LIMITS.source_bytes:
        raise LimitError(f"more than {LIMITS.source_bytes} bytes in a line", where=where)
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"the line is no JSON ({error})", where=where) from None
    if not isinstance(row, dict):
        raise FormatError("the line is no JSON object", where=where)
    _check_columns(list(row), text_column, id_column, where)
    return row


def _csv_items(path: str, text_column: str, id_column: str | None) -> Iterator[Item | Failure]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a report is longer than the 131,072 characters of the default
    encoding = _csv_encoding(path)
    number = 0
    with open(path, encoding=encoding, newline="") as stream:
        reader = csv.DictReader(stream)
        try:
            _check_columns(list(reader.fieldnames or ()), text_column, id_column, path)
            for number, row in enumerate(reader, start=1):
                yield _row_item(path, number, row[text_column], row[id_column] if id_column else None)
        except (csv.Error, UnicodeError) as error:
            what = f"after row {number} the table cannot be read ({error})"
            raise FormatError(what, where=path, hint="Save it as CSV in UTF-8 once more.") from None


def _csv_encoding(path: str) -> str:
    """Tell UTF-8 from what spreadsheets write on Chinese systems, which GB18030 contains."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open(path, "rb") as stream:
        try:
            while piece := stream.read(_CHUNK):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _parquet_items(path: str, text_column: str, id_column: str | None) -> Iterator[Item | Failure]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("reading Parquet", "frame") from None
    number = 0
    try:
        with parquet.ParquetFile(path) as table:
            _check_columns(table.schema_arrow.names, text_column, id_column, path)
            columns = [text_column, *([id_column] if id_column and id_column != text_column else [])]
            for batch in table.iter_batches(batch_size=_PARQUET_ROWS, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    yield _row_item(path, number, row[text_column], row[id_column] if id_column else None)
    except (pyarrow.ArrowException, OSError) as error:
        what = f"after row {number} the Parquet table cannot be read ({error})"
        raise FormatError(what, where=path, hint="It is damaged; make or fetch it again.") from None


def _check_columns(there: Sequence[str], text_column: str, id_column: str | None, where: str) -> None:
    for column in (text_column, id_column):
        if column is not None and column not in there:
            what = f"there is no column {column!r}; there is {', '.join(map(repr, there))}"
            raise FormatError(what, where=where, hint="Name the columns with --text-column and --id-column.")


def _row_item(path: str, number: int, content: Any, identifier: Any) -> Item | Failure:
    row = storable(str(number if identifier is None else identifier))
    name = _row_path(path, row)
    if isinstance(content, bytes):
        return Item(name, hashlib.sha256(content).hexdigest(), size=len(content), row=row, data=content)
    if not isinstance(content, str):
        found = "is empty" if content is None else f"holds {type(content).__name__}, not text"
        return Failure(name, ReadError(f"the text column {found}", where=name))
    return Item(name, text_digest(content), size=len(content), row=row, text=content)


def _row_path(path: str, row: int | str) -> str:
    return storable(f"{path}#{row}")


def count_rows(path: str) -> int:
    """Return how many rows a table has; for text, how many lines."""
    if path.lower().endswith(".parquet"):
        from pyarrow import parquet

        with parquet.ParquetFile(path) as table:
            return int(table.metadata.num_rows)
    with open(path, "rb") as stream:
        lines = sum(piece.count(b"\n") for piece in iter(lambda: stream.read(_CHUNK), b""))
    return max(lines, 1)


TABLE_READERS: Mapping[str, TableReader] = {
    ".jsonl": _jsonl_items,
    ".ndjson": _jsonl_items,
    ".csv": _csv_items,
    ".parquet": _parquet_items,
}
