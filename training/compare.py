"""Compare runs: ``python -m training.compare RUN...`` prints a Markdown table from their curves.

Accuracy "at equal time" is read off each curve, linearly between evaluations, at the training time that the shortest
of the runs took; pauses for evaluation do not count.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.curve import read_curve

__all__ = ["RunCurve", "table"]


@dataclass(frozen=True)
class RunCurve:
    """Evaluations of one run: parallel sequences, one element an evaluation.

    ``accuracies`` holds the masked accuracy by held-out source.
    """

    name: str
    seconds: Sequence[float]
    tokens: Sequence[int]
    accuracies: Mapping[str, Sequence[float]]

    @classmethod
    def read(cls, run: Path) -> RunCurve:
        """Read ``curve.jsonl`` of a run's folder.

        Raises:
            ValueError: the run has not been evaluated yet.
        """
        records = [record for record in read_curve(run / "curve.jsonl") if "heldout" in record]
        if not records:
            raise ValueError(f"{run} has no evaluation")
        accuracies = {source: [r["heldout"][source]["accuracy"] for r in records] for source in records[0]["heldout"]}
        return cls(run.name, [r["seconds"] for r in records], [r["tokens"] for r in records], accuracies)

    def speed(self) -> float:
        """Tokens a second over the whole run."""
        return self.tokens[-1] / max(self.seconds[-1], 1e-9)

    def at(self, seconds: float, source: str) -> float:
        """Masked accuracy on a source after that much training time."""
        return float(np.interp(seconds, self.seconds, self.accuracies[source]))


def table(curves: Sequence[RunCurve]) -> str:
    """A Markdown table, best first by the mean over sources at equal time."""
    seconds = min(curve.seconds[-1] for curve in curves)
    sources = sorted(set.intersection(*(set(curve.accuracies) for curve in curves)))
    rows = [(curve, [curve.at(seconds, s) for s in sources], [curve.accuracies[s][-1] for s in sources]) for curve in curves]
    rows.sort(key=lambda row: -sum(row[1]))
    head = ["variant", "tokens/s", "tokens", *(f"{s} at {seconds:.0f} s" for s in sources), *(f"{s} at end" for s in sources)]
    lines = [head, ["---"] * len(head)]
    for curve, equal, last in rows:
        lines.append([curve.name, f"{curve.speed():.0f}", str(curve.tokens[-1]), *(f"{v:.4f}" for v in [*equal, *last])])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Print a table of pretraining runs.")
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true", help="print the numbers at the end of each run as JSON")
    options = parser.parse_args(argv)
    curves = [RunCurve.read(run) for run in options.runs]
    if options.json:
        print(json.dumps({c.name: {s: values[-1] for s, values in c.accuracies.items()} for c in curves}, indent=1))
    else:
        print(table(curves))


if __name__ == "__main__":
    main()
