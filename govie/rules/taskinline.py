"""Task rows from running text: a task with a responsibility clause behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from govie.rules.duties import Duty
from govie.rules.taskrow import TaskRow, number_at

__all__ = ["inline_rows"]

_LONGEST_TASK = 4_000
_SHORTEST_TASK = 4
_UNFINISHED = (";", ":", ",", "、")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_TRAILING = " \t\n,;:(〔【["
# 具体措施:1.… : a label before an item.
_LABEL = re.compile(r"[\u4e00-\u9fff]{2,6}:(?=\s*[(\d一二三四五六七八九十])|[\u4e00-\u9fff]{0,4}(?:措施|举措|任务):")
# 一、总要求(一)…: a chapter's heading run together with the first item below it.
_GLUED = re.compile(r"[\u4e00-\u9fff”](?=\([一二三四五六七八九十]{1,3}\)(?![项款条]))")


def inline_rows(plain: str, duties: Sequence[Duty], closed: Sequence[tuple[int, int]]) -> list[TaskRow]:
    """Return a row for each responsibility clause that follows a task.

    The task runs from the number before it, or from the clause before it in the same
    item, up to the clause; without either, from the start of its paragraph.

    Args:
        plain: the document, half-width.
        duties: its responsibility clauses, in order.
        closed: stretches that are no running text (tables, page furniture), in order.
    """
    rows: list[TaskRow] = []
    number: str | None = None
    at, floor = 0, 0
    for duty in duties:
        while at < len(closed) and closed[at][0] < duty.end:
            floor = max(floor, closed[at][1])
            at += 1
        if duty.start < floor or not duty.units:
            continue
        found, start = _task_start(plain, floor, duty.start)
        number = found if found or "\n" in plain[floor : duty.start] else number
        end = start + len(plain[start : duty.start].rstrip(_TRAILING))
        if end - start >= _SHORTEST_TASK:
            rows.append(TaskRow(number, start, end, duty.units))
        floor = duty.end
    return rows


def _task_start(plain: str, floor: int, end: int) -> tuple[str | None, int]:
    """Return the number and the start of the task that ends at ``end`` and begins at ``floor`` or after."""
    paragraph = max(floor, plain.rfind("\n", floor, end) + 1)
    if paragraph == floor or not _HAN.search(plain, paragraph, end):
        paragraph = _filled_line_before(plain, floor, end)
    start, found = paragraph, _number(plain, paragraph, end)
    while found[0] is None and floor < start and end - start <= _LONGEST_TASK:
        start = _filled_line_before(plain, floor, start)
        found = _number(plain, start, end)
    if found[0] is None:
        return _number(plain, paragraph, end)
    while floor < start and plain[max(floor, start - 80) : start].rstrip().endswith(_UNFINISHED):
        start = _filled_line_before(plain, floor, start)
        above = _number(plain, start, end)
        found = above if above[0] else found
    return found


def _filled_line_before(plain: str, floor: int, end: int) -> int:
    """Return where the last line with words before ``end`` starts, ``floor`` at the least."""
    while end > floor:
        start = max(floor, plain.rfind("\n", floor, end) + 1)
        if _HAN.search(plain, start, end):
            return start
        end = start - 1
    return floor


def _number(plain: str, start: int, end: int) -> tuple[str | None, int]:
    """Return the number of the item that starts a line and where its text starts."""
    while start < end and plain[start] in " \t\n。;,)":
        start += 1
    label = _LABEL.match(plain, start, end)
    start = label.end() if label else start
    number, text = number_at(plain, start, end)
    line = plain.find("\n", text, end)
    glued = _GLUED.search(plain, text, min(text + 80, end if line < 0 else line)) if number else None
    if glued and not re.search(r"[。;:]", plain[text : glued.end()]):
        return number_at(plain, glued.end(), end)
    return number, text
