"""HTML pages: the document's words as lines and tables, each character traceable to the source.

The source's tags are reduced to a skeleton in which numbers stand for text (:mod:`govie.reading.html_skeleton`),
BeautifulSoup with lxml builds the tree from it, furniture is taken out (:mod:`govie.reading.html_chrome`), and the
text is then read from the source itself. So a character's place in the source is known, never searched for.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5

from bs4 import NavigableString, Tag

from govie.config import Limits
from govie.document import Document
from govie.reading.assemble import INVISIBLE
from govie.reading.build import build_document
from govie.reading.encoding import Decoded
from govie.reading.flow import Flow
from govie.reading.html_chrome import furniture
from govie.reading.html_metadata import page_metadata, title_elements
from govie.reading.html_page import Page, parse_page
from govie.reading.html_skeleton import skeleton

__all__ = ["read_html", "write_html"]

_log = logging.getLogger(__name__)

_SPECIAL = re.compile(
    rf"""(?P<blank> \s+ )
    | (?P<invisible> [{INVISIBLE}]+ )
    | & (?: \#[0-9]{{1,7}} | \#[xX][0-9a-fA-F]{{1,6}} | [A-Za-z][A-Za-z0-9]{{1,31}} ) ;?
    """,
    re.X,
)
_UNSHOWN = re.compile(f"[{INVISIBLE}]+")
_INDENT = re.compile(r"[\u3000\xa0]{2}")  # begins a paragraph where nothing else divides it from the one before
_SENTENCE_ENDS = frozenset("。！？：；")
_INLINE = frozenset({"a", "span"})


def read_html(decoded: Decoded, *, where: str, limits: Limits) -> Document:
    """Return the document on an HTML page.

    Args:
        decoded: the page's source.
        where: its name, for messages.
        limits: bounds on its tree and tables.

    Raises:
        LimitError: it has too many elements.
    """
    page = _parse(decoded.text, limits, where)
    known = page_metadata(page, decoded.encoding)
    flow = Flow(limits, where)
    left_out = furniture(page, title_elements(page, known.title))
    _Writer(page, flow, left_out).write()
    _log.info("%s: %d elements that are no part of the document are left out", where, len(left_out))
    if not flow.assembler.length:
        _log.warning("%s: no text on this page; it may come from a script", where)
    return build_document(
        flow.assembler.text, tables=tuple(flow.tables), source_map=flow.assembler.source_map, known=known
    )


def write_html(source: str, flow: Flow, *, offset: int, limits: Limits, where: str) -> None:
    """Write a fragment of HTML, all of it but hidden text, into a flow.

    Args:
        source: the fragment.
        flow: where to write.
        offset: where the fragment stands in the whole source.
        limits: bounds on its tree and tables.
        where: the document's name, for messages.
    """
    page = _parse(source, limits, where)
    page.container = None
    _Writer(page, flow, furniture(page, frozenset()), offset).write()


def _parse(source: str, limits: Limits, where: str) -> Page:
    reduced = skeleton(source, limits, where)
    if reduced.flattened:
        _log.warning(
            "%s: %d elements are nested more than %d deep; their text is kept, their structure is not",
            where, reduced.flattened, limits.html_depth,
        )  # fmt: skip
    return parse_page(source, reduced, where)


class _Writer:
    """Walks a page and writes what is not left out."""

    def __init__(self, page: Page, flow: Flow, left_out: frozenset[int], offset: int = 0) -> None:
        self._page = page
        self._flow = flow
        self._left_out = left_out
        self._offset = offset
        self._in_grid = False
        self._verbatim = 0

    def write(self) -> None:
        """Write all, without recursion."""
        pending: list[tuple[Tag, Iterator[object]]] = [(self._page.root, iter(self._page.root.children))]
        while pending:
            element, children = pending[-1]
            child = next(children, None)
            if child is None:
                pending.pop()
                self._leave(element)
            elif isinstance(child, NavigableString):
                self._string(child)
            elif isinstance(child, Tag) and id(child) not in self._left_out:
                self._enter(child)
                pending.append((child, iter(child.children)))

    def _enter(self, element: Tag) -> None:
        if id(element) in self._page.grids:
            self._in_grid = True
            self._flow.begin_table()
        elif self._in_grid and element.name == "tr":
            self._flow.begin_row()
        elif self._in_grid and element.name in ("td", "th"):
            self._flow.begin_cell()
        elif element.name not in _INLINE:
            self._flow.line_break()
        self._verbatim += element.name == "pre"

    def _leave(self, element: Tag) -> None:
        self._verbatim -= element.name == "pre"
        if id(element) in self._page.grids:
            self._in_grid = False
            self._flow.end_table()
        elif self._in_grid and element.name in ("td", "th"):
            self._flow.end_cell(_number(element, "colspan"), _number(element, "rowspan"))
        elif element.name not in _INLINE and not (self._in_grid and element.name == "tr"):
            self._flow.line_break()

    def _string(self, string: NavigableString) -> None:
        for part in self._page.parts(string):
            if part:
                self._run(self._page.source[part[0] : part[1]], part[0])
            else:
                self._flow.line_break()

    def _run(self, run: str, source: int) -> None:
        """Write a run of the source, which stands at ``source`` in the page."""
        source += self._offset
        done = 0
        for match in _SPECIAL.finditer(run):
            if match.start() > done:
                self._flow.write(run[done : match.start()], source + done)
            done = match.end()
            if match["blank"]:
                self._blank(match["blank"], source + match.start())
            elif not match["invisible"]:
                self._entity(match.group(), source + match.start())
        if done < len(run):
            self._flow.write(run[done:], source + done)

    def _blank(self, blank: str, source: int) -> None:
        line_end = "\n" in blank or "\r" in blank
        indented = _INDENT.search(blank) and self._flow.last in _SENTENCE_ENDS
        if indented or (line_end and self._verbatim):
            self._flow.line_break()
        else:
            self._flow.space(soft=line_end and not blank.strip(" \t\r\n\f"), source=source)

    def _entity(self, written: str, source: int) -> None:
        end = _end_of_reference(written)
        shown = _UNSHOWN.sub("", unescape(written[:end]))
        if shown.isspace():
            self._flow.space(source=source)
        elif shown:
            self._flow.write(shown, source)
        if end < len(written):
            self._flow.write(written[end:], source + end)


def _end_of_reference(written: str) -> int:
    """Return where a character reference ends that its regular expression may have taken too long: ``&nbsp2021``."""
    if written[1] == "#" or written[1:] in html5:
        return len(written)
    return next((end for end in range(len(written) - 1, 1, -1) if written[1:end] in html5), len(written))


def _number(element: Tag, name: str) -> int:
    return int(str(element.get(name, "1")))
