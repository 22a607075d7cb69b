"""Word documents (.docx): paragraphs with their numbers, tables as grids, notes at the end.

What counts as text is what Word shows with all changes accepted: inserted text stays, deleted and moved-away text and
hidden text go, and so do page headers and footers, comments, field codes and tables of contents. Text boxes follow the
paragraph they hang on, footnotes and endnotes the last paragraph. Numbers that Word writes itself are rebuilt
(:mod:`govie.reading.docx_numbering`). There is no decoded source, so ``source_offset`` returns the offset itself.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from govie.config import Limits
from govie.document import Document
from govie.errors import EncryptedError, LimitError, MissingExtraError
from govie.reading.build import build_document
from govie.reading.flow import Flow
from govie.reading.foreign import damage_as_error

if TYPE_CHECKING:
    from govie.reading.docx_numbering import Numbering

__all__ = ["read_docx"]

_log = logging.getLogger(__name__)

_WHAT = "Word document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CONTENTS_STYLE = re.compile(r"(?:toc|目录)\s*\d", re.I)
_CONTENTS_GALLERY = "Table of Contents"
_ENCRYPTED_FLAG = 0x1


def read_docx(data: bytes, *, where: str, limits: Limits) -> Document:
    """Return the document in a .docx file.

    Args:
        data: the file's bytes.
        where: its name, for messages.
        limits: ``unpacked_bytes`` and ``grid_cells`` count.

    Raises:
        MissingExtraError: python-docx is not installed.
        LimitError: it unpacks to more than the limits allow.
        EncryptedError: its members are encrypted.
        FormatError: it is damaged.
    """
    try:
        import docx
    except ImportError:
        raise MissingExtraError("Reading .docx files", "office") from None
    from govie.reading.docx_numbering import Numbering

    with damage_as_error(_WHAT, where):
        _check_package(data, where, limits)
        part = docx.Document(io.BytesIO(data)).part
        parts = _related_roots(part)
        flow = Flow(limits, where)
        writer = _Writer(flow, Numbering(parts.get("numbering"), parts.get("styles")), parts)
        writer.write(part.element.body)
        if writer.foreign_chunks:
            _log.warning("%s: %d embedded documents (altChunk) are not read", where, writer.foreign_chunks)
    return build_document(flow.assembler.text, tables=tuple(flow.tables))


def _check_package(data: bytes, where: str, limits: Limits) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise EncryptedError("the document is encrypted", where=where, hint="Save it without a password first.")
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked_bytes:
        what = f"unpacks to {unpacked} bytes, more than the {limits.unpacked_bytes} allowed"
        raise LimitError(what, where=where, hint="Raise Limits.unpacked_bytes.")


def _related_roots(part: Any) -> dict[str, Any]:
    """Return the parsed parts that the main part refers to, by the last word of their relationship's type."""
    from docx.oxml.parser import parse_xml

    roots: dict[str, Any] = {}
    for relationship in part.rels.values():
        name = relationship.reltype.rsplit("/", 1)[-1]
        if name in ("numbering", "styles", "footnotes", "endnotes") and not relationship.is_external:
            target = relationship.target_part
            roots[name] = target.element if hasattr(target, "element") else parse_xml(target.blob)
    return roots


@dataclass(slots=True)
class _TableCell:
    """A cell of the source; the cells that a vertical merge continues in count as its rows."""

    element: Any
    columns: int
    rows: int = 1


class _Writer:
    """Writes the blocks of one document into a flow."""

    def __init__(self, flow: Flow, numbering: Numbering, parts: dict[str, Any]) -> None:
        self._flow = flow
        self._numbering = numbering
        self._notes = {name: _by_id(parts.get(f"{name}s"), name) for name in ("footnote", "endnote")}
        self._contents_styles = _contents_styles(parts.get("styles"))
        self._noted: list[Any] = []
        self.foreign_chunks = 0

    def write(self, body: Any) -> None:
        """Write the body, then the notes that it refers to."""
        self._blocks(body)
        noted = 0
        while noted < len(self._noted):  # a note may refer to others
            self._blocks(self._noted[noted])
            noted += 1

    def _blocks(self, container: Any) -> None:
        for child in container:
            tag = _local(child)
            if tag == "p":
                self._paragraph(child)
            elif tag == "tbl":
                self._table(child)
            elif tag == "altChunk":
                self.foreign_chunks += 1
            elif tag == "AlternateContent":
                self._blocks(_chosen(child))
            elif tag in _WRAPPERS and not _is_contents(child):
                self._blocks(child)
