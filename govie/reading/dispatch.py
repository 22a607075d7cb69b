"""Any document, by path or as bytes: find out what it is and hand it to its reader."""

from __future__ import annotations

import os
from pathlib import Path

from govie.config import LIMITS, Limits
from govie.document import Document, Metadata
from govie.errors import EncryptedError, FormatError, LimitError, OptionError, ReadError
from govie.reading.assemble import assemble_plain
from govie.reading.build import build_document
from govie.reading.encoding import Decoded, decode
from govie.reading.sniff import looks_like_html, sniff

__all__ = ["read"]

_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
_FROM_BYTES = "<bytes>"


def read(source: str | os.PathLike[str] | bytes, *, name: str = "", limits: Limits = LIMITS) -> Document:
    """Read a document: text, HTML, Markdown, .docx (tables, numbering and notes included) or a PDF's text layer.

    The content decides, and the name's ending only where the content leaves it open: Markdown and plain text look
    alike. A name that promises a .docx or .pdf must be kept, so that an error page saved as ``report.pdf`` is not
    taken for the report.

    Args:
        source: a path (every str is one; ``govie.extract`` takes text), or a file's bytes.
        name: what the file is called that ``source`` holds the bytes of; a path has its own.
        limits: bounds on what is accepted.

    Raises:
        ReadError: there is no such file, it is a directory, or it may not be read.
        FormatError: the content is not what the name promises, or is in a format that is not read.
        EncryptedError: the document needs a password.
        LimitError: the document is larger than ``limits`` allow.
        MissingExtraError: .docx or .pdf, and ``govie[office]`` is not installed.
        OptionError: ``source`` is neither a path nor bytes.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _read_bytes(bytes(source), Path(name).suffix.lower(), name or _FROM_BYTES, limits)
    if not isinstance(source, (str, os.PathLike)):
        raise OptionError(f"cannot read a {type(source).__name__}", hint="Pass a path or bytes.")
    if not os.fspath(source):
        raise ReadError("the path is empty", where="source", hint="Pass a path or bytes.")
    path = Path(os.fsdecode(source))
    return _read_bytes(_load(path, limits), path.suffix.lower(), str(path), limits)


def _load(path: Path, limits: Limits) -> bytes:
    try:
        if path.is_dir():
            raise ReadError("this is a directory", where=str(path), hint="Pass the files in it one by one.")
        if not path.exists():
            raise ReadError("no such file", where=str(path))
        if not path.is_file():
            hint = "Pass its bytes; on the command line, pipe them to -."
            raise ReadError("this is not a regular file", where=str(path), hint=hint)
        _check_size(path.stat().st_size, str(path), limits)
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ReadError(f"cannot be read ({reason})", where=str(path)) from None


def _check_size(size: int, where: str, limits: Limits) -> None:
    if size > limits.source_bytes:
        hint = "Raise Limits.source_bytes."
        raise LimitError(f"{size} bytes, more than the {limits.source_bytes} allowed", where=where, hint=hint)


def _read_bytes(data: bytes, suffix: str, where: str, limits: Limits) -> Document:
    _check_size(len(data), where, limits)
    kind, foreign = sniff(data)
    if kind == "encrypted":
        raise EncryptedError("the document is encrypted", where=where, hint="Save it without a password first.")
    if foreign:
        raise FormatError(f"this is {foreign.name}", where=where, hint=foreign.hint)
    if kind == "docx":
        from govie.reading.docx import read_docx

        return read_docx(data, where=where, limits=limits)
    if kind == "pdf":
        from govie.reading.pdf import read_pdf

        return read_pdf(data, where=where, limits=limits)
    if suffix in (".docx", ".pdf"):
        raise FormatError(f"named {suffix}, but the content is not", where=where, hint="Is it a saved error page?")
    return _read_text(decode(data, where=where), suffix, where, limits)


def _read_text(decoded: Decoded, suffix: str, where: str, limits: Limits) -> Document:
    if looks_like_html(decoded.text, named_so=suffix in _HTML_SUFFIXES):
        from govie.reading.html import read_html

        return read_html(decoded, where=where, limits=limits)
    if suffix in _MARKDOWN_SUFFIXES:
        from govie.reading.markdown import read_markdown

        return read_markdown(decoded, where=where, limits=limits)
    plain = assemble_plain(decoded.text)
    known = Metadata(encoding=decoded.encoding)
    return build_document(plain.text, source_map=plain.source_map, known=known)
