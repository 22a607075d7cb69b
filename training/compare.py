"""Compare runs: ``python -m training.compare RUN...`` prints a Markdown table from their curves.

Accuracies are read off each curve, linearly between evaluations, where the run that spent least ended: at equal
training time, or with ``--by`` at equal processor time or tokens. Pauses for evaluation do not count. Processor time
is what to compare by on a machine that other work shares.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.curve import read_curve

__all__ = ["UNITS", "RunCurve", "table"]

UNITS = ("seconds", "cpu_seconds", "tokens")


@dataclass(frozen=True)
class RunCurve:
    """Evaluations of one run: parallel sequences, one element an evaluation.

    ``spent`` holds seconds, cpu_seconds (all 0 if the run did not record them) and tokens, ``accuracies`` the masked
    accuracy by held-out source.
    """

    name: str
    spent: Mapping[str, Sequence[float]]
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
        return cls(run.name, {unit: [r.get(unit, 0) for r in records] for unit in UNITS}, accuracies)

    def speed(self) -> float:
        """Tokens a second over the whole run."""
        return self.spent["tokens"][-1] / max(self.spent["seconds"][-1], 1e-9)

    def at(self, amount: float, unit: str, source: str) -> float:
        """Masked accuracy on a source after that much was spent."""
        return float(np.interp(amount, self.spent[unit], self.accuracies[source]))


def table(curves: Sequence[RunCurve], unit: str = "seconds") -> str:
    """A Markdown table, best first by the mean over sources at equal expense."""
    amount = min(curve.spent[unit][-1] for curve in curves)
    sources = sorted(set.intersection(*(set(curve.accuracies) for curve in curves)))
    equal = [f"{source} at {amount:.0f} {unit}" for source in sources]
    head = ["variant", "tokens/s", "tokens", *equal, *(f"{source} at end" for source in sources)]
    lines = [head, ["---"] * len(head)]
    for curve in sorted(curves, key=lambda c: -sum(c.at(amount, unit, source) for source in sources)):
        values = [*(curve.at(amount, unit, s) for s in sources), *(curve.accuracies[s][-1] for s in sources)]
        lines.append(
            [curve.name, f"{curve.speed():.0f}", str(curve.spent["tokens"][-1]), *(f"{v:.4f}" for v in values)]
        )
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Print a table of pretraining runs.")
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--by", choices=UNITS, default="seconds", help="what is equal where accuracies are compared")
    parser.add_argument("--json", action="store_true", help="print the numbers at the end of each run as JSON")
    options = parser.parse_args(argv)
    curves = [RunCurve.read(run) for run in options.runs]
    if options.json:
        print(json.dumps({c.name: {s: values[-1] for s, values in c.accuracies.items()} for c in curves}, indent=1))
    else:
        print(table(curves, options.by))


if __name__ == "__main__":
    main()
