"""One document in, its rows of the four tables out: what every engine runs, wherever it runs.

    process(item: Item, extractor: Extractor, max_characters: int) -> Outcome

Nothing a document does to govie escapes from :func:`process`: what goes wrong is a row of the table ``errors``. Only
what ends the process, or never returns, is left to the engine, which records it with :func:`failed`. The same item
gives the same rows in every engine, but for the column ``seconds``.
"""

from __future__ import annotations

import hashlib
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govie.batch.items import Item, Stage
from govie.batch.tables import storable_row
from govie.config import LIMITS
from govie.document import Document
from govie.errors import GovieError, LimitError, ReadError
from govie.reading import from_text, read
from govie.reading.sniff import looks_like_html, sniff
from govie.records import Extraction
from govie.rows import Row, fact_rows, source_columns, task_rows

if TYPE_CHECKING:
    from govie.pipeline import Extractor

__all__ = ["Outcome", "content", "failed", "process"]

_WIDEST = 4  # most bytes of one character in UTF-8, UTF-16, UTF-32 and GB18030


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: either one row of ``documents`` with its facts and tasks, or one row of ``errors``."""

    facts: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    documents: list[Row] = field(default_factory=list)
    errors: list[Row] = field(default_factory=list)

    @property
    def head(self) -> Row:
        """The row of ``documents`` or of ``errors``."""
        return (self.documents or self.errors)[0]


def process(item: Item, extractor: Extractor, max_characters: int) -> Outcome:
    """Read a document, extract from it, and return its rows.

    Args:
        item: the document.
        extractor: used for one document at a time.
        max_characters: longest text that is accepted, in code points.

    Returns:
        A row of ``documents`` and those of ``facts`` and ``tasks``, or a row of ``errors`` with the stage ``read`` or
        ``extract``. All strings can be written as UTF-8.
    """
    began = time.perf_counter()
    try:
        document = _read(item, max_characters)
    except Exception as error:  # whatever a file does to a reader, the job goes on
        return failed(item, "read", error)
    try:
        extraction = extractor(document)
        return _outcome(item, document, extraction, extractor.mode, time.perf_counter() - began)
    except Exception as error:
        return failed(item, "extract", error)


def failed(item: Item, stage: Stage, error: Exception) -> Outcome:
    """Return the outcome of an item that gave no result.

    Args:
        item: the document.
        stage: ``read``, ``extract``, ``timeout`` (it took too long) or ``worker`` (its process ended).
        error: what went wrong.
    """
    known = {"id": item.id, "path": item.path, "row": item.row, "sha256": item.sha256}
    return Outcome(errors=[storable_row(known | {"stage": stage} | error_columns(error))])


def error_columns(error: Exception) -> Row:
    """Return the columns ``error`` and ``message`` for what went wrong."""
    return {"error": type(error).__name__, "message": _message(error)}


def _message(error: Exception) -> str:
    if isinstance(error, GovieError):  # the path has a column of its own
        return f"{error.what}. {error.hint}" if error.hint else error.what
    if isinstance(error, OSError):
        return error.strerror or str(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"unexpected {type(error).__name__}{place}: {error}. This is a fault of govie; please report it."


def _read(item: Item, max_characters: int) -> Document:
    document = _document(item, max_characters)
    if not document.text.strip():
        raise ReadError("there is no text in it", where=item.path, hint="Pictures of text need text recognition first.")
    _check_length(len(document.text), item.path, max_characters)
    return document


def _document(item: Item, max_characters: int) -> Document:
    if item.text is not None:
        return _from_text(item.text, item.path, max_characters)
    data = content(item)
    if not data:
        raise ReadError("the file is empty", where=item.path)
    if sniff(data)[0] == "text":
        _check_length(len(data) // _WIDEST, item.path, max_characters)
    return read(data, name=item.path)


def _from_text(text: str, path: str, max_characters: int) -> Document:
    """Read a table's text: as it stands, so that offsets are those of the table, unless it is a page's source."""
    _check_length(len(text), path, max_characters)
    if looks_like_html(text, named_so=False):
        return read(text.encode("utf-8", "replace"), name=path)
    return from_text(text)


def content(item: Item) -> bytes:
    """Return the bytes of an item that is no text.

    Raises:
        OSError: its file cannot be read.
        ReadError: the file is not what it was when the item was made.
    """
    if item.data is not None:
        return item.data
    assert item.file is not None
    with open(item.file, "rb") as stream:
        data = stream.read(LIMITS.source_bytes + 1)
    if hashlib.sha256(data).hexdigest() != item.sha256:
        raise ReadError("the file changed while the job ran", where=item.path, hint="Run the same command again.")
    return data


def _check_length(characters: int, path: str, most: int) -> None:
    if characters > most:
        raise LimitError(
            f"{characters} characters or more, and {most} are allowed",
            where=path,
            hint="Split it, or allow more characters a document.",
        )


def _outcome(item: Item, document: Document, extraction: Extraction, mode: str, seconds: float) -> Outcome:
    known: dict[str, Any] = {"id": item.id, "path": item.path, **source_columns(document)}
    facts = [storable_row(row) for row in fact_rows(extraction, **known)]
    tasks = [storable_row(row) for row in task_rows(extraction, **known)]
    row = _document_row(item, document, extraction) | {"seconds": round(seconds, 4), "mode": mode}
    return Outcome(facts, tasks, [storable_row(row)])


def _document_row(item: Item, document: Document, extraction: Extraction) -> Row:
    metadata = document.metadata
    return {
        "id": item.id,
        "path": item.path,
        "row": item.row,
        "sha256": item.sha256,
        "duplicate": False,
        "title": metadata.title,
        "region": source_columns(document)["region"],
        "year": metadata.year,
        "document_kind": metadata.kind,
        "issuer": metadata.issuer,
        "written": metadata.written,
        "published": metadata.published,
        "encoding": metadata.encoding,
        "characters": len(document.text),
        "facts": len(extraction.facts),
        "tasks": len(extraction.tasks),
        "quantities": sum(span.label == "QUANTITY" for span in extraction.spans),
    }
