"""Text as it flows: lines, spaces between words, and tables whose rows are lines and whose cells tabs divide."""

from __future__ import annotations

import re
from dataclasses import dataclass

from govie.config import Limits
from govie.document import Table
from govie.reading.assemble import INVISIBLE, TextAssembler
from govie.reading.tables import GridBuilder

__all__ = ["Flow"]

_BLANK_OR_INVISIBLE = re.compile(rf"(?P<blank>\s+)|[{INVISIBLE}]+")


def _is_wide(char: str) -> bool:
    """Tell ideographs and full-width marks, between which a line end in the source is no space."""
    return "\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uff60" or "\uf900" <= char <= "\ufaff"


@dataclass(slots=True)
class _Gap:
    """White space that is written once something follows it in the same line or cell."""

    written: str = ""
    soft: bool = False
    source: int | None = None


class Flow:
    """Writes words, and puts between them the white space that the structure around them asks for.

    Lines end with one line feed and hold no white space at either end. In a table each row is a line, cells are
    divided by tabs, and a line break inside a cell is a space. A table inside a cell is part of that cell's text.

    Args:
        limits: ``grid_cells`` counts.
        where: the document's name, for messages.
    """

    def __init__(self, limits: Limits, where: str) -> None:
        """Begin with an empty text."""
        self.assembler = TextAssembler()
        self.tables: list[Table] = []
        self._limits = limits
        self._where = where
        self._gap = _Gap()
        self.last = ""  # the last character of this line or cell
        self._grid: GridBuilder | None = None
        self._nested = 0
        self._cell_start: int | None = None

    def write(self, words: str, source: int) -> None:
        """Append words that stand in the source from offset ``source`` on; they begin with no white space."""
        gap, self._gap = self._gap, _Gap()
        if gap.written == "\n":
            self.assembler.fill("\n")
        elif gap.written and self.last and not (gap.soft and (_is_wide(self.last) or _is_wide(words[0]))):
            self._space(gap)
        self.assembler.add(words, source)
        self.last = words[-1]

    def write_text(self, text: str, source: int) -> None:
        """Append what stands in the source from ``source`` on, white space closed up and invisible marks left out."""
        done = 0
        for match in _BLANK_OR_INVISIBLE.finditer(text):
            if match.start() > done:
                self.write(text[done : match.start()], source + done)
            if match["blank"]:
                self.space(soft="\n" in match["blank"], source=source + match.start())
            done = match.end()
        if done < len(text):
            self.write(text[done:], source + done)

    def space(self, *, soft: bool = False, source: int | None = None) -> None:
        """Put a space before the next words of this line.

        Args:
            soft: it comes from a line end in the source, which between ideographs stands for nothing.
            source: where it stands in the source.
        """
        if not self._gap.written:
            self._gap = _Gap(" ", soft, source)
        elif not soft:
            self._gap.soft = False

    def line_break(self) -> None:
        """End the line, if it holds anything."""
        if self._cell_start is not None:
            self.space()
        elif self.last or self._gap.written == "\n":
            self._gap = _Gap("\n")
            self.last = ""

    def begin_table(self) -> None:
        """Begin a table; inside a cell, only count it."""
        self.line_break()
        if self._grid is not None:
            self._nested += 1
        else:
            self._grid = GridBuilder(self.assembler.length)

    def begin_row(self) -> None:
        """Begin a row of the table."""
        if self._nested or self._grid is None:
            self.line_break()
        else:
            self._grid.add_row()

    def begin_cell(self) -> None:
        """Begin a cell of the row."""
        if self._nested or self._grid is None:
            self.line_break()
            return
        if not self._grid.rows:
            self._grid.add_row()
        if self._grid.rows[-1]:
            self.assembler.fill("\t")
        elif self.assembler.length:
            self.assembler.fill("\n")
        if not any(self._grid.rows):
            self._grid.start = self.assembler.length
        self._gap, self.last = _Gap(), ""
        self._cell_start = self.assembler.length

    def end_cell(self, columns: int = 1, rows: int = 1) -> None:
        """End the cell, which spans this many columns and rows."""
        if self._nested or self._grid is None or self._cell_start is None:
            self.line_break()
            return
        self._grid.add_cell(self._cell_start, self.assembler.length, columns, rows)
        self._cell_start = None
        self._gap, self.last = _Gap("\n"), ""

    def end_table(self) -> None:
        """End the table and keep its grid."""
        if self._nested:
            self._nested -= 1
        elif self._grid is not None:
            table = self._grid.table(self.assembler.length, self._limits, self._where)
            self.tables += [table] if table else []
            self._grid, self._cell_start = None, None
        self.line_break()

    def _space(self, gap: _Gap) -> None:
        if gap.source is None:
            self.assembler.fill(" ")
        else:
            self.assembler.add(" ", gap.source)
