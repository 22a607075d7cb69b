"""The application: the page, the JSON API and its description."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException as BareHTTPException

from govie import __version__
from govie.integrations.report.markup import resource
from govie.integrations.web.answers import MEDIA_TYPES, on_http_error, on_invalid_request, reply_response
from govie.integrations.web.docstrings import with_field_descriptions
from govie.integrations.web.forms import FORM_BODY, read_form, sources_of
from govie.integrations.web.guard import Guard
from govie.integrations.web.jobs import Job, Source
from govie.integrations.web.options import WebOptions
from govie.integrations.web.page import ASSETS, page_html
from govie.integrations.web.reference import reference_html
from govie.integrations.web.schemas import Documents, Extracted, Health, Problem, Text
from govie.integrations.web.workers import Workers
from govie.pipeline import load
from govie.writers import Content

__all__ = ["create_app"]

DocumentsForm = Literal["json", "jsonl", "csv", "parquet", "html"]

_ABOUT = """Send text or documents, get facts and tasks. Nothing that is sent is stored, and no address is fetched.
Every error is a JSON object with what went wrong (`error`) and what to do about it (`hint`)."""
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": description, "model": Problem}
    for status, description in {
        400: "The body cannot be read.",
        403: "The request is not for this page, or comes from another site.",
        408: "The body took too long to arrive.",
        413: "The body is too large.",
        415: "The body, or a document in it, is in a format that is not read.",
        422: "The body does not fit, or no document in it can be read.",
        500: "A fault of govie.",
        501: "The format needs an optional dependency that is not installed.",
        503: "Too many requests at once.",
        504: "The extraction took too long.",
    }.items()
}
_FILES = "What was found. In a format other than json a failure has no place and is the whole answer."
_FILE_CONTENTS: dict[str, dict[str, Any]] = {
    media.partition(";")[0]: {} for form, media in MEDIA_TYPES.items() if form not in ("extraction", "page", "json")
}


def create_app(options: WebOptions) -> FastAPI:
    """Return the application, ready for any ASGI server.

    Args:
        options: who may open it and how much a request may ask for; host and port
            only say under which name it is reached.

    Raises:
        ModelError: there is no model for ``options.mode``.
    """
    app = FastAPI(title="govie", version=__version__, description=_ABOUT, docs_url=None, redoc_url=None)
    app.add_middleware(Guard, options=options)
    app.add_exception_handler(BareHTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    workers = Workers(options)
    _add_page(app, options, workers)
    _add_api(app, options, workers)
    app.openapi_schema = with_field_descriptions(app.openapi())
    return app


def _add_page(app: FastAPI, options: WebOptions, workers: Workers) -> None:
    empty = page_html(request_bytes=options.request_bytes)
    assets = {name: (resource(name, package), media) for name, (package, media) in ASSETS.items()}

    @app.get("/", include_in_schema=False)
    def page() -> HTMLResponse:
        return HTMLResponse(empty)

    @app.post("/", include_in_schema=False)
    async def page_of(request: Request) -> Response:
        form = await read_form(request, options.request_bytes)
        first = str(form.get("first", "0"))
        number = int(first) if first.isdecimal() and len(first) < 9 else 0
        job = Job(await sources_of(form), "page", options.mode, options.request_bytes, first=number)
        return reply_response(await workers.run(job, request.receive), "page", "facts")

    @app.get("/assets/{name}", include_in_schema=False)
    def asset(name: str) -> Response:
        if name not in assets:
            raise HTTPException(404)
        content, media = assets[name]
        return Response(content, media_type=media)

    @app.get("/docs", include_in_schema=False)
    def reference(request: Request) -> HTMLResponse:
        return HTMLResponse(reference_html(app.openapi(), str(request.base_url).rstrip("/")))


def _add_api(app: FastAPI, options: WebOptions, workers: Workers) -> None:
    extractor = load(mode=options.mode)
    health = Health(status="ok", version=__version__, mode=extractor.mode, model_hash=extractor.model_hash)

    @app.post(
        "/v1/extract",
        response_model=Extracted,
        response_description="What was found.",
        responses=_PROBLEMS,
        summary="Extract from one text",
    )
    async def extract(body: Text, request: Request) -> Response:
        """Answer with the spans, relations, facts and tasks of a text, offsets into the text as it was sent."""
        job = Job((Source("text", body.text),), "extraction", options.mode, options.request_bytes)
        return reply_response(await workers.run(job, request.receive), "extraction", "facts")

    @app.post(
        "/v1/documents",
        response_model=Documents,
        responses=_PROBLEMS | {200: {"description": _FILES, "content": _FILE_CONTENTS}},
        openapi_extra=FORM_BODY,
        summary="Read documents and extract from them",
    )
    async def documents(
        request: Request,
        form: Annotated[DocumentsForm, Query(alias="format", description="Form of the answer.")] = "json",
        content: Annotated[Content, Query(description="What the rows of csv and parquet are.")] = "facts",
    ) -> Response:
        """Take files (text, HTML, Markdown, Word, PDF) and texts; one that fails does not stop the others."""
        sources = await sources_of(await read_form(request, options.request_bytes))
        job = Job(sources, form, options.mode, options.request_bytes, content)
        return reply_response(await workers.run(job, request.receive), form, content)

    @app.get("/v1/health", response_description="It answers.", summary="Say that the service answers")
    async def said_health() -> Health:
        """Answer with the version, and what is extracted with."""
        return health
