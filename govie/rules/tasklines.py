"""Task rows from a flattened table: one cell a line, as text copied from a page has it.

The header's cells stand a line each, then the body: numbers, texts and units a line
each, chapter headings between them. Which column a line of units fills is read from
how many there are:

- as many lines as columns, or fewer: in order;
- more: the last lines fill the last columns, the lines before them are one cell of
  several lines. So with 牵头单位 and 责任单位 all lines but the last lead. Such tables
  join the units of a 责任单位 cell with 、 and write several leaders a line each; where
  a line in the middle does hold several units, the second column begins with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from govie.rules.columns import ROLE_KINDS, ColumnKind, column_kind, column_roles, is_header
from govie.rules.duties import listed_units
from govie.rules.taskrow import TaskRow, number_at
from govie.rules.unitlist import is_unit_list, split_units
from govie.tags import RoleLabel

__all__ = ["Line", "Region", "flat_tables"]

Line = tuple[int, int]
Region = tuple[int, int, list[TaskRow]]

_LONGEST_UNKNOWN = 6
_WIDEST_JUMP = 3
_MOST_TEXT_LINES = 20
_OWN_NUMBER = re.compile(r"(\d{1,3})[.、]?")
_HEADING = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十]{1,3}[)]|第[一二三四五六七八九十]{1,3}[章节部]"
)
_END = re.compile(
    r"(?:注|备注|说明|附注)[:.]|附件|附表|文件链接|相关链接|责任编辑|上一[篇条]|下一[篇条]|分享|打印|主办[:]|主办单位[:]"
)
_TIME = re.compile(
    r"(?:\d{4}年|\d{1,2}月|全年|长期|持续|年底|每[年季月]|常态|上半年|下半年|第?[一二三四]季度|[一二三四]季度).{0,12}"
)


@dataclass(slots=True)
class _Item:
    """The row being read."""

    number: str | None = None
    texts: list[Line] = field(default_factory=list)
    cells: list[Line] = field(default_factory=list)


def flat_tables(plain: str, lines: Sequence[Line], *, first_leads: bool = False) -> list[Region]:
    """Return the flattened task tables among some lines.

    Args:
        plain: the document, half-width.
        lines: start and end of each line that is not blank, white space trimmed.
        first_leads: see :func:`govie.rules.duties.find_duties`.

    Returns:
        Start and end of each table and its rows.
    """
    headers = list(_headers(plain, lines))
    tables: list[Region] = []
    for at, (first, after) in enumerate(headers):
        last = headers[at + 1][0] if at + 1 < len(headers) else len(lines)
        kinds = [column_kind(plain[start:end]) for start, end in lines[first:after]]
        reader = _Reader(plain, kinds, first_leads)
        rows = reader.read(lines[after:last])
        if rows:
            end = max(unit.end for row in rows for unit in row.agencies)
            tables.append((lines[first][0], end, rows))
    return tables


def _headers(plain: str, lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield (first line, line after) of each block of lines that makes a header."""
    at = 0
    while at < len(lines):
        kinds: list[ColumnKind] = []
        while (kind := _header_kind(plain, lines, at + len(kinds), inside=bool(kinds))) is not None:
            if kind == "text" and "text" in kinds and ROLE_KINDS.intersection(kinds):
                break
            kinds.append(kind)
        if is_header(kinds):
            yield at, at + len(kinds)
        at += max(1, len(kinds))


def _header_kind(plain: str, lines: Sequence[Line], at: int, *, inside: bool) -> ColumnKind | None:
    """Return the kind of the header cell on a line, None if the line is none.

    An unknown cell counts where it is short and stands between two known ones.
    """
    if at >= len(lines):
        return None
    kind = _kind(plain, lines[at])
    if kind != "other":
        return kind
    start, end = lines[at]
    between = inside and end - start <= _LONGEST_UNKNOWN and at + 1 < len(lines)
    return kind if between and _kind(plain, lines[at + 1]) != "other" else None


def _kind(plain: str, line: Line) -> ColumnKind:
    return column_kind(plain[line[0] : line[1]])


