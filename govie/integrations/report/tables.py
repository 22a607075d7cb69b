"""The tables of the report: one row for each fact, one for each task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from govie.integrations.report.entry import Entry, words_of
from govie.integrations.report.markup import attributes, bilingual, escape
from govie.records import Fact, Task, decimal_string
from govie.wording import KIND_WORDS, STATUS_WORDS, period_words, value_words

__all__ = ["empty_columns", "facts_html", "tasks_html"]

_STATUS_ORDER = {"actual": "0", "estimate": "1", "target": "2"}


def facts_html(entry: Entry) -> str:
    """Return the rows of the table of facts."""
    return "\n".join(_fact_row(entry, index, fact) for index, fact in enumerate(entry.extraction.facts))


def tasks_html(entry: Entry) -> str:
    """Return the rows of the table of tasks."""
    return "\n".join(_task_row(entry, index, task) for index, task in enumerate(entry.extraction.tasks))


def empty_columns(entry: Entry) -> str:
    """Return class names, each after a space, for the columns of facts that have no entry."""
    facts = entry.extraction.facts
    agencies = "" if any(fact.lead or fact.support for fact in facts) else " no-agencies"
    return agencies + ("" if any(fact.period for fact in facts) else " no-periods")


def _fact_row(entry: Entry, index: int, fact: Fact) -> str:
    key, extraction = entry.key, entry.extraction
    row = {
        "id": f"{key}f{index}",
        "data-f": str(index),
        "data-w": " ".join(f"{role}{span}" for role, span in words_of(fact)),
        "data-status": fact.status,
        "data-kind": fact.kind,
    }
    meaning = " · ".join(word for word in (fact.kind, fact.direction, fact.bound) if word)
    cells = (
        _cell(_number_link(f"{key}s{fact.quantity}", index), "number", sort=str(index)),
        _cell(_name(fact), "name", sort=fact.name),
        _cell(escape(value_words(extraction, fact)), "value", sort=decimal_string(fact.amount), title=meaning),
        _cell(_status(fact), "status", sort=_STATUS_ORDER[fact.status]),
        _cell(escape(period_words(fact.period)), "period", sort=fact.period or ""),
        _cell(_agencies(entry, fact.lead, fact.support), "lead", sort=_first_agency(entry, fact.lead)),
    )
    return f"<tr{attributes(row)}>{''.join(cells)}</tr>"


def _task_row(entry: Entry, index: int, task: Task) -> str:
    text = entry.extraction.text[task.start : task.end]
    words = " ".join(text.split())
    cells = (
        _cell(escape(task.number or str(index + 1)), "number", sort=str(index)),
        _cell(escape(words) + _task_facts(entry, task.facts), "name", sort=words[:40]),
        _cell(_agencies(entry, task.lead), "lead", sort=_first_agency(entry, task.lead)),
        _cell(_agencies(entry, task.support), "support", sort=_first_agency(entry, task.support)),
    )
    agencies = (*(f"l{span}" for span in task.lead), *(f"s{span}" for span in task.support))
    row = {"id": f"{entry.key}t{index}", "data-t": str(index), "data-w": " ".join(agencies)}
    return f"<tr{attributes(row)}>{''.join(cells)}</tr>"


def _cell(inside: str, kind: str, *, sort: str, title: str | None = None) -> str:
    return f"<td{attributes({'class': kind, 'data-v': sort, 'title': title})}>{inside}</td>"


def _number_link(target: str, index: int) -> str:
    return f'<a href="#{target}">{index + 1}</a>'


def _name(fact: Fact) -> str:
    path = " › ".join(fact.section)
    return escape(fact.name) + (f'<small class="path">{escape(path)}</small>' if path else "")


def _status(fact: Fact) -> str:
    kind = bilingual(KIND_WORDS[fact.kind], fact.kind, class_="kind")
    return bilingual(STATUS_WORDS[fact.status], fact.status, class_=f"badge {fact.status}") + kind


def _agencies(entry: Entry, *groups: Iterable[int]) -> str:
    names = ("、".join(entry.extraction.spans[span].text for span in group) for group in groups)
    return "".join(f"<span>{escape(name)}</span>" for name in names if name)


def _first_agency(entry: Entry, spans: Sequence[int]) -> str:
    return entry.extraction.spans[spans[0]].text if spans else ""


def _task_facts(entry: Entry, facts: Sequence[int]) -> str:
    extraction = entry.extraction
    links = (
        f'<li><a href="#{entry.key}f{index}">{escape(fact.name)} {escape(value_words(extraction, fact))}</a></li>'
        for index, fact in ((index, extraction.facts[index]) for index in facts)
    )
    inside = "".join(links)
    return f'<ul class="inside">{inside}</ul>' if inside else ""
