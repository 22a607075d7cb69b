"""The spans of a whole document: gathered from its sentences and task rows, and numbered."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from govie.document import Sentence
from govie.records import Source, Span, SpanLabel
from govie.rules.scores import span_score
from govie.rules.tasktable import TaskRow
from govie.tags import SentenceTags

__all__ = ["SpanTable", "Tagged"]

Tagged = tuple[Sentence, SentenceTags]
"""A sentence of a document and what a tagger said of it."""

_Entry = tuple[int, int, SpanLabel, float, Source]


class SpanTable:
    """Spans ordered by offset, with a way back from a sentence's mentions to their ids.

    Agencies of task rows take precedence: a mention that overlaps one is left out.

    Attributes:
        text: the document's text.
        spans: all spans, the id of each its position.
    """

    def __init__(self, text: str, tagged: Sequence[Tagged], rows: Sequence[TaskRow]) -> None:
        self.text = text
        agencies = sorted({(unit.start, unit.end) for row in rows for unit in row.agencies})
        self._agency_ends = [end for _, end in agencies]
        self._agency_starts = [start for start, _ in agencies]
        entries: list[_Entry] = [(start, end, "AGENCY", span_score("AGENCY"), "rule") for start, end in agencies]
        entries += [entry for sentence, tags in tagged for entry in self._free_mentions(sentence, tags)]
        entries.sort()
        self.spans = tuple(
            Span(i, label, start, end, text[start:end], score, source)
            for i, (start, end, label, score, source) in enumerate(entries)
        )
        self._ids = {(span.start, span.end): span.id for span in self.spans}
        self._starts = [span.start for span in self.spans]

    def _free_mentions(self, sentence: Sentence, tags: SentenceTags) -> Iterator[_Entry]:
        for mention in tags.mentions:
            start, end = sentence.start + mention.start, sentence.start + mention.end
            if not self._in_agency(start, end):
                yield start, end, mention.label, mention.score, mention.source

    def _in_agency(self, start: int, end: int) -> bool:
        if not self._agency_ends:
            return False
        nearest = bisect_left(self._agency_ends, start + 1)
        return nearest < len(self._agency_starts) and self._agency_starts[nearest] < end

    def ids(self, sentence: Sentence, tags: SentenceTags) -> list[int | None]:
        """Return the span id of each mention of a sentence, None for one left out."""
        return [
            None if self._in_agency(start, end) else self._ids[start, end]
            for start, end in ((sentence.start + m.start, sentence.start + m.end) for m in tags.mentions)
        ]

    def at(self, start: int, end: int) -> int:
        """Return the id of the span at ``[start, end)``."""
        return self._ids[start, end]

    def within(self, start: int, end: int, label: SpanLabel) -> list[int]:
        """Return the ids of the spans of one label that begin in ``[start, end)``."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end)
        return [span.id for span in self.spans[first:last] if span.label == label]
