"""One row of a task table, whatever form the table has."""

from __future__ import annotations

import re
from dataclasses import dataclass

from govie.rules.duties import Unit

__all__ = ["TaskRow", "number_at"]

_NUMBER = re.compile(
    r"""\s*
    (?: [(]\s*(?P<enclosed>\d{1,3}|[一二三四五六七八九十百]{1,5})\s*[)][、.]?
      | (?P<arabic>\d{1,3})(?:、|\.(?!\d)|\.(?=(?:19|20)\d\d年)|(?=[\u4e00-\u9fff“《](?<![年月日时分个])))
      | (?P<chinese>[一二三四五六七八九十百]{1,5})[、.] )\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task with the units that answer for it.

    Attributes:
        number: the item's number as written, without its punctuation, or None.
        start: offset where the task's text starts, after the number.
        end: offset after the task's text, before the units.
        agencies: the units in order, each with its role.
    """

    number: str | None
    start: int
    end: int
    agencies: tuple[Unit, ...]


def number_at(plain: str, start: int, end: int) -> tuple[str | None, int]:
    """Return the number that opens ``plain[start:end]`` and where the text after it starts.

    ``12.``, ``12、``, ``(三)`` and ``三、`` are numbers; so is ``12`` directly before a word
    that is no unit of time (``12推进…`` but not ``12月底``).
    """
    found = _NUMBER.match(plain, start, end)
    if found is None:
        return None, start
    return (found["arabic"] or found["chinese"] or found["enclosed"]), found.end()
