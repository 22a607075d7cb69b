"""What ``import govie`` costs: its time, its slowest modules, and that it loads nothing heavy.

python benchmarks/importtime.py
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass

HEAVY = ("torch", "transformers", "spacy", "onnxruntime", "bs4", "lxml", "pandas", "numpy")
_LINE = re.compile(r"import time:\s*(?P<own>\d+) \|\s*(?P<total>\d+) \|(?P<indent> *)(?P<name>\S+)")


@dataclass(frozen=True, slots=True)
class Imported:
    """One module: microseconds of its own, and with everything that it imports."""

    name: str
    own: int
    total: int


def parse(report: str) -> list[Imported]:
    """Read what ``-X importtime`` writes."""
    return [Imported(row["name"], int(row["own"]), int(row["total"])) for row in _LINE.finditer(report)]


def measure(module: str) -> list[Imported]:
    """Import a module in a fresh interpreter and return what was loaded for it."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"], check=True, capture_output=True, text=True
    )
    return parse(done.stderr)


def heavy(imported: list[Imported]) -> set[str]:
    """Return the heavy packages among the imported modules."""
    return {each.name.split(".")[0] for each in imported} & set(HEAVY)


def main(argv: list[str] | None = None) -> int:
    """Print the fastest of several imports; return 1 if anything heavy was loaded."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--module", default="govie")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(argv)
    best = min((measure(options.module) for _ in range(options.runs)), key=lambda run: run[-1].total)
    print(f"import {options.module}: {best[-1].total / 1000:.1f} ms, the fastest of {options.runs}")
    for each in sorted(best, key=lambda each: -each.own)[:10]:
        print(f"  {each.own / 1000:7.2f} ms  {each.name}")
    loaded = heavy(best)
    print(f"heavy packages loaded: {', '.join(sorted(loaded)) or 'none'} (looked for {', '.join(HEAVY)})")
    return 1 if loaded else 0


if __name__ == "__main__":
    sys.exit(main())
