"""What a worker process does for one request: reads, extracts, and writes the answer's body.

Only plain records go into a worker and come out of it, failures included, so that
nothing but text and bytes has to cross between the processes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import Any, Literal

from govie.config import LIMITS, Mode
from govie.document import Document
from govie.errors import FormatError, GovieError, LimitError, MissingExtraError
from govie.integrations.report.entry import Entry
from govie.integrations.web.page import page_html
from govie.pipeline import Extractor, load
from govie.reading import from_text, read
from govie.writers import WRITERS, Content, Result, require_parquet

__all__ = ["Failure", "Form", "Job", "Reply", "Source", "explained", "work"]

Form = Literal["extraction", "page", "json", "jsonl", "csv", "parquet", "html"]

_STATUS: tuple[tuple[type[GovieError], int], ...] = ((LimitError, 413), (FormatError, 415), (MissingExtraError, 501))
_UNPACKED = 8  # times as large as the request may be what a zip-based format unpacks to


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to extract from: a str is text, bytes are a file."""

    name: str
    content: str | bytes


@dataclass(frozen=True, slots=True)
class Job:
    """One request: what to extract from, how to answer, and the bounds.

    Attributes:
        content: facts or tasks, where the form holds rows of one or the other.
        request_bytes: largest source, in bytes.
        first: number of the first document, for the form ``page``.
    """

    sources: tuple[Source, ...]
    form: Form
    mode: Mode
    request_bytes: int
    content: Content = "facts"
    first: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that gave no result, and the HTTP status that says so."""

    name: str
    error: str
    hint: str | None
    status: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The body of an answer, and what failed on the way to it."""

    body: bytes
    failures: tuple[Failure, ...] = ()


def work(job: Job) -> Reply:
    """Extract from every source and write the answer; a source that fails does not stop the others."""
    outcomes = [_outcome(source, job) for source in job.sources]
    results = [outcome for outcome in outcomes if isinstance(outcome, Result)]
    failures = tuple(outcome for outcome in outcomes if isinstance(outcome, Failure))
    if job.form == "page":
        return Reply(_page(results, failures, job), failures)
    if failures and (job.form != "json" or not results):
        return Reply(b"", failures)
    try:
        return Reply(b"".join(_body(results, failures, job)), failures)
    except MissingExtraError as error:
        return Reply(b"", (explained(f"format={job.form}", error),))


def explained(name: str, error: Exception) -> Failure:
    """Say what went wrong with a source, for people; an unexpected error is owned up to."""
    if isinstance(error, GovieError):
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 422)
        return Failure(name, error.what, error.hint, status)
    hint = "This is a fault of govie; please report it with the document."
    return Failure(name, f"unexpected {type(error).__name__}: {error}", hint, 500)


@lru_cache(maxsize=1)
def _extractor(mode: Mode) -> Extractor:
    """Return this process's extractor, loaded for its first request and kept."""
    return load(mode=mode)


def _outcome(source: Source, job: Job) -> Result | Failure:
    try:
        document = _document(source, job.request_bytes)
        return Result(source.name, document, _extractor(job.mode)(document))
    except Exception as error:  # the last line of defence: whatever it is, the user gets a message
        return explained(source.name, error)


def _document(source: Source, request_bytes: int) -> Document:
    if isinstance(source.content, str):
        return from_text(source.content)
    limits = replace(LIMITS, source_bytes=request_bytes, unpacked_bytes=_UNPACKED * request_bytes)
    return read(source.content, name=source.name, limits=limits)


def _page(results: Sequence[Result], failures: Sequence[Failure], job: Job) -> bytes:
    entries = [
        Entry(f"d{job.first + index}", result.path, result.extraction, result.document)
        for index, result in enumerate(results)
    ]
    notices = [(failure.name, failure.error, failure.hint) for failure in failures]
    return page_html(entries, notices, request_bytes=job.request_bytes).encode("utf-8")


def _body(results: Sequence[Result], failures: Sequence[Failure], job: Job) -> Iterator[bytes]:
    if job.form == "extraction":
        yield _json(results[0].extraction.to_dict())
    elif job.form == "json":
        yield _json({"documents": [_plain(result) for result in results], "failures": [_said(f) for f in failures]})
    else:
        if job.form == "parquet":
            require_parquet()
        out = BytesIO()
        WRITERS[job.form](results, out, job.content)
        yield out.getvalue()


def _plain(result: Result) -> dict[str, Any]:
    metadata = asdict(result.document.metadata)
    return {"name": result.path, "metadata": metadata, "extraction": result.extraction.to_dict()}


def _said(failure: Failure) -> dict[str, Any]:
    return {"name": failure.name, "error": failure.error, "hint": failure.hint}


def _json(value: dict[str, Any]) -> bytes:
    # What UTF-8 cannot hold, a lone surrogate, becomes the \udXXX that JSON has for it.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
