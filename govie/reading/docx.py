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
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})
_NOT_SHOWN = frozenset({"pPr", "rPr", "sdtPr", "tcPr", "del", "moveFrom", "delText", "instrText", "delInstrText", "rt"})
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = ("0", "false", "off")


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

    def _paragraph(self, paragraph: Any) -> None:
        label = self._numbering.label(paragraph)  # asked for in any case: it counts
        if _style(paragraph) in self._contents_styles:
            return
        boxes: list[Any] = []
        self._flow.line_break()
        for piece in self._inline(paragraph, boxes):
            if label and piece.strip():
                self._words(label + " " if label[-1].isalnum() else label)
                label = ""
            self._words(piece)
        self._flow.line_break()
        for box in boxes:
            self._blocks(box)

    def _inline(self, paragraph: Any, boxes: list[Any]) -> Iterator[str]:
        """Yield a paragraph's text; put its text boxes into ``boxes`` and the notes it refers to behind the others."""
        pending = [iter(paragraph)]
        while pending:
            child = next(pending[-1], None)
            if child is None:
                pending.pop()
                continue
            tag = _local(child)
            if tag == "t":
                yield child.text or ""
            elif tag in _SIGNS:
                yield _SIGNS[tag]
            elif tag == "txbxContent":
                boxes.append(child)
            elif tag in ("footnoteReference", "endnoteReference"):
                note = self._notes[tag.removesuffix("Reference")].get(child.get(_W + "id"))
                self._noted += [note] if note is not None else []
            elif tag == "AlternateContent":
                pending.append(iter(_chosen(child)))
            elif tag not in _NOT_SHOWN and not _is_hidden(child):
                pending.append(iter(child))

    def _words(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self._flow.line_break()
            self._flow.write_text(line, self._flow.assembler.length)

    def _table(self, table: Any) -> None:
        rows = _table_rows(table)
        if max(map(len, rows), default=0) < 2:
            for cell in (cell for row in rows for cell in row):
                self._blocks(cell.element)
            return
        self._flow.begin_table()
        for row in rows:
            self._flow.begin_row()
            for cell in row:
                self._flow.begin_cell()
                self._blocks(cell.element)
                self._flow.end_cell(cell.columns, cell.rows)
        self._flow.end_table()


def _local(element: Any) -> str:
    """Return an element's name without its namespace, empty for comments and processing instructions."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _chosen(alternatives: Any) -> Any:
    """Return the first of the alternatives that hold the same content for newer and older versions of Word."""
    choice = alternatives.find(_COMPATIBILITY + "Choice")
    return choice if choice is not None else alternatives


def _is_hidden(element: Any) -> bool:
    """Tell a hidden run and a content control that shows only its prompt."""
    hiding = element.find(f"{_W}rPr/{_W}vanish")
    if hiding is not None and hiding.get(_W + "val") not in _OFF:
        return True
    return element.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None


def _is_contents(element: Any) -> bool:
    gallery = element.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
    return gallery is not None and gallery.get(_W + "val") == _CONTENTS_GALLERY


def _style(paragraph: Any) -> str | None:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style.get(_W + "val") if style is not None else None


def _contents_styles(styles: Any) -> frozenset[str]:
    """Return the ids of the styles for lines of a table of contents; ids differ by language, names do not."""
    found = set()
    for style in styles.findall(_W + "style") if styles is not None else ():
        name = style.find(_W + "name")
        if name is not None and _CONTENTS_STYLE.fullmatch(name.get(_W + "val", "")):
            found.add(style.get(_W + "styleId"))
    return frozenset(found)


def _by_id(notes: Any, name: str) -> dict[str, Any]:
    """Return notes by id; those with a type are separators."""
    found = notes.findall(_W + name) if notes is not None else ()
    return {note.get(_W + "id"): note for note in found if note.get(_W + "type") in (None, "normal")}


def _table_rows(table: Any) -> list[list[_TableCell]]:
    rows: list[list[_TableCell]] = []
    merging: dict[int, _TableCell] = {}  # cells that the next row may continue, by column
    for row in _parts(table, "tr"):
        if row.find(f"{_W}trPr/{_W}del") is None:
            cells, merging = _row_cells(row, merging)
            rows.append(cells)
    return rows


def _row_cells(row: Any, merging: dict[int, _TableCell]) -> tuple[list[_TableCell], dict[int, _TableCell]]:
    """Return a row's own cells, and those that the next row may continue."""
    column = _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
    cells = [_TableCell((), column)] if column else []
    following: dict[int, _TableCell] = {}
    for element in _parts(row, "tc"):
        columns = _number(element.find(f"{_W}tcPr/{_W}gridSpan"), 1)
        merge = element.find(f"{_W}tcPr/{_W}vMerge")
        sideways = element.find(f"{_W}tcPr/{_W}hMerge")
        if merge is not None and merge.get(_W + "val") != "restart" and column in merging:
            following[column] = merging[column]
            merging[column].rows += 1
        elif sideways is not None and sideways.get(_W + "val") != "restart" and cells:
            cells[-1].columns += columns
        else:
            cells.append(_TableCell(element, columns))
            if merge is not None:
                following[column] = cells[-1]
        column += columns
    return cells, following


def _parts(container: Any, name: str) -> Iterator[Any]:
    """Yield rows or cells, those inside content controls and tracked insertions included."""
    for child in container:
        if _local(child) == name:
            yield child
        elif _local(child) in _WRAPPERS:
            yield from _parts(child, name)


def _number(element: Any, default: int) -> int:
    written = element.get(_W + "val", "") if element is not None else ""
    return int(written) if written.isdecimal() and len(written) < 6 else default
