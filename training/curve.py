"""The curve of a run: one JSON object a line, cut back to the checkpoint when a run is resumed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.files import write_atomically

__all__ = ["Curve", "read_curve"]


def read_curve(path: Path) -> list[dict[str, Any]]:
    """Records of a curve file, oldest first; a line cut short by a crash is left out."""
    records = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return records


class Curve:
    """Appends records to a file.

    Args:
        path: the file; records of later steps than ``step`` are dropped, they will be written again.
        step: number of steps finished so far.
    """

    def __init__(self, path: Path, step: int) -> None:
        """Cut the file back."""
        self._path = path
        kept = [record for record in read_curve(path) if record["step"] <= step]
        write_atomically(path, "".join(json.dumps(record) + "\n" for record in kept))

    def add(self, record: Mapping[str, object]) -> None:
        """Append one record; it needs a ``step``."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
