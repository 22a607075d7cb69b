"""The spans of a whole document: gathered from its sentences and task rows, and numbered."""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Sequence

from govie.document import Sentence
from govie.quantity.numerals import parse_numeral
from govie.reading.normalise import plain_form
from govie.records import Source, Span, SpanLabel
from govie.rules.scores import span_score
from govie.rules.tasktable import TaskRow
from govie.tags import SentenceTags, supported

__all__ = ["SpanTable", "Tagged"]

log = logging.getLogger("govie")

Tagged = tuple[Sentence, SentenceTags]
"""A sentence of a document and what a tagger said of it."""

_Entry = tuple[int, int, SpanLabel, float, Source]


class SpanTable:
    """Spans ordered by offset, with a way back from a sentence's mentions to their ids.

    Agencies of task rows take precedence: a mention that overlaps one is left out, and so is a quantity whose number
    cannot be read; with each goes what cannot stand without it.

    Attributes:
        text: the document's text.
        tagged: the sentences with the mentions that are spans.
        spans: all spans, the id of each its position.
    """

    def __init__(self, text: str, tagged: Sequence[Tagged], rows: Sequence[TaskRow]) -> None:
        self.text = text
        agencies = sorted({(unit.start, unit.end) for row in rows for unit in row.agencies})
        self._agency_ends = [end for _, end in agencies]
        self._agency_starts = [start for start, _ in agencies]
        entries: list[_Entry] = [(start, end, "AGENCY", span_score("AGENCY"), "rule") for start, end in agencies]
        self.tagged = [(sentence, supported(tags, self._left_out(sentence, tags))) for sentence, tags in tagged]
        entries += [
            (sentence.start + one.start, sentence.start + one.end, one.label, one.score, one.source)
            for sentence, tags in self.tagged
            for one in tags.mentions
        ]
        entries.sort()
        self.spans = tuple(
            Span(i, label, start, end, text[start:end], score, source)
            for i, (start, end, label, score, source) in enumerate(entries)
        )
        self._ids = {(span.start, span.end): span.id for span in self.spans}
        self._starts = [span.start for span in self.spans]

    def _left_out(self, sentence: Sentence, tags: SentenceTags) -> set[int]:
        found = set()
        for at, mention in enumerate(tags.mentions):
            start, end = sentence.start + mention.start, sentence.start + mention.end
            if self._in_agency(start, end):
                found.add(at)
            elif mention.label == "QUANTITY" and parse_numeral(plain_form(self.text[start:end])) is None:
                log.debug("no number can be read from %r at %d", self.text[start:end], start)
                found.add(at)
        return found

    def _in_agency(self, start: int, end: int) -> bool:
        if not self._agency_ends:
            return False
        nearest = bisect_left(self._agency_ends, start + 1)
        return nearest < len(self._agency_starts) and self._agency_starts[nearest] < end

    def ids(self, sentence: Sentence, tags: SentenceTags) -> list[int]:
        """Return the span id of each mention of one of the sentences in :attr:`tagged`."""
        return [self._ids[sentence.start + m.start, sentence.start + m.end] for m in tags.mentions]

    def at(self, start: int, end: int) -> int:
        """Return the id of the span at ``[start, end)``."""
        return self._ids[start, end]

    def within(self, start: int, end: int, label: SpanLabel) -> list[int]:
        """Return the ids of the spans of one label that begin in ``[start, end)``."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end)
        return [span.id for span in self.spans[first:last] if span.label == label]
