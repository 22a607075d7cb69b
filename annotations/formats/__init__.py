"""Forms of other programs: each module has ``write(records, path)`` and ``read(path)``.

What a form has no place for (fact attributes, roles, source, annotator …) travels in its notes
or metadata, see :mod:`annotations.formats.meta`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from annotations.records import Record

__all__ = ["FORMATS", "Form", "form"]

FORMATS: dict[str, str] = {
    "doccano": "annotations.formats.doccano",
    "labelstudio": "annotations.formats.labelstudio",
    "brat": "annotations.formats.brat",
    "spacy": "annotations.formats.docbin",
    "datasets": "annotations.formats.parquet",
}
"""Modules by the name of the program."""


class Form(Protocol):
    """What each module of this package offers."""

    write: Callable[[Sequence[Record], Path], None]
    read: Callable[[Path], list[Record]]


def form(name: str) -> Form:
    """Return the module for a program; its own libraries load only now.

    Raises:
        KeyError: no form has this name.
    """
    return cast("Form", import_module(FORMATS[name]))
