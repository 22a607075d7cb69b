"""Moves what docstrings say about fields to where an OpenAPI document says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["with_field_descriptions"]

_SECTION = "\n\nAttributes:\n"
_FIELD = re.compile(r"    (\w+): (.+(?:\n {5,}.+)*)")
_MARKUP = re.compile(r"``|:\w+:(?=`)")


def with_field_descriptions(api: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI document whose schemas describe their fields one by one.

    The schemas of plain records carry a whole docstring as their description; its
    section ``Attributes`` (Google style, as everywhere in govie) is about the fields.
    """
    for schema in api["components"]["schemas"].values():
        about, _, section = schema.get("description", "").partition(_SECTION)
        if about:
            schema["description"] = _plain(about)
        for name, words in _fields(section):
            schema["properties"].get(name, {})["description"] = words
    return api


def _fields(section: str) -> Iterator[tuple[str, str]]:
    for match in _FIELD.finditer(section):
        yield match[1], _plain(match[2])


def _plain(words: str) -> str:
    """Backquotes as Markdown has them, one line a paragraph, and JSON's word for None."""
    marked = re.sub(r"(?<!\n)\n(?!\n)\s*", " ", _MARKUP.sub(lambda match: "`" if match[0] == "``" else "", words))
    return re.sub(r"\bNone\b", "null", marked)
