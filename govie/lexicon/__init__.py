"""Lexicons are data files beside this module; this is the one place that opens them.

A table is a TSV file: ``#`` lines say where the data comes from, then a header
line, then one entry a line. Structured data is TOML.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from govie.errors import LexiconError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["alternatives", "load_table", "load_toml"]


def _read(name: str) -> str:
    try:
        return files(__package__).joinpath(name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LexiconError("no such lexicon file", where=name) from None


@cache
def load_toml(name: str) -> dict[str, Any]:
    """Return the contents of a TOML lexicon.

    Args:
        name: file name inside ``govie/lexicon``, for example ``"units.toml"``.

    Raises:
        LexiconError: the file is missing or is not valid TOML.
    """
    try:
        return tomllib.loads(_read(name))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"not valid TOML ({error})", where=name) from None


@cache
def load_table(name: str) -> list[dict[str, str]]:
    """Return the rows of a TSV lexicon as dicts keyed by the header line.

    Args:
        name: file name inside ``govie/lexicon``, for example ``"verbs.tsv"``.

    Raises:
        LexiconError: the file is missing, has no header, or a row has another number of fields.
    """
    lines = [(n, line) for n, line in enumerate(_read(name).splitlines(), 1) if line and not line.startswith("#")]
    if not lines:
        raise LexiconError("holds no header line", where=name)
    header = lines[0][1].split("\t")
    rows = []
    for number, line in lines[1:]:
        values = line.split("\t")
        if len(values) != len(header):
            raise LexiconError(f"{len(values)} fields where the header has {len(header)}", where=f"{name}:{number}")
        rows.append(dict(zip(header, values, strict=True)))
    return rows


def alternatives(words: Iterable[str]) -> str:
    """Return a regular expression that matches any of the words, longest first; it has no brackets around it."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
