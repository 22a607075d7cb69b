"""Word documents for tests: python-docx, and the parts of Word's XML that it does not write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def from_xml(*blocks: str) -> bytes:
    """Return a document whose body holds these blocks of WordprocessingML."""
    document = Document()
    for block in blocks:
        document.element.body.insert(-1, parse_xml(block.replace(">", f" {NAMESPACES}>", 1)))
    return saved(document)


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def numbered(levels: Sequence[tuple[str, str]], paragraphs: Sequence[tuple[str, int]], *, more: str = "") -> bytes:
    """Return a document with one numbering.

    Args:
        levels: number format and level text, by level.
        paragraphs: text and level; -1 for no numbering, 10 and up for the levels of a second one.
        more: further XML for that second one, which counts on the same levels.
    """
    document = Document()
    root = document.part.numbering_part.element
    written = "".join(
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for number, (kind, text) in enumerate(levels)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {NAMESPACES} w:abstractNumId="77">{written}</w:abstractNum>'))
    for number, inner in (("77", ""), ("78", more)):
        root.append(parse_xml(
            f'<w:num {NAMESPACES} w:numId="{number}"><w:abstractNumId w:val="77"/>{inner}</w:num>'
        ))  # fmt: skip
    for text, level in paragraphs:
        properties = f'<w:numPr><w:ilvl w:val="{level % 10}"/><w:numId w:val="{77 + level // 10}"/></w:numPr>'
        properties = properties if level >= 0 else ""
        element = paragraph(text, properties).replace(">", f" {NAMESPACES}>", 1)
        document.element.body.insert(-1, parse_xml(element))
    return saved(document)


def with_notes(text: str, notes: Sequence[str]) -> bytes:
    """Return a document of one paragraph that refers to these footnotes."""
    document = Document()
    written = "".join(
        f'<w:footnote w:id="{number}">{paragraph(note)}</w:footnote>' for number, note in enumerate(notes, 1)
    )
    separator = f'<w:footnote w:type="separator" w:id="-1">{paragraph("不见")}</w:footnote>'
    blob = f"<w:footnotes {NAMESPACES}>{separator}{written}</w:footnotes>".encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    marks = "".join(f'<w:r><w:footnoteReference w:id="{number}"/></w:r>' for number in range(1, len(notes) + 1))
    document.element.body.insert(0, parse_xml(f"<w:p {NAMESPACES}><w:r><w:t>{text}</w:t></w:r>{marks}</w:p>"))
    return saved(document)


def repacked(data: bytes, **changes: bytes) -> bytes:
    """Return a package with members replaced, by the last part of their name with a dot written as an underscore."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name.rsplit("/", 1)[-1].replace(".", "_"), old.read(name)))
    return buffer.getvalue()
