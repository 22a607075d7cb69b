"""The documents a panel is built from, with the region and year they speak for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from govie.document import Document, Metadata, Region, Sentence
from govie.errors import OptionError
from govie.facts.panel.codes import region_code
from govie.reading.build import build_document
from govie.records import Extraction

__all__ = ["NATION_NAME", "Source", "sources"]

NATION_NAME = "全国"


@dataclass(frozen=True)
class Source:
    """One extraction and what is known of its document.

    Attributes:
        extraction: what was found.
        document: where it was found; read again from the text where none was given.
        name: the path or name it was given by, None if there is none.
        number: its place among the extractions.
    """

    extraction: Extraction
    document: Document
    name: str | None
    number: int

    @property
    def title(self) -> str | None:
        """The document's title, else the name it was given by."""
        return self.extraction.title or self.document.metadata.title or self.name

    @property
    def area(self) -> Region | None:
        """The area it speaks for."""
        return self.document.metadata.region

    @property
    def region(self) -> str | None:
        """The name of that area; 全国 for the whole country."""
        return None if self.area is None else self.area.name or NATION_NAME

    @cached_property
    def code(self) -> str | None:
        """The area's code; None for the whole country."""
        return None if self.area is None else region_code(self.area)

    @cached_property
    def without_bases(self) -> str:
        """The plain text with the periods blanked out that facts are compared with, for they date nothing."""
        characters = list(self.document.plain)
        for at in {fact.base_span for fact in self.extraction.facts if fact.base_span is not None}:
            span = self.extraction.spans[at]
            characters[span.start : span.end] = " " * (span.end - span.start)
        return "".join(characters)

    def sentence_at(self, offset: int) -> Sentence | None:
        """Return the sentence of the document that an offset stands in."""
        after = bisect_right(self.document.sentences, offset, key=lambda sentence: sentence.start)
        return self.document.sentences[after - 1] if after else None


def sources(
    extractions: Iterable[Extraction], documents: Iterable[Document] | None, names: Iterable[str] | None
) -> Iterator[Source]:
    """Put extractions together with their documents and names.

    Raises:
        OptionError: something else than an extraction, a list of another length, or a document of another text.
    """
    if isinstance(extractions, Extraction):
        raise OptionError("a single Extraction", where="extractions", hint="Give a list of them.")
    every = list(extractions)
    given, called = _of_length("documents", documents, len(every)), _of_length("names", names, len(every))
    for number, (extraction, document, name) in enumerate(zip(every, given, called, strict=True)):
        if not isinstance(extraction, Extraction):
            kind = type(extraction).__name__
            raise OptionError(f"{kind} is no Extraction", where="extractions", hint="Give what govie.extract returns.")
        if document is not None and document.text != extraction.text:
            raise OptionError("it is not the one extracted from", where=f"documents[{number}]")
        yield Source(extraction, document or _read_again(extraction), name, number)


def _of_length(what: str, given: Iterable[object] | None, length: int) -> list[Any]:
    if given is None:
        return [None] * length
    listed = list(given)
    if len(listed) != length:
        raise OptionError(f"{len(listed)} for {length} extractions", where=what, hint="Give one for each.")
    return listed


def _read_again(extraction: Extraction) -> Document:
    return build_document(extraction.text, known=Metadata(title=extraction.title))
