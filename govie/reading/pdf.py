"""PDF files with a text layer: its lines joined into paragraphs, running heads and page numbers out.

``source_offset`` leads into the text layer as pypdf extracts it, pages divided by form feeds; radicals that a font
gives for whole characters (⻓ for 长) are put right. Tables stay lines: a PDF does not say where its cells are. Pages
that are only images hold no text; they are named in the log, and a file without any text is refused.
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from govie.config import Limits
from govie.document import Document
from govie.errors import EncryptedError, FormatError, LimitError, MissingExtraError
from govie.lexicon import load_table
from govie.reading.build import build_document
from govie.reading.foreign import damage_as_error
from govie.reading.pdf_lines import join_pages

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["read_pdf"]

_log = logging.getLogger(__name__)

_WHAT = "PDF"
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f\U000f0000-\U0010ffff]")
_MOST_UNREADABLE = 0.3
_OCR = "Run text recognition (OCR) on it first."
_PAGES_NAMED = 20
_KANGXI = range(0x2F00, 0x2FD6)


def read_pdf(data: bytes, *, where: str, limits: Limits) -> Document:
    """Return the document in a PDF's text layer.

    Args:
        data: the file's bytes.
        where: its name, for messages.
        limits: ``pdf_pages`` counts.

    Raises:
        MissingExtraError: pypdf, or what it needs to decrypt the file, is not installed.
        EncryptedError: it cannot be opened without a password.
        LimitError: it has too many pages.
        FormatError: it is damaged, or has no text layer that can be read.
    """
    try:
        import pypdf  # noqa: F401
    except ImportError:
        raise MissingExtraError("Reading PDF files", "office") from None

    with damage_as_error(_WHAT, where):
        reader = _open(data, where)
        if len(reader.pages) > limits.pdf_pages:
            what = f"{len(reader.pages)} pages, more than the {limits.pdf_pages} allowed"
            raise LimitError(what, where=where, hint="Raise Limits.pdf_pages.")
        pages = list(_page_texts(reader, where))
    _check_readable("".join(pages), where)
    text = join_pages(pages)
    return build_document(text.text, source_map=text.source_map)


def _open(data: bytes, where: str) -> PdfReader:
    """Open a file; one that is only protected against printing and the like opens with the empty password."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(io.BytesIO(data))
        opened = not reader.is_encrypted or reader.decrypt("")
    except DependencyError:
        raise MissingExtraError("Reading this encrypted PDF file", "office") from None
    if not opened:
        raise EncryptedError("the PDF needs a password", where=where, hint="Save it without a password first.")
    return reader


def _page_texts(reader: PdfReader, where: str) -> Iterator[str]:
    """Yield the text of every page; name the pages that have images and no text in the log."""
    pictures = []
    for number, page in enumerate(reader.pages, 1):
        # Some fonts' maps hold lone halves of UTF-16 pairs; whole pairs come as two code points.
        text = page.extract_text().encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = text.translate(_ideographs())
        if not text.strip() and _has_image(page):
            pictures.append(number)
        yield text
    if pictures:
        named = ", ".join(map(str, pictures[:_PAGES_NAMED])) + (" …" if len(pictures) > _PAGES_NAMED else "")
        _log.warning("%s: %d pages are images without text: %s", where, len(pictures), named)


@lru_cache(maxsize=1)
def _ideographs() -> dict[int, str]:
    """Return the characters that fonts confuse with radicals, by code point of the radical."""
    table = {code: unicodedata.normalize("NFKC", chr(code)) for code in _KANGXI}
    table.update((ord(row["radical"]), row["ideograph"]) for row in load_table("radicals.tsv"))
    return table


def _has_image(page: Any) -> bool:
    resources = page.get("/Resources")
    pictures = resources.get_object().get("/XObject") if resources is not None else None
    return bool(pictures)


def _check_readable(text: str, where: str) -> None:
    visible = "".join(text.split())
    if not visible:
        raise FormatError("the PDF has no text layer", where=where, hint=_OCR)
    if len(_UNREADABLE.findall(visible)) > _MOST_UNREADABLE * len(visible):
        raise FormatError("the PDF's fonts do not say which characters they show", where=where, hint=_OCR)
