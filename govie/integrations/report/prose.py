"""The text of a document as HTML: paragraphs with every span marked where it stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from govie.document import Sentence
from govie.integrations.report.entry import Entry
from govie.integrations.report.markup import attributes, escape
from govie.records import Span
from govie.wording import LABEL_WORDS

__all__ = ["Heading", "headings", "outline_html", "prose_html"]

Heading = tuple[int, int, str]  # offset, level from 0, words

_LINE = re.compile(r"\S[^\n]*")
_WORD = re.compile(r"\S")
_MARK = '<{tag} class="w {label}"{attributes}>{words}</{tag}>'


class _Ranges:
    """Ranges ordered by start that do not overlap, asked which of them covers an offset."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        pairs = list(ranges)
        self.starts = [start for start, _ in pairs]
        self.ends = [end for _, end in pairs]

    def at(self, offset: int) -> int | None:
        """Return the index of the range that covers ``offset``, None if none does."""
        index = bisect_right(self.starts, offset) - 1
        return index if index >= 0 and offset < self.ends[index] else None


def prose_html(entry: Entry) -> str:
    """Return the paragraphs of the text; blank lines are left out, nothing else is."""
    return _Prose(entry).html()


def headings(sentences: Sequence[Sentence]) -> list[Heading]:
    """Return where a new section begins, for every section, in the order of the text."""
    found: list[Heading] = []
    before: tuple[str, ...] = ()
    for sentence in sentences:
        if sentence.section and sentence.section != before[: len(sentence.section)]:
            found.append((sentence.start, len(sentence.section) - 1, sentence.section[-1]))
        before = sentence.section or before
    return found


def outline_html(entry: Entry) -> str:
    """Return a list of links to the headings, nothing where there are none."""
    found = headings(entry.document.sentences) if entry.document else []
    links = (
        f'<li class="l{min(level, 3)}"><a href="#{entry.key}o{index}">{escape(words)}</a></li>'
        for index, (_, level, words) in enumerate(found)
    )
    return "\n".join(links)


class _Prose:
    """Cuts one text at the edges of its spans, tasks, noise and headings, and marks the pieces."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.text = entry.extraction.text
        sentences = entry.document.sentences if entry.document else ()
        self.spans = _Ranges((span.start, span.end) for span in entry.extraction.spans)
        self.tasks = _Ranges((task.start, task.end) for task in entry.extraction.tasks)
        self.noise = _Ranges((sentence.start, sentence.end) for sentence in sentences if sentence.noise)
        self.headings = {self._word_start(start): index for index, (start, _, _) in enumerate(headings(sentences))}
        ranges = (self.spans, self.tasks, self.noise)
        self.cuts = sorted({*self.headings, *(cut for r in ranges for cut in (*r.starts, *r.ends))})

    def html(self) -> str:
        lines = ((match.start(), match.start() + len(match[0].rstrip())) for match in _LINE.finditer(self.text))
        return "\n".join(self._paragraph(start, end) for start, end in lines)

    def _word_start(self, offset: int) -> int:
        match = _WORD.search(self.text, offset)
        return match.start() if match else offset

    def _paragraph(self, start: int, end: int) -> str:
        pieces = list(self._pieces(start, end))
        groups = groupby(pieces, key=lambda piece: (self.tasks.at(piece[0]), self.noise.at(piece[0]) is not None))
        inside = "".join(self._group(task, noise, list(group)) for (task, noise), group in groups)
        return f"<p{self._paragraph_class(start, pieces)}>{inside}</p>"

    def _paragraph_class(self, start: int, pieces: Sequence[tuple[int, int]]) -> str:
        if start in self.headings:
            return ' class="heading"'
        return ' class="noise"' if all(self.noise.at(a) is not None for a, _ in pieces) else ""

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        low, high = bisect_right(self.cuts, start), bisect_left(self.cuts, end)
        edges = [start, *self.cuts[low:high], end]
        return pairwise(edges)

    def _group(self, task: int | None, noise: bool, pieces: Sequence[tuple[int, int]]) -> str:
        inside = "".join(self._piece(start, end) for start, end in pieces)
        if noise:
            return f'<span class="noise">{inside}</span>'
        return inside if task is None else f'<span class="task" data-t="{task}">{inside}</span>'

    def _piece(self, start: int, end: int) -> str:
        anchor = self.headings.get(start)
        before = "" if anchor is None else f'<span class="anchor" id="{self.entry.key}o{anchor}"></span>'
        index = self.spans.at(start)
        words = escape(self.text[start:end])
        return before + (words if index is None else self._mark(self.entry.extraction.spans[index], start, words))

    def _mark(self, span: Span, start: int, words: str) -> str:
        key, facts, tasks = self.entry.key, self.entry.facts_of.get(span.id), self.entry.tasks_of.get(span.id)
        leads_to_row = span.label == "QUANTITY" and facts
        given = {
            "id": f"{key}s{span.id}" if start == span.start else None,
            "data-s": str(span.id),
            "data-f": _joined(facts),
            "data-t": _joined(tasks),
            "href": f"#{key}f{facts[0]}" if leads_to_row and facts else None,
            "title": f"{LABEL_WORDS[span.label]} {span.label}",
        }
        tag = "a" if leads_to_row else "span"
        return _MARK.format(tag=tag, label=span.label.lower(), attributes=attributes(given), words=words)


def _joined(indices: list[int] | None) -> str | None:
    return " ".join(map(str, indices)) if indices else None
