"""From decoded text to a document: normalise, blank spam, find what is known, divide into sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govie.document import Document, Metadata, Sentence, Table
from govie.reading.lines import Line, split_lines
from govie.reading.metadata import find_metadata
from govie.reading.noise import noise_lines
from govie.reading.normalise import blank, plain_form
from govie.reading.sections import Place, outline
from govie.reading.sentences import sentence_starts
from govie.reading.spam import spam_stretches

__all__ = ["build_document"]

_NOTHING_KNOWN = Metadata()


def build_document(
    text: str,
    *,
    tables: tuple[Table, ...] = (),
    source_map: tuple[tuple[int, int], ...] = ((0, 0),),
    known: Metadata = _NOTHING_KNOWN,
) -> Document:
    """Return the document that a text holds, in time linear in its length.

    Args:
        text: the text whose offsets every result uses, any str at all.
        tables: grids of cells in ``text``, in order; no sentence crosses the border of a cell.
        source_map: pairs (offset in text, offset in raw source) where runs start.
        known: what the reader of the file already knows; fields set here win over what the text says.
    """
    plain = plain_form(text)
    plain = blank(plain, spam_stretches(plain))
    lines = split_lines(plain, _edges(tables))
    metadata, field_lines = find_metadata(plain, lines, known)
    noise = noise_lines(lines, field_lines, metadata.title)
    places = outline(text, lines, noise, metadata)
    sentences = tuple(_sentences(plain, lines, places, noise))
    return Document(text, plain, metadata, sentences, tables, source_map)


def _edges(tables: Sequence[Table]) -> Iterator[int]:
    for table in tables:
        yield table.end
        for row in table.rows:
            yield from (cell.start for cell in row)


def _sentences(plain: str, lines: Sequence[Line], places: Sequence[Place], noise: Sequence[bool]) -> Iterator[Sentence]:
    """Yield the sentences of each line; each reaches to where the next one starts."""
    start, pending = 0, None
    for index, starts in sentence_starts(plain, lines):
        place = places[index]
        inner = lines[index].start + place.inline
        for offset in starts:
            if pending is not None:
                yield Sentence(start, offset, *pending)
                start = offset
            path = place.inner if place.inline and offset >= inner else place.path
            pending = path, place.stance, place.year, noise[index], place.span
    if plain:
        yield Sentence(start, len(plain), *(pending or ()))
