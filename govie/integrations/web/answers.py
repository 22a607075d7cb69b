"""Answers in one form: an error is always ``{"error": …, "hint": …}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as BareHTTPException

from govie.integrations.web.jobs import Failure, Form, Reply
from govie.writers import Content

__all__ = ["MEDIA_TYPES", "error_response", "on_http_error", "on_invalid_request", "refused", "reply_response"]

MEDIA_TYPES: Mapping[Form, str] = {
    "extraction": "application/json",
    "page": "text/html; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "html": "text/html; charset=utf-8",
}
_HINTS = {404: "See /docs for what there is.", 405: "See /docs for the methods there are."}


def refused(status: int, error: str, hint: str | None, headers: Mapping[str, str] | None = None) -> HTTPException:
    """Return the exception that ends a request with this status and these words."""
    return HTTPException(status, {"error": error, "hint": hint}, dict(headers) if headers else None)


def error_response(status: int, error: str, hint: str | None, **more: Any) -> JSONResponse:
    """Return an error as JSON."""
    return JSONResponse({"error": error, "hint": hint, **more}, status)


def reply_response(reply: Reply, form: Form, content: Content) -> Response:
    """Return a worker's reply: its body, or what failed where there is none.

    Rows and reports come as a file to save. Their formats have no place for a failure,
    so that one failure there is the whole answer; the page and JSON say it beside the rest.
    """
    if not reply.body:
        return _failed(reply.failures)
    headers = {} if form in ("extraction", "page", "json") else {"Content-Disposition": _attachment(form, content)}
    return Response(reply.body, media_type=MEDIA_TYPES[form], headers=headers)


def _failed(failures: tuple[Failure, ...]) -> JSONResponse:
    first = failures[0]
    named = [{"name": failure.name, "error": failure.error, "hint": failure.hint} for failure in failures]
    return error_response(first.status, f"{first.name}: {first.error}", first.hint, failures=named)


def _attachment(form: Form, content: Content) -> str:
    name = f"govie-{content}" if form in ("csv", "parquet") else "govie"
    return f'attachment; filename="{name}.{form}"'


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    """Answer an error that ended a request."""
    assert isinstance(error, BareHTTPException)
    detail = error.detail if isinstance(error.detail, dict) else _plain(error)
    response = error_response(error.status_code, **detail)
    response.headers.update(error.headers or {})
    return response


def _plain(error: BareHTTPException) -> dict[str, Any]:
    """Words for the errors of the framework, which say no more than a status."""
    return {"error": str(error.detail).lower(), "hint": _HINTS.get(error.status_code)}


async def on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    """Answer a request that does not fit the description of its operation."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return error_response(422, f"{place}: {first['msg'].lower()}", "See /docs for what is expected.")
