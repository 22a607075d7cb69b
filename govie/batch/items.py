"""What goes through a batch job: one document, or one thing that could not be read as documents."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, fields
from typing import Any, Literal

__all__ = ["Failure", "Item", "Stage", "content_id", "text_digest"]

Stage = Literal["source", "read", "extract", "timeout", "worker"]
_ID_LENGTH = 24  # 96 bits: among a thousand million documents, two alike by chance once in 10**11 jobs
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_AS_TEXT = "text"  # stands where a file has its suffix; no suffix lacks the dot


@dataclass(frozen=True, slots=True)
class Item:
    """One document to extract from. Exactly one of ``file``, ``data`` and ``text`` is set.

    Attributes:
        path: its name in the tables: a file's path, ``archive.zip/member`` or ``table.csv#row``; fit for UTF-8.
        sha256: hexadecimal SHA-256 of the file's bytes, or of the text in UTF-8.
        size: bytes of the content.
        row: number or identifier of the row in its table, None outside tables.
        file: where the content is read from, as given to ``open``.
        data: the content as a file's bytes.
        text: the content as text.
    """

    path: str
    sha256: str
    size: int = 0
    row: str | None = None
    file: str | None = None
    data: bytes | None = None
    text: str | None = None

    @property
    def suffix(self) -> str:
        """Ending of the name in lower case (``.html``), which can decide how bytes are read; else an empty string."""
        found = _SUFFIX.search(self.path)
        return found.group().lower() if found else ""

    @property
    def id(self) -> str:
        """The document's id: see :func:`content_id`."""
        return content_id(self.sha256, _AS_TEXT if self.text is not None else self.suffix)

    def to_json(self) -> dict[str, Any]:
        """Return plain values for JSON; :meth:`from_json` undoes it."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return plain | {"data": None if self.data is None else b64encode(self.data).decode("ascii")}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Item:
        """Return the item that :meth:`to_json` made ``plain`` of."""
        data = plain["data"]
        return cls(**plain | {"data": None if data is None else b64decode(data)})


@dataclass(frozen=True, slots=True)
class Failure:
    """Something in the input of which no document could be made: a corrupt table, a file that may not be read."""

    path: str
    error: Exception


def content_id(sha256: str, read_as: str) -> str:
    """Return the id of a document: 24 hexadecimal digits that its content alone decides.

    The same bytes read as Markdown and as plain text give different documents, so ``read_as`` counts as content.
    """
    return hashlib.sha256(f"{read_as}\n{sha256}".encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]


def text_digest(text: str) -> str:
    """Return the hexadecimal SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
