"""The outline of a document: under which headings each line stands, and whether it reviews or plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from govie.document import Metadata, Stance
from govie.reading.headings import FIRST, SECOND, TOP, Heading, parse_heading, parse_unnumbered
from govie.reading.lines import Line
from govie.reading.normalise import NOISE_FILLER
from govie.reading.stance import (
    UNKNOWN,
    View,
    dated_review,
    document_view,
    heading_views,
    is_address,
    is_closing,
    is_main_heading,
    opening_view,
)
from govie.reading.years import Years

__all__ = ["Place", "outline"]


_PLANS_ITS_YEAR = frozenset({"work_report", "task_table", "livelihood_list", "plan"})


class Place(NamedTuple):
    """Where a line stands.

    Attributes:
        path: headings above it, outermost first.
        inner: headings above what follows an inline heading in the same line.
        inline: length of that inline heading, 0 if there is none.
        stance: whether the line reviews or plans.
        year: for which year.
        span: for which years, where it speaks of several.
    """

    path: tuple[str, ...]
    inner: tuple[str, ...]
    inline: int
    stance: Stance | None
    year: int | None
    span: Years | None = None


@dataclass(slots=True)
class _Section:
    """A heading whose part is still open; ``fixed`` if its paragraphs cannot change its stance."""

    depth: int
    title: str
    view: View
    fixed: bool


class _Outline:
    """Keeps the open headings while the lines go by."""

    def __init__(self, text: str, metadata: Metadata) -> None:
        self._text = text
        # Only a report or a list of tasks plans for its own year; any other document may as well look back on it.
        self._year = metadata.year if metadata.kind in _PLANS_ITS_YEAR else None
        self._title = metadata.title
        self._is_report = metadata.kind == "work_report"
        view = document_view(metadata.kind, metadata.title, metadata.year)
        self._open = [_Section(-1, "", view, view.sure)]
        self._path: tuple[str, ...] = ()
        self._ended = False

    def place(self, line: Line, following: str) -> Place:
        """Return where ``line`` stands and let it change what is open."""
        heading = self._heading(line.text, following)
        if heading is None:
            place = self._paragraph(line.text)
        else:
            path = self._enter(heading, line.start)
            view = self._open[-1].view
            place = Place(path, self._path, 0 if heading.alone else heading.length, view.stance, view.year, view.span)
        return place

    def _heading(self, text: str, following: str) -> Heading | None:
        if is_main_heading(text) and text.replace(" ", "") != self._title:
            return Heading(TOP, text, len(text), True)
        heading = parse_heading(text)
        if heading is None and not self._ended:
            heading = parse_unnumbered(text, following)
        if heading is not None and self._ended:
            return heading if heading.depth <= SECOND else None
        return heading

    def _enter(self, heading: Heading, start: int) -> tuple[str, ...]:
        """Open the part below ``heading`` and return the path above it."""
        self._ended = False
        sibling = self._close(heading.depth)
        above = self._path
        section = self._section(heading, sibling)
        section.title = _as_written(self._text[start : start + len(heading.title)], heading.title)
        self._open.append(section)
        self._path = (*above, section.title) if section.title else above
        return above

    def _close(self, depth: int) -> View:
        """Close the parts as deep as ``depth`` or deeper; return the view of the outermost of them."""
        view = UNKNOWN
        while self._open[-1].depth >= depth:
            view = self._open.pop().view
        self._path = tuple(section.title for section in self._open if section.title)
        return view

    def _section(self, heading: Heading, sibling: View) -> _Section:
        parent = self._open[-1]
        views = self._views(heading, parent)
        if views:
            return _Section(heading.depth, heading.title, views[0], len(views) == 1 and views[0].sure)
        if self._is_report and parent.view.stance is None and heading.depth == FIRST and sibling.stance:
            return _Section(heading.depth, heading.title, View("plan", self._year), False)
        return _Section(heading.depth, heading.title, parent.view, parent.fixed)

    def _views(self, heading: Heading, parent: _Section) -> list[View]:
        """Return what a heading says against the part around it; within a fixed part only a dated review counts."""
        if not heading.title:
            return []
        if parent.fixed and heading.depth > TOP:
            review = dated_review(heading.title, self._year)
            return [review] if review else []
        views = heading_views(heading.title, self._year)
        return views if heading.depth <= FIRST else [view for view in views if view.sure]

    def _paragraph(self, text: str) -> Place:
        if is_address(text):
            self._close(SECOND)
        view = opening_view(text, self._year)
        if view.stance:
            self._ended = False
            self._turn(view)
        if self._ended:
            return Place((), (), 0, None, None)
        view = self._open[-1].view
        if view.stance == "plan" and is_closing(text):
            self._ended = True
        return Place(self._path, self._path, 0, view.stance, view.year, view.span)

    def _turn(self, view: View) -> None:
        """Let a paragraph's opening words change the stance of the parts around it, out to the first fixed one.

        A fixed part keeps its stance, but a paragraph may name another year of it.
        """
        for section in reversed(self._open):
            if section.fixed and section.view.stance != view.stance:
                return
            section.view = view if view.sure else self._usual_view(section, view)
            if section.fixed:
                return

    def _usual_view(self, section: _Section, view: View) -> View:
        """Return a view that names no time with the years of its part, or of the plan or the review it turns to."""
        if section.view.stance == view.stance or self._year is None:
            return view._replace(year=section.view.year, span=section.view.span)
        return view._replace(year=self._year if view.stance == "plan" else self._year - 1)


def _as_written(raw: str, plain: str) -> str:
    """Return a heading in its own characters, without the spam that was blanked in it."""
    if NOISE_FILLER not in plain:
        return raw
    return "".join(char for char, shown in zip(raw, plain, strict=True) if shown != NOISE_FILLER)


def outline(text: str, lines: Sequence[Line], noise: Sequence[bool], metadata: Metadata) -> list[Place]:
    """Return the place of each line; a noise line stands nowhere and changes nothing.

    Args:
        text: the text as the reader sees it, from which the headings are quoted.
        lines: the lines of the text.
        noise: for each line whether it is page furniture or spam.
        metadata: what is known about the document; its kind, title and year are used.
    """
    state = _Outline(text, metadata)
    following = (*(line.text for line in lines[1:]), "")[: len(lines)]
    places: list[Place] = []
    for line, after, is_noise in zip(lines, following, noise, strict=True):
        places.append(Place((), (), 0, None, None) if is_noise else state.place(line, after))
    return places
