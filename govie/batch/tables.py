"""The four tables of a batch job: their names and columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from govie.rows import COLUMN_TYPES, FACT_COLUMNS, SOURCE_COLUMNS, TASK_COLUMNS, Row, storable

__all__ = ["COLUMNS", "DOCUMENT_COLUMNS", "ERROR_COLUMNS", "TABLES", "TYPES", "TableName", "storable_row"]

TableName = Literal["facts", "tasks", "documents", "errors"]
TABLES: tuple[TableName, ...] = get_args(TableName)

_LEADING = ("id", "path", *SOURCE_COLUMNS)
DOCUMENT_COLUMNS = (
    *("id", "path", "row", "sha256", "duplicate"),
    *("title", "region", "year", "document_kind", "issuer", "written", "published", "encoding"),
    *("characters", "facts", "tasks", "quantities", "seconds", "mode"),
)
ERROR_COLUMNS = ("id", "path", "row", "sha256", "stage", "error", "message")
COLUMNS: Mapping[TableName, tuple[str, ...]] = {
    "facts": (*_LEADING, *FACT_COLUMNS),
    "tasks": (*_LEADING, *TASK_COLUMNS),
    "documents": DOCUMENT_COLUMNS,
    "errors": ERROR_COLUMNS,
}

_DOCUMENT_TYPES = {
    **dict.fromkeys(("characters", "facts", "tasks", "quantities"), "int64"),
    **{"year": "Int64", "seconds": "float64", "duplicate": "bool"},
}
TYPES: Mapping[TableName, Mapping[str, str]] = {
    "facts": COLUMN_TYPES,
    "tasks": COLUMN_TYPES,
    "documents": _DOCUMENT_TYPES,
    "errors": {},
}
"""What the columns hold in Parquet; a column that is not named here holds strings."""


def storable_row(row: Row) -> Row:
    """Return the row with strings that every file format can hold; see :func:`govie.rows.storable`."""
    return {name: storable(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
