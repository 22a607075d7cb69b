"""The sources in a multipart form, read without a file on disk."""

from __future__ import annotations

from pathlib import PurePosixPath

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from govie.integrations.web.answers import refused
from govie.integrations.web.jobs import Source

__all__ = ["FORM_BODY", "read_form", "sources_of"]

_PARTS = 200  # files, and texts, in one request
_NAME = 24  # code points of a text that serve as its name

FORM_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "anyOf": [{"required": ["files"]}, {"required": ["text"]}],
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                            "description": "Text, HTML, Markdown, Word (.docx) or PDF files, each with its file name.",
                        },
                        "text": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "minLength": 1},
                            "description": "Texts as they are; line ends become \\n, since forms send them as \\r\\n.",
                        },
                    },
                }
            }
        },
    }
}
"""What :func:`read_form` takes, as OpenAPI says it."""


class _InMemory(MultiPartParser):
    """Keeps files in memory whatever their size: nothing that is sent touches the disk."""

    spool_max_size = 0  # SpooledTemporaryFile: never roll over


async def read_form(request: Request, limit: int) -> FormData:
    """Return the parts of a multipart body.

    Args:
        limit: largest part in bytes; the body as a whole is bounded elsewhere.

    Raises:
        HTTPException: the body is no multipart form, or has too many parts.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise refused(415, "the body is no form", "Send multipart/form-data with files or text.")
    parser = _InMemory(request.headers, request.stream(), max_files=_PARTS, max_fields=_PARTS, max_part_size=limit)
    try:
        return await parser.parse()
    except MultiPartException as error:
        raise refused(400, f"the form cannot be read ({error.message})", f"At most {_PARTS} parts.") from None


async def sources_of(form: FormData) -> tuple[Source, ...]:
    """Return the files and texts of a form in their order.

    A browser sends an empty part for a field left empty; those are left out.

    Raises:
        HTTPException: there is neither a file nor a text.
    """
    found = [
        Source(_file_name(value), await value.read()) if isinstance(value, UploadFile) else _text(value)
        for name, value in form.multi_items()
        if name == ("files" if isinstance(value, UploadFile) else "text")
    ]
    sources = tuple(source for source in found if source.name)
    if not sources:
        raise refused(422, "there is neither a file nor a text", "Send files with their names, or text.")
    return sources


def _file_name(upload: UploadFile) -> str:
    """The last part of the name, whatever path a program put before it."""
    return PurePosixPath((upload.filename or "").replace("\\", "/")).name


def _text(value: str) -> Source:
    text = value.replace("\r\n", "\n")
    line = " ".join(text[: 10 * _NAME].split())
    return Source(line if len(line) <= _NAME else line[:_NAME] + "…", text)
