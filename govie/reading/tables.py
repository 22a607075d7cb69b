"""Table grids: cells that span rows or columns, laid out so that every place of the grid holds its cell."""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from govie.config import Limits
from govie.document import Cell, Table

__all__ = ["GridBuilder", "SpanningCell", "expand"]

_log = logging.getLogger(__name__)

_MOST_SPANNED = 1000  # HTML's cap on colspan


@dataclass(frozen=True, slots=True)
class SpanningCell:
    """A cell as the source writes it: once, in its first row and column."""

    cell: Cell
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class GridBuilder:
    """A table while its cells are being written."""

    start: int
    rows: list[list[SpanningCell]] = field(default_factory=list)

    def add_row(self) -> None:
        """Begin a row."""
        self.rows.append([])

    def add_cell(self, start: int, end: int, columns: int = 1, rows: int = 1) -> None:
        """Append a cell to the last row; spans below one count as one."""
        self.rows[-1].append(SpanningCell(Cell(start, end), max(1, columns), max(1, rows)))

    def table(self, end: int, limits: Limits, where: str) -> Table | None:
        """Return the finished table, or None if it has no cells or its grid would pass ``limits.grid_cells``."""
        rows = [row for row in self.rows if row]
        grid = expand(rows, limits.grid_cells)
        if grid is None:
            _log.warning(
                "%s: a table of %d rows spans more than %d places; its text is kept, its grid is not",
                where, len(rows), limits.grid_cells,
            )  # fmt: skip
        return Table(self.start, end, grid) if grid else None


def expand(rows: Sequence[Sequence[SpanningCell]], most: int) -> tuple[tuple[Cell, ...], ...] | None:
    """Return the grid in which a cell stands in every place it spans; None if it has over ``most`` places.

    Cells are placed as HTML's table model does (HTML Standard, "forming a table"): each goes to the first free column
    of its row, and a span past the last row is cut there. A span that would cover another cell is cut before it.
    Columns in which no cell begins are left out, so that ``colspan=1000`` over a table of three columns spans three.
    A place without a cell, in a row too short, holds an empty cell at the end of its row.
    """
    placed = _place(rows, most)
    if placed is None:
        return None
    columns = sorted({place.left for row in placed for place in row})
    if len(rows) * len(columns) > most:
        return None
    grid: list[list[Cell | None]] = [[None] * len(columns) for _ in rows]
    for top, row in enumerate(placed):
        for place in row:
            left, right = bisect_left(columns, place.left), bisect_left(columns, place.right)
            for line in grid[top : place.bottom]:
                line[left:right] = [place.cell] * (right - left)
    return tuple(_filled(line) for line in grid)


class _Place(NamedTuple):
    """Where a cell lies: columns ``left`` to ``right``, rows down to ``bottom`` (both ends excluded)."""

    left: int
    right: int
    bottom: int
    cell: Cell


def _place(rows: Sequence[Sequence[SpanningCell]], most: int) -> list[list[_Place]] | None:
    placed: list[list[_Place]] = []
    hanging: list[_Place] = []  # cells of rows above that reach into this row, from left to right
    steps = 0
    for top, row in enumerate(rows):
        hanging = [place for place in hanging if place.bottom > top]
        steps += len(hanging) + len(row)
        if steps > most:
            return None
        placed.append(_place_row(row, top, hanging))
        hanging = sorted(hanging + placed[-1], key=lambda place: place.left)
    return placed


def _place_row(row: Sequence[SpanningCell], top: int, hanging: list[_Place]) -> list[_Place]:
    placed: list[_Place] = []
    left, following = 0, 0
    for spanning in row:
        while following < len(hanging) and hanging[following].left <= left:
            left = max(left, hanging[following].right)
            following += 1
        right = left + min(spanning.columns, _MOST_SPANNED)
        if following < len(hanging):
            right = min(right, hanging[following].left)
        placed.append(_Place(left, right, top + spanning.rows, spanning.cell))
        left = right
    return placed


def _filled(line: list[Cell | None]) -> tuple[Cell, ...]:
    end = max((cell.end for cell in line if cell), default=0)
    return tuple(cell or Cell(end, end) for cell in line)
