"""What a document's bytes are, whatever its name says."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal, NamedTuple

__all__ = ["ContentKind", "Foreign", "looks_like_html", "sniff"]

ContentKind = Literal["docx", "pdf", "encrypted", "foreign", "text"]


class Foreign(NamedTuple):
    """A format that is known and not read: what it is, and what to do about it."""

    name: str
    hint: str


_AS_DOCX = "Save it as .docx or .pdf first."
_AS_TEXT = "Only text, HTML, Markdown, .docx and .pdf are read."
_UNPACK = "Unpack it first."

# First bytes: the formats' own specifications.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"{\\rtf", Foreign("an RTF document", _AS_DOCX)),
    (b"\x1f\x8b", Foreign("a gzip archive", _UNPACK)),
    (b"BZh", Foreign("a bzip2 archive", _UNPACK)),
    (b"\xfd7zXZ\0", Foreign("an xz archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", Foreign("a 7-Zip archive", _UNPACK)),
    (b"Rar!\x1a\x07", Foreign("a RAR archive", _UNPACK)),
    (b"\x89PNG\r\n", Foreign("a PNG image", "Run text recognition (OCR) on it first.")),
    (b"\xff\xd8\xff", Foreign("a JPEG image", "Run text recognition (OCR) on it first.")),
    (b"GIF8", Foreign("a GIF image", "Run text recognition (OCR) on it first.")),
    (b"II*\0", Foreign("a TIFF image", "Run text recognition (OCR) on it first.")),
    (b"MM\0*", Foreign("a TIFF image", "Run text recognition (OCR) on it first.")),
    (b"\x7fELF", Foreign("a program", _AS_TEXT)),
    (b"MZ\x90\0", Foreign("a program", _AS_TEXT)),
    (b"PAR1", Foreign("a Parquet table", _AS_TEXT)),
    (b"SQLite format 3\0", Foreign("an SQLite database", _AS_TEXT)),
    (b"CAJ\0", Foreign("a CAJ document", "Save it as .pdf first.")),
    (b"%!PS", Foreign("a PostScript document", "Convert it to .pdf first.")),
)
_OLE_STREAMS = (
    ("WordDocument", Foreign("an old binary Word or WPS document (.doc, .wps)", _AS_DOCX)),
    ("Workbook", Foreign("an old binary Excel or WPS workbook (.xls, .et)", "Save it as .csv or .html first.")),
    ("Book", Foreign("an old binary Excel workbook (.xls)", "Save it as .csv or .html first.")),
    ("PowerPoint Document", Foreign("an old binary PowerPoint document (.ppt)", _AS_DOCX)),
)
_ZIP_MEMBERS = (
    ("xl/workbook.xml", Foreign("an Excel workbook (.xlsx)", "Save it as .csv or .html first.")),
    ("ppt/presentation.xml", Foreign("a PowerPoint document (.pptx)", _AS_DOCX)),
    ("OFD.xml", Foreign("an OFD document", "Convert it to .pdf first.")),
    ("content.xml", Foreign("an OpenDocument file (.odt, .ods)", _AS_DOCX)),
    ("META-INF/container.xml", Foreign("an EPUB book", "Unpack it and read its .html files.")),
)
_HTML_START = re.compile(
    r"""\s* (?: (?: <\?xml\b [^<>]* > | <!-- (?: [^-] | -(?!->) )* --> ) \s* )*
    < (?: !doctype\s+html | html | head | body | meta | title ) \b
    """,
    re.X | re.I,
)
_PDF_START = re.compile(rb"%PDF-\d")
_ANY_TAG = re.compile(r"</?[a-z][a-z0-9]*\b[^<>]*>", re.I)
_HEAD = 8192
_MIME = re.compile(rb"(?:[\w-]+:[^\n]*\n)*?MIME-Version:", re.I)


def sniff(data: bytes) -> tuple[ContentKind, Foreign | None]:
    """Return what kind of content ``data`` is; the second item names it when the kind is ``foreign``."""
    if data.startswith(_OLE):
        return _sniff_ole(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(data)
    if _is_pdf(data):
        return "pdf", None
    for magic, foreign in _MAGIC:
        if data.startswith(magic):
            return "foreign", foreign
    if _MIME.match(data[:2048]):
        return "foreign", Foreign("a MIME web archive (.mht)", "Save the page as .html first.")
    return "text", None


def _is_pdf(data: bytes) -> bool:
    """Tell a PDF by its header, before which readers accept junk if the file ends as a PDF does."""
    found = _PDF_START.search(data[:1024])
    return bool(found and (not data[: found.start()].strip() or b"startxref" in data[-4096:]))


def _sniff_ole(data: bytes) -> tuple[ContentKind, Foreign | None]:
    """Tell what an OLE compound file holds by the names of its streams, written in UTF-16 ([MS-CFB] 2.6)."""
    if "EncryptedPackage".encode("utf-16-le") in data:  # [MS-OFFCRYPTO] 2.3: where Office puts an encrypted .docx
        return "encrypted", None
    for stream, foreign in _OLE_STREAMS:
        if stream.encode("utf-16-le") + b"\0\0" in data:
            return "foreign", foreign
    return "foreign", Foreign("an old binary Office or WPS file", _AS_DOCX)


def _sniff_zip(data: bytes) -> tuple[ContentKind, Foreign | None]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except Exception:  # zipfile raises anything from BadZipFile to struct.error on damaged archives
        return "foreign", Foreign("a damaged zip archive or .docx", "Fetch or save the file again.")
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return "docx", None
    for member, foreign in _ZIP_MEMBERS:
        if member in names:
            return "foreign", foreign
    return "foreign", Foreign("a zip archive without a Word document in it", "Unpack it first.")


def looks_like_html(text: str, *, named_so: bool) -> bool:
    """Tell HTML from plain text.

    Args:
        text: a decoded source.
        named_so: whether the file's name ends as HTML's does; then one tag anywhere is enough, else the text must
            begin as a page does.
    """
    return bool(_HTML_START.match(text[:_HEAD]) or (named_so and _ANY_TAG.search(text)))
