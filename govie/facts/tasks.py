"""Tasks: the rows of task tables with their agencies and the facts inside them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from govie.records import Fact, Span, Task
from govie.rules.tasktable import TaskRow
from govie.tags import RoleLabel

__all__ = ["build_tasks"]


def build_tasks(rows: Sequence[TaskRow], spans: Sequence[Span], facts: Sequence[Fact]) -> tuple[Task, ...]:
    """Return a task for each row, ordered by offset.

    Args:
        rows: task rows; every agency of theirs is an AGENCY span.
        spans: all spans of the document, the id of each its position.
        facts: all facts of the document, ordered by the start of their quantity.

    Raises:
        KeyError: an agency of a row is no AGENCY span.
    """
    agencies = {(span.start, span.end): span.id for span in spans if span.label == "AGENCY"}
    quantities = [spans[fact.quantity].start for fact in facts]
    tasks = []
    for row in sorted(rows, key=lambda row: (row.start, row.end)):
        inside = range(bisect_left(quantities, row.start), bisect_left(quantities, row.end))
        lead, support = _ids(row, "lead", agencies), _ids(row, "support", agencies)
        tasks.append(Task(row.number, row.start, row.end, lead, support, tuple(inside)))
    return tuple(tasks)


def _ids(row: TaskRow, role: RoleLabel, agencies: dict[tuple[int, int], int]) -> tuple[int, ...]:
    """Return the ids of the row's agencies with this role, each once, in the order of the row."""
    return tuple(dict.fromkeys(agencies[unit.start, unit.end] for unit in row.agencies if unit.role == role))
