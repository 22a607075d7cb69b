"""How a report is delivered: by whom, on whose behalf, where and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from govie.lexicon import load_toml
from govie.reading.fields import iso_date
from govie.reading.lines import Line

__all__ = ["Delivery", "find_delivery", "report_pattern", "represented_organ"]

_HEAD_LINES = 80
_LONGEST_LINE = 200
_LONGEST_SPEAKER_LINE = 60


class Delivery(NamedTuple):
    """What the lines between a report's title and its first part say; empty for another document.

    Attributes:
        organ: on whose behalf it is given (我代表…人民政府).
        speaker: the organ in the speaker's line (沈阳市人民政府市长 …).
        place: whose assembly hears it (在沈河区第十八届人民代表大会…).
        date: when, as an ISO date.
        start: index of the line where the speech starts.
    """

    organ: str = ""
    speaker: str = ""
    place: str = ""
    date: str | None = None
    start: int | None = None


@cache
def report_pattern(name: str) -> re.Pattern[str]:
    """Return the pattern of this name under ``report`` in ``documents.toml``."""
    return re.compile(load_toml("documents.toml")["report"][name])


def find_delivery(lines: Sequence[Line]) -> Delivery:
    """Return how the report in ``lines`` is delivered, by its first lines."""
    found = Delivery()
    for index, line in enumerate(lines[:_HEAD_LINES]):
        found = _with_line(found, index, line.text[:_LONGEST_LINE])
    return found


def _with_line(found: Delivery, index: int, text: str) -> Delivery:
    """Add what one line says to what is found already; what comes first holds."""
    if found.start is None and report_pattern("salutation").match(text):
        found = found._replace(start=index)
    if (
        not found.organ
        and (match := report_pattern("represents").search(text))
        and report_pattern("reports").search(text)
    ):
        found = found._replace(organ=match["organ"], start=index if found.start is None else found.start)
    if not found.place and (match := report_pattern("delivered").search(text)):
        found = found._replace(place=match["place"].replace(" ", ""), date=iso_date(match["date"]))
    short = len(text) <= _LONGEST_SPEAKER_LINE
    if short and not found.speaker and (match := report_pattern("speaker").match(text)):
        found = found._replace(speaker=match["organ"])
    return found


def represented_organ(text: str) -> str | None:
    """Return the organ on whose behalf somebody speaks anywhere in ``text``, if only to give thanks."""
    match = report_pattern("represents").search(text)
    return match["organ"] if match else None
