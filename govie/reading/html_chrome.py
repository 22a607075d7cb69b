"""What on a page is furniture: navigation, share bars, site footers, forum boxes, hidden text.

The document's container is found first: the innermost element that holds nine tenths of the page's prose, that is of
its runs of punctuated text outside links. Inside it, almost nothing is taken for furniture; outside it, what is named
as furniture or made of links is. Where there is no clear container, only link bars and hidden text go. The rule for
doubt is to keep: sentences that are furniture can still be marked as noise later, lost text cannot come back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bs4 import NavigableString, PageElement, Tag

from govie.reading.html_skeleton import RUN_NUMBER, Skeleton

__all__ = ["Page", "furniture", "weigh"]

_MARK = re.compile(r"[，。；：！？,;!?]")
_NO_TEXT = re.compile(r"&#?\w{1,31};|\s+")
_LEAST_RUN = 12  # a shorter run with a mark in it is more likely a label than prose
_LEAST_PROSE = 100  # a page with less has no clear container
_LEAST_SHARE = 0.9
_FEW = 120  # furniture may hold this much prose: a footer's advice on browsers
_LINKED = 0.6
_BLOCKS = ("div", "table")
_LAYOUT_CELL = 600
_LAYOUT_SHARE = 0.8


@dataclass(slots=True)
class Weight:
    """Code points under an element that are not white space: all, those in links, those in prose outside links."""

    text: int = 0
    linked: int = 0
    prose: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed skeleton with the weights of its elements, by ``id``."""

    root: Tag
    weights: dict[int, Weight]
    container: Tag | None

    def weight(self, element: Tag) -> Weight:
        """Return an element's weight."""
        return self.weights[id(element)]


def weigh(root: Tag, source: str, skeleton: Skeleton) -> tuple[Page, int]:
    """Weigh every element under ``root``; return the page and how many runs of text were met."""
    weights = {id(root): Weight()}
    order: list[PageElement] = list(root.descendants)
    met = 0
    for element in reversed(order):  # children before their parents
        if isinstance(element, Tag):
            weight = weights.setdefault(id(element), Weight())
            if element.name == "a":
                weight.linked, weight.prose = weight.text, 0
        elif isinstance(element, NavigableString):
            numbers = [int(number) for number in RUN_NUMBER.findall(element)]
            met += len(numbers)
            weight = _weigh_runs(source, (skeleton.runs[number] for number in numbers))
        if element.parent is not None:
            _add(weights.setdefault(id(element.parent), Weight()), weight)
    return Page(root, weights, _container(root, weights)), met


def _weigh_runs(source: str, runs: Iterable[tuple[int, int]]) -> Weight:
    weight = Weight()
    for start, end in runs:
        run = _NO_TEXT.sub("", source[start:end])
        weight.text += len(run)
        if len(run) >= _LEAST_RUN and _MARK.search(run):
            weight.prose += len(run)
    return weight


def _add(parent: Weight, child: Weight) -> None:
    parent.text += child.text
    parent.linked += child.linked
    parent.prose += child.prose


def _container(root: Tag, weights: dict[int, Weight]) -> Tag | None:
    """Return the innermost block or cell with nine tenths of the prose; None if that is the whole page."""
    least = _LEAST_SHARE * weights[id(root)].prose
    if weights[id(root)].prose < _LEAST_PROSE:
        return None
    found = root
    while inner := next((tag for tag in _tags(found) if weights[id(tag)].prose >= least), None):
        if _is_data_table(inner, weights):
            break
        found = inner
    if not any(isinstance(child, Tag) for child in found.children) and found.parent is not None:
        found = found.parent  # one long paragraph: its headings stand beside it
    return found if found is not root and found.name != "body" else None


def _tags(element: Tag) -> Iterable[Tag]:
    return (child for child in element.children if isinstance(child, Tag))
