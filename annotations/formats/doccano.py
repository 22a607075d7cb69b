"""doccano's JSONL for relation extraction: ``entities`` and ``relations`` beside ``text``.

On import doccano keeps every other column as the example's metadata and returns it on export, so
the rest of a record stands in a column ``meta``, as text: doccano shows metadata in a table. Ids
are doccano's own and change. Source: doccano, ``backend/data_import`` and ``backend/data_export``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from annotations.formats.meta import join, pack
from annotations.records import Record, dump_record, load_json, one_line, parse_record, read_records
from govie.errors import FormatError

__all__ = ["read", "write"]

_NATIVE = ("text", "entities", "relations")


def write(records: Sequence[Record], path: Path) -> None:
    """Write JSONL to import into a project for sequence labelling with relations."""
    lines = []
    for record in records:
        line = dump_record(record)
        lines.append(one_line({**{key: line[key] for key in _NATIVE}, "meta": one_line(pack(record))}) + "\n")
    path.write_bytes("".join(lines).encode())


def read(path: Path) -> list[Record]:
    """Read what doccano exports as JSONL.

    Raises:
        ReadError: the file cannot be read.
        FormatError: a line is broken or has lost its metadata.
    """
    return read_records(path, _parse)


def _parse(value: object) -> Record:
    if not isinstance(value, dict) or not isinstance(value.get("meta"), str):
        raise FormatError("there is no column meta")
    record = parse_record({**{key: value.get(key) for key in _NATIVE}, "id": "", "source": {}})
    meta = load_json(value["meta"])
    if not isinstance(meta, dict):
        raise FormatError("meta is not an object")
    return join(record, meta)
