"""Parquet for Hugging Face datasets: ``load_dataset("parquet", data_files="gold.parquet")``.

One row a sentence, with lists of entities, relations and facts to train from; the column ``meta``
holds the rest as JSON. Heads, tails, indicators and quantities are positions in ``entities``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from annotations.formats.meta import bare, join, pack
from annotations.records import Entity, Link, Record, load_json, one_line
from govie.errors import FormatError, MissingExtraError, ReadError

__all__ = ["read", "write"]

_ATTRIBUTES = ("kind", "direction", "bound", "status", "period", "name")


def _schema() -> Any:
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
    except ImportError:
        raise MissingExtraError("Parquet", "frame") from None
    number, word = pa.int32(), pa.string()
    entity = pa.struct({"start": number, "end": number, "label": word})
    relation = pa.struct({"head": number, "tail": number, "label": word})
    fact = pa.struct({"indicator": number, "quantity": number, **dict.fromkeys(_ATTRIBUTES, word)})
    columns = {"entities": pa.list_(entity), "relations": pa.list_(relation), "facts": pa.list_(fact)}
    return pa.schema({"id": word, "text": word, **columns, "meta": word})


def write(records: Sequence[Record], path: Path) -> None:
    """Write a Parquet file.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    schema = _schema()
    import pyarrow as pa
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    pq.write_table(pa.Table.from_pylist([_row(record) for record in records], schema=schema), path)


def _row(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "text": record.text,
        "entities": [{"start": entity.start, "end": entity.end, "label": entity.label} for entity in record.entities],
        "relations": [{"head": link.head, "tail": link.tail, "label": link.label} for link in record.links],
        "facts": [
            {
                "indicator": fact.indicator,
                "quantity": fact.quantity,
                **{name: fact.attributes.get(name) for name in _ATTRIBUTES},
            }
            for fact in record.facts
        ],
        "meta": one_line(pack(record)),
    }


def read(path: Path) -> list[Record]:
    """Read a Parquet file that was written here.

    Raises:
        MissingExtraError: pyarrow is not installed.
        ReadError: the file cannot be read.
        FormatError: it is not Parquet, or has other columns.
    """
    _schema()
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return [_record(row) for row in pq.read_table(path).to_pylist()]
    except (KeyError, TypeError, pa.ArrowException) as error:
        raise FormatError(f"no Parquet file of ours ({error})", where=str(path)) from None
    except OSError as error:
        raise ReadError(error.strerror or "cannot be read", where=str(path)) from None


def _record(row: dict[str, Any]) -> Record:
    entities = [Entity(each["start"], each["end"], each["label"]) for each in row["entities"]]
    links = [Link(each["head"], each["tail"], each["label"]) for each in row["relations"]]
    return join(bare(row["text"], entities, links)[0], load_json(row["meta"]))  # type: ignore[arg-type]
