"""A document as read: its text, what is known about it, and how it divides.

All offsets are code-point offsets into :attr:`Document.text`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from govie.records import Extraction

__all__ = ["Cell", "Document", "DocumentKind", "Metadata", "Region", "Sentence", "Stance", "Table"]

DocumentKind = Literal["work_report", "task_table", "livelihood_list", "communique", "plan", "other"]
Stance = Literal["review", "plan"]


@dataclass(frozen=True, slots=True)
class Region:
    """The area a document speaks for; the finest level that is set names it."""

    province: str | None = None
    city: str | None = None
    county: str | None = None

    @property
    def name(self) -> str:
        """All set levels joined, largest first: ``辽宁省沈阳市沈河区``."""
        return "".join(part for part in (self.province, self.city, self.county) if part)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about the document it carries.

    Attributes:
        title: the document's own title.
        issuer: the organ that issued or delivered it.
        region: the area it speaks for.
        year: the year the document is for (a report's plan year).
        kind: what sort of document it is.
        index_number: 索引号.
        document_number: 文号, such as 沈河政发〔2024〕5号.
        written: ISO date of writing (成文日期, delivery of a report).
        published: ISO date of publication.
        source: where the page says it comes from (来源).
        encoding: encoding the bytes were decoded with, None if text was given.
    """

    title: str | None = None
    issuer: str | None = None
    region: Region | None = None
    year: int | None = None
    kind: DocumentKind = "other"
    index_number: str | None = None
    document_number: str | None = None
    written: str | None = None
    published: str | None = None
    source: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the text between sentence ends; the sentences tile the text.

    Attributes:
        start: offset of the first code point.
        end: offset after the last code point (white space after it included).
        section: headings above it, outermost first.
        stance: whether its section reviews or plans, None if that is not known.
        year: the year its section speaks of, None if not known.
        noise: True for page furniture and spam, from which nothing is extracted.
        span: first and last year its section speaks of, where it speaks of several
            (过去五年, “十四五”时期); ``year`` is None then.
    """

    start: int
    end: int
    section: tuple[str, ...] = ()
    stance: Stance | None = None
    year: int | None = None
    noise: bool = False
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell's stretch of the text; a spanned cell appears in every place it covers."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells, row by row, rowspan and colspan expanded."""

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A text ready for extraction.

    Attributes:
        text: the text whose offsets every result uses.
        plain: same length as ``text``: full-width forms made half-width and spam
            blanked out, so that taggers see clean words at unchanged offsets.
        metadata: title, issuer, region and so on.
        sentences: tile ``text`` without gap or overlap.
        tables: grids found in the source (HTML, docx), in order.
        source_map: pairs (offset in text, offset in raw source) where runs start.
    """

    text: str
    plain: str
    metadata: Metadata = Metadata()
    sentences: tuple[Sentence, ...] = ()
    tables: tuple[Table, ...] = ()
    source_map: tuple[tuple[int, int], ...] = field(default=((0, 0),), repr=False)

    def source_offset(self, offset: int) -> int:
        """Return where in the decoded raw source the code point ``text[offset]`` stands.

        Args:
            offset: code-point offset into :attr:`text`, 0 to ``len(text)``.

        Raises:
            IndexError: ``offset`` lies outside the text.
        """
        if not 0 <= offset <= len(self.text):
            raise IndexError(f"offset {offset} lies outside the text of {len(self.text)} code points")
        here, there = self.source_map[bisect_right(self.source_map, offset, key=lambda run: run[0]) - 1]
        return there + offset - here

    def text_offset(self, raw: int) -> int:
        """Return where the raw source's code point stands in :attr:`text`; a dropped one where the next kept one does.

        Args:
            raw: code-point offset into the decoded raw source.
        """
        at = max(bisect_right(self.source_map, raw, key=lambda run: run[1]) - 1, 0)
        here, there = self.source_map[at]
        limit = self.source_map[at + 1][0] if at + 1 < len(self.source_map) else len(self.text)
        return min(here + max(raw - there, 0), limit)

    def extract(self) -> Extraction:
        """Extract with the default extractor; the same as ``govie.extract`` on this document."""
        from govie.pipeline import default_extractor

        return default_extractor()(self)
