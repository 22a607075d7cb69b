"""Whether the words of a heading, or the opening of a paragraph, review or plan, and for which year."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from govie.document import DocumentKind, Stance
from govie.lexicon import load_toml
from govie.reading.years import Years, years_in

__all__ = [
    "UNKNOWN",
    "View",
    "dated_review",
    "document_view",
    "heading_views",
    "is_closing",
    "is_main_heading",
    "opening_view",
]

_CLAUSES = re.compile(r"以及|[和与及暨、,，]")
_LAST_YEAR = re.compile(r"去年|过去的?一年|上年|(?<![两二三四五六七八九十])一年来|这一年")
_STOP = re.compile(r"[。,!?;:]")
_OPENING = 40  # a paragraph shows its stance within this many code points
_LONGEST_MAIN = 30
_LONGEST_CLOSING = 800


class View(NamedTuple):
    """What a part of a document does, and the year it does it for; None is not known.

    ``sure`` is False where the paragraphs below may say otherwise; ``span`` holds the
    years of a part that speaks of several and so has no ``year``.
    """

    stance: Stance | None
    year: int | None = None
    sure: bool = False
    span: Years | None = None


UNKNOWN = View(None)


@cache
def _words(table: str, name: str) -> re.Pattern[str]:
    listed = load_toml("stance.toml")[table][name]
    return re.compile("|".join(listed) if isinstance(listed, list) else listed)


@cache
def _ending(name: str) -> re.Pattern[str]:
    return re.compile(f"(?:{_words('heading', name).pattern})$")


@cache
def _opening(stance: Stance) -> re.Pattern[str]:
    return re.compile(f"{_words('paragraph', 'lead_in').pattern}(?:{_words('paragraph', stance).pattern})")


def document_view(kind: DocumentKind, title: str | None, year: int | None) -> View:
    """Return the view of a whole document, :data:`UNKNOWN` for one that holds both or neither (a work report)."""
    kinds = load_toml("stance.toml")["document"]
    if kind in kinds["plan_kinds"]:
        return View("plan", year, True)
    if kind in kinds["review_kinds"]:
        return View("review", year, True)
    if kind == "work_report" or not title:
        return UNKNOWN
    if _words("document", "review_titles").search(title):
        return View("review", year)
    return View("plan", year) if _words("document", "plan_titles").search(title) else UNKNOWN


def heading_views(title: str, year: int | None) -> list[View]:
    """Return what a heading announces, in order and without repeats.

    Args:
        title: the heading's words.
        year: the year the document is for.

    Returns:
        One view for 2021年工作安排, two for 1998年工作回顾和1999年工作的总体要求, none if it does not say. A heading
        outside review and plan (名词解释) gives one sure view without a stance.
    """
    if _words("heading", "neutral").search(title):
        return [View(None, None, True)]
    views: list[View] = []
    waiting: int | None = None
    for clause in _CLAUSES.split(title):
        view = _clause_view(clause, year)
        if view.stance is None:
            waiting = waiting or view.year
        elif view.stance not in {seen.stance for seen in views}:
            when = view.year or waiting
            views.append(view._replace(year=when, span=None if when else view.span))
    return views


def dated_review(title: str, year: int | None) -> View | None:
    """Return the view of a heading that names a past time and reviews it, and so may stand within a plan; or None."""
    named = years_in(title)
    reviews = _words("heading", "review").search(title) or _words("heading", "weak_review").search(title)
    if not reviews or _stance_by_time(title, named, year) != "review":
        return None
    return View("review", named[-1].last if named and named[-1].first == named[-1].last else None, True)


def _clause_view(clause: str, year: int | None) -> View:
    named = years_in(clause)
    single = next((years.last for years in named if years.first == years.last), None)
    stance, sure = _clause_stance(clause, named, year)
    when = single or _relative_year(clause, year)
    return View(stance, when, sure, None if when else _span(clause, named, stance, year))


def _clause_stance(clause: str, named: list[Years], year: int | None) -> tuple[Stance | None, bool]:
    if _words("heading", "review").search(clause):
        return "review", True
    if stance := _stance_by_time(clause, named, year):
        return stance, True
    if _words("heading", "plan").search(clause):
        return "plan", True
    if _words("heading", "weak_plan").search(clause):
        return "plan", False
    return ("review", False) if _words("heading", "weak_review").search(clause) else (None, False)


def _stance_by_time(text: str, named: list[Years], year: int | None) -> Stance | None:
    if _words("heading", "past").search(text):
        return "review"
    if _words("heading", "future").search(text):
        return "plan"
    return _stance_by_years(named, year)


def _stance_by_years(named: list[Years], year: int | None) -> Stance | None:
    """Compare the last years named with the document's own; a five-year plan already running says nothing."""
    if not named or year is None:
        return None
    first, last = named[-1]
    return "review" if last < year else "plan" if first >= year else None


def _relative_year(text: str, year: int | None) -> int | None:
    if year is None:
        return None
    return year - 1 if _LAST_YEAR.search(text) else year if "今年" in text else None


def _span(text: str, named: list[Years], stance: Stance | None, year: int | None) -> Years | None:
    """Return the years of a five-year plan that is named, or the five years before or from the document's own."""
    if named:
        return named[0] if named[0].last > named[0].first else None
    if year is None or stance is None or not _words("paragraph", "five_years").search(text):
        return None
    return Years(year - 5, year - 1) if stance == "review" else Years(year, year + 4)


def is_main_heading(text: str) -> bool:
    """Tell whether an unnumbered line heads a main part: 过去五年工作回顾, 2018年主要工作, 名词解释."""
    if len(text) > _LONGEST_MAIN:
        return False
    if _words("heading", "neutral").search(text):
        return True
    if _STOP.search(text):
        return False
    if _words("heading", "main_opening").match(text) and _ending("main_ending").search(text):
        return True
    return bool(_ending("list_ending").search(text) and years_in(text))


def is_closing(text: str) -> bool:
    """Tell whether a paragraph closes a report: 让我们…而努力奋斗！"""
    fits = text.endswith("!") and len(text) <= _LONGEST_CLOSING
    return fits and bool(_words("paragraph", "closing").search(text))


def is_address(text: str) -> bool:
    """Tell whether a paragraph turns to the assembly: 各位代表，…"""
    return bool(_words("paragraph", "address").match(text))


def opening_view(text: str, year: int | None) -> View:
    """Return what a paragraph starts to do by its first words; :data:`UNKNOWN` if they do not say.

    The view is sure of its year if the words name a time: a year, or a span of years (五年来), for which it is None.

    Args:
        text: the paragraph, normalised.
        year: the year the document is for.
    """
    opening = text[:_OPENING]
    named = years_in(opening[: _OPENING // 2]) if len(text) > _OPENING else []  # not of a title or delivery line
    stance = _opening_stance(opening, named, year)
    if stance is None:
        return UNKNOWN
    single = next((years.last for years in named if years.first == years.last), None)
    when = single or _relative_year(opening, year)
    span = None if when else _span(opening, named, stance, year)
    return View(stance, when, bool(when or named or _words("paragraph", "span").search(opening)), span)


def _opening_stance(opening: str, named: list[Years], year: int | None) -> Stance | None:
    if _opening("review").match(opening):
        return "review"
    return "plan" if _opening("plan").match(opening) else _stance_by_years(named[:1], year)
