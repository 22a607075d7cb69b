"""Task rows from tables set out in the text with tabs, runs of spaces, or bars."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from govie.document import Cell, Table
from govie.rules.columns import column_kind, is_header
from govie.rules.taskgrid import grid_rows
from govie.rules.tasklines import Line, Region

__all__ = ["text_tables"]

_LONGEST_HEADER = 200
_GATE = re.compile(r"单位|部门|牵头|主办|协办|配合|责任|主体")
_SEPARATORS = (re.compile(r"\|"), re.compile(r"\t"), re.compile(r"[ \t]{2,}"))
_RULE = re.compile(r"[|:\-+ ]+")
_MOST_LOST_LINES = 2


def text_tables(plain: str, lines: Sequence[Line], *, first_leads: bool = False) -> list[Region]:
    """Return the text tables among some lines that name responsible units; arguments as for ``flat_tables``."""
    tables: list[Region] = []
    at = 0
    while at < len(lines):
        separator = _header_separator(plain, lines[at])
        if separator is None:
            at += 1
            continue
        rows, after = _body(plain, lines, at, separator)
        table = Table(lines[at][0], lines[after - 1][1], tuple(rows))
        found = grid_rows(plain, table, first_leads=first_leads)
        if found:
            tables.append((table.start, table.end, found))
        at = after
    return tables


def _header_separator(plain: str, line: Line) -> re.Pattern[str] | None:
    """Return what parts the cells of a header, None if the line is no header of a task table."""
    if line[1] - line[0] > _LONGEST_HEADER or not _GATE.search(plain, *line):
        return None
    for separator in _SEPARATORS:
        cells = _cells(plain, line, separator)
        if len(cells) > 1 and is_header([column_kind(plain[cell.start : cell.end]) for cell in cells]):
            return separator
    return None


def _body(plain: str, lines: Sequence[Line], at: int, separator: re.Pattern[str]) -> tuple[list[tuple[Cell, ...]], int]:
    """Return header and rows, and the line after; a line with one cell is a heading, several of them end the table."""
    rows = [_cells(plain, lines[at], separator)]
    lost, after = 0, at + 1
    for number in range(at + 1, len(lines)):
        cells = _cells(plain, lines[number], separator)
        lost = lost + 1 if len(cells) < 2 else 0
        if lost > _MOST_LOST_LINES:
            break
        if len(cells) > 1:
            after = number + 1
            if not _RULE.fullmatch(plain, *lines[number]):
                rows.append(cells)
    return rows, after


def _cells(plain: str, line: Line, separator: re.Pattern[str]) -> tuple[Cell, ...]:
    start, end = line
    if separator.pattern == _SEPARATORS[0].pattern:
        start += plain.startswith("|", start)
        end -= plain.endswith("|", start, end)
    return tuple(_trimmed(plain, left, right) for left, right in _between(plain, start, end, separator.finditer))


def _between(
    plain: str, start: int, end: int, find: Callable[[str, int, int], Iterator[re.Match[str]]]
) -> Iterator[tuple[int, int]]:
    at = start
    for mark in find(plain, start, end):
        yield at, mark.start()
        at = mark.end()
    yield at, end


def _trimmed(plain: str, start: int, end: int) -> Cell:
    text = plain[start:end]
    return Cell(end - len(text.lstrip()), end - len(text.lstrip()) + len(text.strip()))
