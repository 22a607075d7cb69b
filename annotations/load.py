"""Load annotation files of either form, texts joined where they are at hand."""

from __future__ import annotations

from pathlib import Path

from annotations.records import Record, load_json, parse_record
from annotations.standoff import StandoffReader
from annotations.texts import Texts
from govie.annotations import read_lines
from govie.errors import FormatError

__all__ = ["load_records"]


def load_records(path: Path, texts: Texts | None = None) -> list[Record]:
    """Read every sentence of a file.

    Args:
        path: JSONL with texts, or standoff.
        texts: where standoff finds its documents; the seeds by default. A sentence whose
            document is missing has white squares for words.

    Raises:
        ReadError: the file cannot be read.
        FormatError: a line is broken or has other words than its document; the message begins ``file:line:``.
    """
    reader = StandoffReader(texts or Texts())
    records = []
    for number, line in read_lines(path):
        try:
            value = load_json(line)
            record = parse_record(value) if isinstance(value, dict) and "text" in value else reader.read(value)[0]
        except FormatError as error:
            raise FormatError(error.what, where=f"{path}:{number}") from None
        if record is not None:
            records.append(record)
    return records