class _Reader:
    """Reads the lines below a header into rows."""

    def __init__(self, plain: str, kinds: Sequence[ColumnKind], first_leads: bool) -> None:
        self._plain = plain
        self._roles = list(column_roles(kinds, first_leads=first_leads).values())
        self._texts = max(1, sum(kind == "text" for kind in kinds))
        self._timed = "time" in kinds
        self._rows: list[TaskRow] = []
        self._item = _Item()
        self._last = 0
        self._own_line = False
        self._numbered = False

    def read(self, lines: Sequence[Line]) -> list[TaskRow]:
        """Return the rows of the table body that begins with these lines."""
        words = [self._plain[start:end] for start, end in lines]
        self._own_line = any(_OWN_NUMBER.fullmatch(word) for word in words[:2])
        self._numbered = self._own_line or any(number_at(word, 0, len(word))[0] for word in words[:3])
        for line, word in zip(lines, words, strict=True):
            if len(self._item.texts) > _MOST_TEXT_LINES:
                break
            if _END.match(word) and (self._item.cells or not self._item.texts):
                break
            self._take(line, word)
        self._close()
        return self._rows

    def _take(self, line: Line, word: str) -> None:
        number, start = self._number(line, word)
        if number is not None:
            self._close()
            self._item = _Item(number, [(start, line[1])] if start < line[1] else [])
        elif self._is_heading(word):
            self._close()
        elif self._timed and _TIME.fullmatch(word) and self._item.texts:
            return
        elif self._item.texts and is_unit_list(word, expected=len(self._item.texts) >= self._texts):
            self._add_cell(line)
        else:
            if self._item.cells:
                self._close()
            self._item.texts.append(line)

    def _number(self, line: Line, word: str) -> tuple[str | None, int]:
        """Return the number of the item that begins here and where its text does; None within an item."""
        own = _OWN_NUMBER.fullmatch(word)
        if self._own_line:
            number, start = (own[1], line[1]) if own else (None, line[0])
        else:
            number, start = number_at(self._plain, *line)
        if number is None or not number.isdecimal():
            return None, line[0]
        if self._last and not self._last < int(number) <= self._last + _WIDEST_JUMP:
            return None, line[0]
        self._last = int(number)
        return number, start

    def _is_heading(self, word: str) -> bool:
        return self._numbered and bool(_HEADING.match(word)) and (bool(self._item.cells) or not self._item.texts)

    def _add_cell(self, line: Line) -> None:
        """Add a line of units; a line that ends with a separator goes on in the next."""
        cells = self._item.cells
        if cells and self._plain[cells[-1][1] - 1] in "、,":
            cells[-1] = (cells[-1][0], line[1])
        else:
            cells.append(line)

    def _close(self) -> None:
        """End the row being read; a text without number and units is none."""
        item, self._item = self._item, _Item()
        if not item.texts or not (item.cells or item.number):
            return
        agencies = [
            unit
            for (start, end), roles in zip(item.cells, self._cell_roles(item.cells), strict=True)
            for unit in listed_units(self._plain, start, end, roles)
        ]
        if agencies:
            self._rows.append(TaskRow(item.number, item.texts[0][0], item.texts[-1][1], tuple(agencies)))

    def _cell_roles(self, cells: Sequence[Line]) -> list[tuple[RoleLabel, RoleLabel]]:
        """Return the roles for each line of units, by the rule of the module's docstring."""
        columns, extra = self._roles, len(cells) - len(self._roles)
        if extra <= 0 or len(columns) == 1:
            return [columns[min(at, len(columns) - 1)] for at in range(len(cells))]
        wrapped = 1 + extra
        several = (at for at in range(1, wrapped) if len(split_units(self._plain, *cells[at])) > 1)
        wrapped = next(several, wrapped)
        after = len(cells) - wrapped
        second = max(0, after - (len(columns) - 1))
        return [columns[0]] * wrapped + [columns[1]] * second + [columns[1 + at] for at in range(after - second)]
