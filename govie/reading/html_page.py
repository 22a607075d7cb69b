"""A parsed page and how its text is distributed: per element how much is text, link text, prose; and its container."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag

from govie.errors import LimitError
from govie.reading.html_skeleton import PART, Skeleton

__all__ = ["Page", "Weight", "parse_page"]

_MARK = re.compile(r"[，。；！？,;!?]")
_NO_TEXT = re.compile(r"&#?\w{1,31};|\s+")
_LEAST_RUN = 12  # a shorter run with a mark in it is more likely a label than prose
_LEAST_PROSE = 100  # a page with less has no clear container
_CONTAINER_SHARE = 0.75
_LAYOUT_CELL = 600
_LAYOUT_SHARE = 0.8


@dataclass(slots=True)
class Weight:
    """What stands under an element.

    Attributes:
        text: code points that are not white space.
        linked: those of them in links.
        prose: those in runs of punctuated text outside links.
        tables: tables, the element itself included.
    """

    text: int = 0
    linked: int = 0
    prose: int = 0
    tables: int = 0


class Page:
    """The tree of a skeleton, with the text that its numbers stand for.

    Attributes:
        source: the decoded source.
        skeleton: its skeleton.
        root: the tree.
        container: the innermost element that holds three quarters of the prose; None where that is the whole page, or
            where there is too little prose to tell.
    """

    def __init__(self, source: str, skeleton: Skeleton, root: Tag) -> None:
        """Weigh the tree."""
        self.source = source
        self.skeleton = skeleton
        self.root = root
        order: list[PageElement] = list(root.descendants)
        self._weights = {id(element): Weight() for element in (root, *order) if isinstance(element, Tag)}
        self.met = 0
        self._weigh(order)
        self.head_title = next((tag for tag in order if isinstance(tag, Tag) and tag.get("role") == "title"), None)
        self.strings = list(self._strings(order))
        tables = (tag for tag in order if isinstance(tag, Tag) and tag.name == "table")
        self.grids = frozenset(id(table) for table in tables if self._has_grid(table))
        self.container = self._find_container()

    def weight(self, element: Tag) -> Weight:
        """Return what stands under an element of the tree."""
        return self._weights[id(element)]

    def parts(self, string: NavigableString) -> Iterator[tuple[int, int] | None]:
        """Yield what a string of the tree stands for: start and end in the source of runs of text, None for a break."""
        for match in PART.finditer(string):
            yield self.skeleton.runs[int(match["run"])] if match["run"] else None

    def lines(self, string: NavigableString) -> list[str]:
        """Return the text that a string stands for, line by line, entities decoded, white space as in the source."""
        pieces = (self.source[part[0] : part[1]] if part else "<br>" for part in self.parts(string))
        return [unescape(line) for line in "".join(pieces).split("<br>")]

    def _strings(self, order: Iterable[PageElement]) -> Iterator[NavigableString]:
        head = set(map(id, self.head_title.descendants)) if self.head_title else set()
        strings = (element for element in order if isinstance(element, NavigableString))
        return (string for string in strings if id(string) not in head and PART.search(string))

    def _weigh(self, order: Sequence[PageElement]) -> None:
        for element in reversed(order):  # children before their parents
            if isinstance(element, Tag):
                weight = self.weight(element)
                weight.tables += element.name == "table"
                if element.name == "a":
                    weight.linked, weight.prose = weight.text, 0
            elif isinstance(element, NavigableString):
                runs = list(filter(None, self.parts(element)))
                self.met += len(runs)
                weight = self._weigh_runs(runs)
            if element.parent is not None:
                _add(self.weight(element.parent), weight)

    def _has_grid(self, table: Tag) -> bool:
        """Tell a table of data from one that only lays out a page.

        Data has two cells side by side in some row, no table inside, and no single cell that holds a page's worth of
        text and most of the table's.
        """
        if self.weight(table).tables > 1:
            return False
        rows = [[cell for cell in row.find_all(["td", "th"]) if not cell.get("role")] for row in table.find_all("tr")]
        largest = max((self.weight(cell).text for row in rows for cell in row), default=0)
        if largest > _LAYOUT_CELL and largest > _LAYOUT_SHARE * self.weight(table).text:
            return False
        return any(len(row) > 1 for row in rows)

    def _weigh_runs(self, runs: Iterable[tuple[int, int]]) -> Weight:
        weight = Weight()
        for start, end in runs:
            run = _NO_TEXT.sub("", self.source[start:end])
            weight.text += len(run)
            weight.prose += len(run) if len(run) >= _LEAST_RUN and _MARK.search(run) else 0
        return weight

    def _find_container(self) -> Tag | None:
        whole = self.weight(self.root).prose
        if whole < _LEAST_PROSE:
            return None
        found = self.root
        while inner := self._heavy_child(found, _CONTAINER_SHARE * whole):
            found = inner
        if found.find(True) is None and found.parent is not None:
            found = found.parent  # one long paragraph: its headings stand beside it
        return None if found.name in ("[document]", "html", "body") else found

    def _heavy_child(self, element: Tag, prose: float) -> Tag | None:
        if id(element) in self.grids:
            return None
        tags = (child for child in element.children if isinstance(child, Tag))
        return next((tag for tag in tags if self.weight(tag).prose >= prose), None)


def _add(parent: Weight, child: Weight) -> None:
    parent.text += child.text
    parent.linked += child.linked
    parent.prose += child.prose
    parent.tables += child.tables


def parse_page(source: str, skeleton: Skeleton, where: str) -> Page:
    """Parse a skeleton and check that the parser kept all of it.

    Args:
        source: the decoded source that the skeleton was made from.
        skeleton: its skeleton.
        where: the document's name, for messages.

    Raises:
        LimitError: the parser gave up part of the tree, as some versions of libxml2 do with large ones.
    """
    root = BeautifulSoup(f"<body>{skeleton.markup}</body>", "lxml", multi_valued_attributes=None)
    page = Page(source, skeleton, root)
    if page.met != len(skeleton.runs):
        lost = len(skeleton.runs) - page.met
        raise LimitError(f"the parser lost {lost} of {len(skeleton.runs)} stretches of text", where=where)
    return page
