"""Task rows of a document: flattened tables, grids, text tables, and responsibility clauses after a task."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govie.document import Document
from govie.rules.duties import Unit, find_duties, first_unit_leads
from govie.rules.taskgrid import grid_rows
from govie.rules.taskinline import inline_rows
from govie.rules.tasklines import Line, flat_tables
from govie.rules.taskrow import TaskRow
from govie.rules.tasktext import text_tables

__all__ = ["TaskRow", "Unit", "find_task_rows"]

_GATE = re.compile(r"牵头|责任|主办|负责|配合|协办|承办|单位|部门")
_LINE = re.compile(r"[^\n]+")


def find_task_rows(document: Document) -> list[TaskRow]:
    """Return the task rows of a document, in the order of the text.

    Grids that the reader found come first, then tables written in the text; what is
    left is searched for responsibility clauses. Page furniture and spam hold no rows.
    """
    plain = document.plain
    first_leads = first_unit_leads(plain)
    closed = [(sentence.start, sentence.end) for sentence in document.sentences if sentence.noise]
    rows = _tabled(document, closed, first_leads=first_leads) if _GATE.search(plain) else []
    duties = find_duties(plain, first_leads=first_leads)
    rows.extend(inline_rows(plain, duties, sorted(closed)))
    return sorted(rows, key=lambda row: row.start)


def _tabled(document: Document, closed: list[tuple[int, int]], *, first_leads: bool) -> list[TaskRow]:
    """Return the rows of grids and of tables written in the text; their stretches are added to ``closed``."""
    plain = document.plain
    rows: list[TaskRow] = []
    for table in document.tables:
        found = grid_rows(plain, table, first_leads=first_leads)
        rows.extend(found)
        if found:
            closed.append((table.start, table.end))
    for find in (text_tables, flat_tables):
        for start, end, found in find(plain, list(_lines(plain, sorted(closed))), first_leads=first_leads):
            rows.extend(found)
            closed.append((start, end))
    return rows


def _lines(plain: str, closed: list[tuple[int, int]]) -> Iterator[Line]:
    """Yield start and end of each line outside the closed stretches, white space trimmed, blank ones left out."""
    at, shut = 0, 0
    for line in _LINE.finditer(plain):
        while at < len(closed) and closed[at][0] < line.end():
            shut = max(shut, closed[at][1])
            at += 1
        text = line.group()
        start, end = line.start() + len(text) - len(text.lstrip()), line.start() + len(text.rstrip())
        if start < end and start >= shut:
            yield start, end
