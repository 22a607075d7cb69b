"""What on a page is furniture: navigation, share bars, site footers, forum boxes, hidden text.

Inside the page's container almost nothing is taken for furniture; outside it, what is named as furniture or made of
links is. Without a clear container only bars of links and hidden text go. The rule for doubt is to keep: furniture
that stays can still be marked as noise by what it says, lost text cannot come back.
"""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import Tag

from govie.reading.html_page import Page

__all__ = ["furniture"]

_FEW = 120  # furniture may hold this much prose, such as a footer's advice on browsers
_HEADLINE = 8
_LARGE_SHARE = 0.3
_BAR_SHARE = 0.5
_LINKED_SHARE = 0.6


def furniture(page: Page, kept: frozenset[int]) -> frozenset[int]:
    """Return the ``id`` of the topmost elements that are furniture.

    Args:
        page: the weighed page.
        kept: ``id`` of elements known to hold the document's title: neither they nor what is around them go, unless
            hidden.
    """
    found: set[int] = set()
    around = kept | {id(element) for element in _with_parents(page.container)}
    pending: list[tuple[Tag, bool]] = [(page.root, False)]
    while pending:
        element, inside = pending.pop()
        for child in element.children:
            if not isinstance(child, Tag):
                continue
            if _is_furniture(page, child, inside=inside, around=id(child) in around):
                found.add(id(child))
            else:
                pending.append((child, inside or child is page.container))
    return frozenset(found)


def _with_parents(element: Tag | None) -> Iterator[Tag]:
    while element is not None:
        yield element
        element = element.parent


def _is_furniture(page: Page, element: Tag, *, inside: bool, around: bool) -> bool:
    role, weight, whole = element.get("role"), page.weight(element), page.weight(page.root)
    if role == "title":
        return True
    if role in ("machinery", "hidden"):
        return 2 * weight.prose <= whole.prose
    if around:
        return False
    outside = page.container is not None and not inside
    if (role == "furniture" or (role == "chrome" and outside)) and not _has_headline(page, element):
        small = weight.prose <= max(_FEW, whole.prose // 50) and weight.text <= _LARGE_SHARE * whole.text
        return small or (outside and _is_linked(page, element))
    if role == "chrome":
        return weight.linked >= _BAR_SHARE * weight.text
    return outside and element.name in ("div", "table") and weight.text > 0 and _is_linked(page, element)


def _has_headline(page: Page, element: Tag) -> bool:
    """Tell whether a main heading stands in the element that is no link, as the document's title may."""
    weights = (page.weight(heading) for heading in element.find_all(["h1", "h2"]))
    return any(weight.text - weight.linked >= _HEADLINE for weight in weights)


def _is_linked(page: Page, element: Tag) -> bool:
    weight = page.weight(element)
    return weight.linked >= _LINKED_SHARE * weight.text
