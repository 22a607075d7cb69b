"""What every page shows of a document: its place in the chooser, its text and its tables, and sums over all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Template
from typing import Any

from govie.integrations.report.entry import Entry
from govie.integrations.report.markup import bilingual, escape, resource
from govie.integrations.report.prose import outline_html, prose_html
from govie.integrations.report.tables import empty_columns, facts_html, tasks_html
from govie.wording import KIND_WORDS, LABEL_WORDS, STATUS_WORDS, metadata_words

__all__ = ["choice_html", "section_html", "summary_html"]


def summary_html(entries: Sequence[Entry]) -> str:
    """Return how many documents, facts and tasks there are, each number in a ``b``."""
    counts = (
        (len(entries), "份文件", "documents"),
        (sum(len(entry.extraction.facts) for entry in entries), "项事实", "facts"),
        (sum(len(entry.extraction.tasks) for entry in entries), "项任务", "tasks"),
    )
    return " · ".join(f"<b>{count}</b> {bilingual(chinese, english)}" for count, chinese, english in counts)


def choice_html(entry: Entry) -> str:
    """Return the list item that leads to a document."""
    title = escape(entry.title)
    return (
        f'<li><a href="#{entry.key}" title="{title}"><span>{title}</span> <b>{len(entry.extraction.facts)}</b></a></li>'
    )


def section_html(entry: Entry) -> str:
    """Return one document: the text with its words marked, and the tables of facts and tasks."""
    outline = outline_html(entry)
    extraction = entry.extraction
    return Template(resource("document.html")).substitute(
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
