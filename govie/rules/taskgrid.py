"""Task rows from grids: HTML and Word tables, and tables set out with tabs, spaces or bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from govie.document import Cell, Table
from govie.rules.columns import ColumnKind, column_kind, column_roles, is_header
from govie.rules.duties import Unit, find_duties, listed_units
from govie.rules.taskrow import TaskRow, number_at
from govie.tags import RoleLabel

__all__ = ["grid_rows"]

_HEADER_ROWS = 4
Roles = dict[int, tuple[RoleLabel, RoleLabel]]


def grid_rows(plain: str, table: Table, *, first_leads: bool = False) -> list[TaskRow]:
    """Return the task rows of a grid, none if its header names no responsible units.

    A cell spanned over several rows stands in each; rows that share their task's cell
    are one task, and a row of one cell is a heading.
    """
    header = next((n for n, row in enumerate(table.rows[:_HEADER_ROWS]) if is_header(_kinds(plain, row))), None)
    if header is None:
        return []
    kinds = _kinds(plain, table.rows[header])
    while header + 1 < len(table.rows) and is_header(lower := _kinds(plain, table.rows[header + 1])):
        kinds = [upper if kind == "other" else kind for kind, upper in zip(lower, kinds, strict=False)]
        header += 1
    roles = column_roles(kinds, first_leads=first_leads)
    rows: list[TaskRow] = []
    for row in table.rows[header + 1 :]:
        if len(set(row)) > 1 and not is_header(_kinds(plain, row)):
            rows.extend(_row(plain, row, kinds, roles))
    return _shared(rows)


def _kinds(plain: str, row: Sequence[Cell]) -> list[ColumnKind]:
    """Return the kinds of a row read as header; a heading spanned over all columns is none."""
    if len(set(row)) < 2:
        return []
    return [column_kind(plain[cell.start : cell.end]) for cell in row]


def _row(plain: str, row: Sequence[Cell], kinds: Sequence[ColumnKind], roles: Roles) -> Iterator[TaskRow]:
    run = _text_run(plain, row, kinds)
    if run is None:
        return
    number, start = number_at(plain, *run)
    numbers = [
        plain[c.start : c.end].strip(" .、\t\n") for c, kind in zip(row, kinds, strict=False) if kind == "number"
    ]
    agencies = [
        unit
        for at, cell in enumerate(row)
        if at in roles and cell not in row[:at]
        for unit in _cell_units(plain, cell, roles[at])
    ]
    yield TaskRow(next(filter(None, numbers), number), start, run[1], tuple(agencies))


def _text_run(plain: str, row: Sequence[Cell], kinds: Sequence[ColumnKind]) -> tuple[int, int] | None:
    """Return the stretch of the neighbouring text columns that hold most, spaces trimmed."""
    runs: list[tuple[int, int]] = []
    before: ColumnKind = "other"
    for cell, kind in zip(row, kinds, strict=False):
        if kind == "text" and plain[cell.start : cell.end].strip():
            if before == "text" and runs and cell.start >= runs[-1][1]:
                runs[-1] = (runs[-1][0], cell.end)
            elif not any(start <= cell.start and cell.end <= end for start, end in runs):
                runs.append((cell.start, cell.end))
        before = kind
    if not runs:
        return None
    start, end = max(runs, key=lambda run: run[1] - run[0])
    text = plain[start:end]
    return end - len(text.lstrip()), start + len(text.rstrip())


def _cell_units(plain: str, cell: Cell, roles: tuple[RoleLabel, RoleLabel]) -> list[Unit]:
    """Return the units of a cell, by its own labels if it has any (牵头:A 配合:B)."""
    duties = find_duties(plain[cell.start : cell.end])
    if duties:
        return [Unit(u.start + cell.start, u.end + cell.start, u.role) for duty in duties for u in duty.units]
    return listed_units(plain, cell.start, cell.end, roles)


def _shared(rows: list[TaskRow]) -> list[TaskRow]:
    """Join neighbouring rows that share their task's cell."""
    joined: list[TaskRow] = []
    for row in rows:
        if joined and (joined[-1].start, joined[-1].end) == (row.start, row.end):
            known = joined[-1].agencies
            more = tuple(unit for unit in row.agencies if unit not in known)
            joined[-1] = replace(joined[-1], agencies=known + more)
        else:
            joined.append(row)
    return joined
