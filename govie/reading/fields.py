"""The labelled fields a page prints around its document: 索引号, 发布机构, 成文日期, 来源 …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from govie.lexicon import load_toml
from govie.reading.lines import Line

__all__ = ["Fields", "iso_date", "page_fields"]

_HEAD_LINES = 60
_LONGEST_FIELD_LINE = 300
_LONGEST_VALUE = (40, 12)  # of a field that is kept, and of one that is not
_BEFORE = re.compile(r"[\d年月日:/. -]*")  # a date may stand before the first label
_DATE = re.compile(r"((?:19|20)\d\d) ?[-年/.] ?(\d{1,2}) ?[-月/.] ?(\d{1,2})(?!\d)")
_BULLET = re.compile(r"^[-·•*\s]+")
_BLANKS = re.compile(r"\s+")


class Fields(NamedTuple):
    """The labelled values of a page, and the indices of the lines that hold nothing else but them.

    A line that names the issuer is not among those: the issuer is an agency as good as any in the text.
    """

    values: dict[str, str]
    lines: frozenset[int]


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    """Match a label with its colon or bracket, and the value after it up to a wide gap or the next label."""
    names = {field: "|".join(map(_spaced, labels)) for field, labels in load_toml("documents.toml")["fields"].items()}
    any_name = "|".join(f"(?P<{field}>{words})" for field, words in names.items())
    return re.compile(rf"(?:(?<![一-鿿])|(?<=日))\[?\s?(?:{any_name})\s?[:\]]\s?:?\s*")


def _spaced(label: str) -> str:
    return r"\s{0,4}".join(label)


def page_fields(lines: Sequence[Line]) -> Fields:
    """Return the labelled values in the first lines of a page.

    A value stands after its label's colon, or on the next line. Labels without a value give none.
    """
    values: dict[str, str] = {}
    used: set[int] = set()
    waiting: str | None = None
    for index, line in enumerate(lines[:_HEAD_LINES]):
        text = _BULLET.sub("", line.text[:_LONGEST_FIELD_LINE])
        labels = list(_label().finditer(text)) if len(line.text) <= _LONGEST_FIELD_LINE else []
        if waiting and not labels and len(text) <= _LONGEST_VALUE[waiting == "other"] and not text.endswith(":"):
            values.setdefault(waiting, text)
            used.add(index)
        waiting = None
        for place, label in enumerate(labels):
            waiting = _take(values, text, label, labels[place + 1].start() if place + 1 < len(labels) else len(text))
        if labels and _BEFORE.fullmatch(text, 0, labels[0].start()):
            used.add(index)
    issuer = values.get("issuer")
    return Fields(values, frozenset(index for index in used if not issuer or issuer not in lines[index].text))


def _take(values: dict[str, str], text: str, label: re.Match[str], end: int) -> str | None:
    """Store the value of ``label``; return the field's name if its value must be on the next line."""
    field = str(label.lastgroup)
    value = _BLANKS.sub(" ", text[label.end() : end]).strip(" |")
    if value:
        values.setdefault(field, value)
        return None
    return field


def iso_date(text: str) -> str | None:
    """Return the first full date in normalised ``text`` as YYYY-MM-DD, None if there is none."""
    for year, month, day in _DATE.findall(text):
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"{year}-{int(month):02d}-{int(day):02d}"
    return None
