"""The text of a document as HTML: paragraphs with every span marked where it stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from govie.document import Document
from govie.integrations.report.entry import Entry
from govie.integrations.report.markup import attributes, escape
from govie.records import Span
from govie.wording import LABEL_WORDS

__all__ = ["Heading", "headings", "outline_html", "prose_html"]

_LINE = re.compile(r"\S[^\n]*")
_WORD = re.compile(r"\S")
_MARK = '<{tag} class="w {label}"{attributes}>{words}</{tag}>'


class Heading(NamedTuple):
    """Where a heading stands, how deep (the outermost are 0), and its words."""

    start: int
    end: int
    level: int
    words: str


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


def headings(document: Document) -> list[Heading]:
    """Return the sentences that head a section, in the order of the text.

    A section's sentences carry its words; the sentence that says them stands before.
    A section that is not said there begins, with an empty heading, at its first sentence.
    """
    found: list[Heading] = []
    before: tuple[str, ...] = ()
    for last, sentence in zip((None, *document.sentences), document.sentences, strict=False):
        section = sentence.section
        if section and section != before[: len(section)]:
            said = last is not None and document.text[last.start : last.end].strip().startswith(section[-1])
            start, end = (last.start, last.end) if last and said else (sentence.start, sentence.start)
            found.append(Heading(start, end, len(section) - 1, section[-1]))
        before = section or before
    return found


def outline_html(entry: Entry) -> str:
    """Return a list of links to the headings, nothing where there are none."""
    found = headings(entry.document) if entry.document else []
    links = (
        f'<li class="l{min(heading.level, 3)}"><a href="#{entry.key}o{index}">{escape(heading.words)}</a></li>'
        for index, heading in enumerate(found)
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
        found = headings(entry.document) if entry.document else []
        self.anchors = {self._word_start(heading.start): index for index, heading in enumerate(found)}
        self.headings = _Ranges((heading.start, heading.end) for heading in found)
        ranges = (self.spans, self.tasks, self.noise, self.headings)
        self.cuts = sorted({*self.anchors, *(cut for r in ranges for cut in (*r.starts, *r.ends))})

    def html(self) -> str:
        lines = ((match.start(), match.start() + len(match[0].rstrip())) for match in _LINE.finditer(self.text))
        return "\n".join(self._paragraph(start, end) for start, end in lines)

    def _word_start(self, offset: int) -> int:
        match = _WORD.search(self.text, offset)
        return match.start() if match else offset

    def _paragraph(self, start: int, end: int) -> str:
        groups = [(style, list(group)) for style, group in groupby(self._pieces(start, end), key=self._style)]
        styles = {style for style, _ in groups}
        whole = styles.pop() if len(styles) == 1 else ""
        inside = "".join(self._group("" if style == whole else style, group) for style, group in groups)
        return f"<p{attributes({'class': whole or None})}>{inside}</p>"

    def _style(self, piece: tuple[int, int]) -> str:
        start, _ = piece
        if self.noise.at(start) is not None:
            return "noise"
        return "heading" if self.headings.at(start) is not None else ""

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        low, high = bisect_right(self.cuts, start), bisect_left(self.cuts, end)
        edges = [start, *self.cuts[low:high], end]
        return pairwise(edges)

    def _group(self, style: str, pieces: Sequence[tuple[int, int]]) -> str:
        tasks = groupby(pieces, key=lambda piece: self.tasks.at(piece[0]))
        inside = "".join(self._task(task, list(group)) for task, group in tasks)
        return f'<span class="{style}">{inside}</span>' if style else inside

    def _task(self, task: int | None, pieces: Sequence[tuple[int, int]]) -> str:
        inside = "".join(self._piece(start, end) for start, end in pieces)
        return inside if task is None else f'<span class="task" data-t="{task}">{inside}</span>'

    def _piece(self, start: int, end: int) -> str:
        anchor = self.anchors.get(start)
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
