"""Puts the whole page together: template, style, script and its security policy."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from string import Template

from govie import __version__
from govie.document import Document
from govie.errors import OptionError
from govie.integrations.report.entry import Entry
from govie.integrations.report.markup import escape, resource
from govie.integrations.report.section import choice_html, section_html, summary_html
from govie.records import Extraction

__all__ = ["render"]


def render(
    extractions: Sequence[Extraction],
    *,
    documents: Sequence[Document | None] | None = None,
    names: Sequence[str] | None = None,
    title: str = "govie",
) -> str:
    """Return one self-contained HTML page for any number of extractions.

    Args:
        extractions: what was found, in the order of the page.
        documents: the documents extracted from; they give metadata, outline and noise.
        names: what to call a document without a title, such as its file name.
        title: the page's own title.

    Raises:
        OptionError: ``documents`` or ``names`` is not as long as ``extractions``.
    """
    _check_length("documents", documents, extractions)
    _check_length("names", names, extractions)
    entries = [
        Entry(
            key=f"d{index}",
            name=names[index] if names else f"{index + 1}",
            extraction=extraction,
            document=documents[index] if documents else None,
        )
        for index, extraction in enumerate(extractions)
    ]
    style, script = resource("report.css"), resource("report.js")
    return Template(resource("report.html")).substitute(
        policy=_policy(style, script),
        version=__version__,
        title=escape(title),
        style=style,
        script=script,
        summary=summary_html(entries),
        chooser="\n".join(choice_html(entry) for entry in entries),
        documents="\n".join(section_html(entry) for entry in entries),
    )


def _check_length(name: str, given: Sequence[object] | None, extractions: Sequence[Extraction]) -> None:
    if given is not None and len(given) != len(extractions):
        what = f"{len(given)} given for {len(extractions)} extractions"
        raise OptionError(what, where=name, hint="Give one for each extraction.")


def _policy(style: str, script: str) -> str:
    """Allow exactly this style and this script, and nothing from anywhere."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(source: str) -> str:
    return "sha256-" + b64encode(sha256(source.encode()).digest()).decode()
