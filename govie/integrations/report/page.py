"""Puts the whole page together: template, style, script and its security policy."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from string import Template
from typing import Any

from govie import __version__
from govie.document import Document
from govie.errors import OptionError
from govie.integrations.report.entry import Entry
from govie.integrations.report.markup import bilingual, escape
from govie.integrations.report.prose import outline_html, prose_html
from govie.integrations.report.tables import empty_columns, facts_html, tasks_html
from govie.records import Extraction
from govie.wording import KIND_WORDS, LABEL_WORDS, STATUS_WORDS, metadata_words

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
    style, script = _resource("report.css"), _resource("report.js")
    return Template(_resource("report.html")).substitute(
        policy=_policy(style, script),
        version=__version__,
        title=escape(title),
        style=style,
        script=script,
        summary=_summary(entries),
        chooser="\n".join(_choice(entry) for entry in entries),
        documents="\n".join(_document(entry) for entry in entries),
    )


def _check_length(name: str, given: Sequence[object] | None, extractions: Sequence[Extraction]) -> None:
    if given is not None and len(given) != len(extractions):
        what = f"{len(given)} given for {len(extractions)} extractions"
        raise OptionError(what, where=name, hint="Give one for each extraction.")


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Allow exactly this style and this script, and nothing from anywhere."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(source: str) -> str:
    return "sha256-" + b64encode(sha256(source.encode()).digest()).decode()


def _summary(entries: Sequence[Entry]) -> str:
    counts = (
        (len(entries), "份文件", "documents"),
        (sum(len(entry.extraction.facts) for entry in entries), "项事实", "facts"),
        (sum(len(entry.extraction.tasks) for entry in entries), "项任务", "tasks"),
    )
    return " · ".join(f"<b>{count}</b> {bilingual(chinese, english)}" for count, chinese, english in counts)


def _choice(entry: Entry) -> str:
    title = escape(entry.title)
    return (
        f'<li><a href="#{entry.key}" title="{title}"><span>{title}</span> <b>{len(entry.extraction.facts)}</b></a></li>'
    )


def _document(entry: Entry) -> str:
    outline = outline_html(entry)
    extraction = entry.extraction
    return Template(_resource("document.html")).substitute(
        key=entry.key,
        title=escape(entry.title),
        metadata=" · ".join(escape(words) for words in metadata_words(entry.metadata)),
        outline=outline,
        outline_hidden="" if outline else " hidden",
        legend=_LEGEND,
        prose=prose_html(entry),
        empty_columns=empty_columns(entry),
        facts=facts_html(entry),
        tasks=tasks_html(entry),
        facts_label=bilingual("事实", "Facts"),
        tasks_label=bilingual("任务", "Tasks"),
        fact_count=len(extraction.facts),
        task_count=len(extraction.tasks),
        status_options=_options(STATUS_WORDS),
        kind_options=_options(KIND_WORDS),
        no_facts="" if extraction.facts else bilingual("没有找到事实。", "No facts found.", "p", class_="none"),
        no_tasks="" if extraction.tasks else bilingual("没有找到任务。", "No tasks found.", "p", class_="none"),
    )


def _options(words: Mapping[Any, str]) -> str:
    return "\n".join(bilingual(chinese, english, "option", value=english) for english, chinese in words.items())


_LEGEND = "".join(
    f"<li>{bilingual(words, label.lower(), class_=f'w {label.lower()}')}</li>" for label, words in LABEL_WORDS.items()
)
