"""Configurations in TOML, with values replaced on the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["read_tables"]


def read_tables(path: Path, overrides: Sequence[str] = ()) -> dict[str, Any]:
    """Read a TOML file.

    Args:
        path: the file.
        overrides: ``table.key=value`` with the value in TOML's notation, replacing what the file says.

    Raises:
        ValueError: an override is malformed.
    """
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    for override in overrides:
        target, equals, value = override.partition("=")
        table, _, key = target.partition(".")
        if not equals or not key:
            raise ValueError(f"{override!r} is not table.key=value")
        values.setdefault(table, {})[key] = tomllib.loads(f"x = {value}")["x"]
    return values
