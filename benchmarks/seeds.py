"""What the rules find in each seed document: one row a seed.

python benchmarks/seeds.py
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from seedtexts import SEEDS

import govie
from govie.records import SPAN_LABELS

COLUMNS = ("characters", *SPAN_LABELS, "relations", "facts", "tasks", "ms")


def row(path: str) -> dict[str, int]:
    """Read and extract one seed, and count."""
    began = time.perf_counter()
    found = govie.read(path).extract()
    spent = time.perf_counter() - began
    return {
        "characters": len(found.text),
        **dict.fromkeys(SPAN_LABELS, 0),
        **Counter(span.label for span in found.spans),
        "relations": len(found.relations),
        "facts": len(found.facts),
        "tasks": len(found.tasks),
        "ms": round(spent * 1000),
    }


def main() -> int:
    """Print the table."""
    rows = {path.name: row(str(path)) for path in sorted(SEEDS.glob("*.txt"))}
    rows["all"] = {column: sum(each[column] for each in rows.values()) for column in COLUMNS}
    widths = [max(len(column), 6) for column in COLUMNS]
    print(f"{'seed':26}", *(f"{column:>{width}}" for column, width in zip(COLUMNS, widths, strict=True)))
    for name, counts in rows.items():
        print(f"{name:26}", *(f"{counts[column]:>{width}}" for column, width in zip(COLUMNS, widths, strict=True)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
