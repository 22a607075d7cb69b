"""The page itself: where text goes in, with the report's parts for what came out."""

from __future__ import annotations

from collections.abc import Sequence
from string import Template

from govie import __version__
from govie.integrations.report.entry import Entry
from govie.integrations.report.markup import escape, resource
from govie.integrations.report.section import choice_html, section_html, summary_html

__all__ = ["ASSETS", "page_html"]

_HERE = "govie.integrations.web"
_REPORT = "govie.integrations.report"
ASSETS = {
    "report.css": (_REPORT, "text/css"),
    "report.js": (_REPORT, "text/javascript"),
    "page.css": (_HERE, "text/css"),
    "page.js": (_HERE, "text/javascript"),
    "reference.css": (_HERE, "text/css"),
    "icon.svg": (_HERE, "image/svg+xml"),
}
"""Every file the page loads, by name: the package it lies in and its media type."""

Notice = tuple[str, str, str | None]


def page_html(entries: Sequence[Entry] = (), notices: Sequence[Notice] = (), *, request_bytes: int) -> str:
    """Return the page.

    The script of an open page asks for this too and takes over the documents and notices.

    Args:
        entries: the documents to show.
        notices: (name, error, hint) of the sources that failed.
        request_bytes: largest request that is taken.
    """
    return Template(resource("page.html", _HERE)).substitute(
        version=__version__,
        limit=str(request_bytes),
        megabytes=f"{request_bytes / 1024 / 1024:g}",
        summary=summary_html(entries),
        chooser="\n".join(choice_html(entry) for entry in entries),
        notices="\n".join(_notice(*notice) for notice in notices),
        documents="\n".join(section_html(entry) for entry in entries),
    )


def _notice(name: str, error: str, hint: str | None) -> str:
    more = f" <small>{escape(hint)}</small>" if hint else ""
    return f'<li class="notice"><b>{escape(name)}</b> <span>{escape(error)}</span>{more}</li>'
