"""Compare runs: ``python -m training.compare RUN...`` prints a Markdown table from their curves.

Accuracies are read off each curve, linearly between evaluations, where the run that spent least ended: at equal
training time, or with ``--by`` at equal processor time, undisturbed time or tokens. Pauses for evaluation do not count.
On a machine that other work shares, ``undisturbed_seconds`` are what to compare by: the tokens divided by the speed in
the run's ``speed.json`` (see ``training.trials``), since other work on the caches slows down even the processor time.
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

__all__ = ["UNITS", "RunCurve", "table"]

UNITS = ("seconds", "cpu_seconds", "undisturbed_seconds", "tokens")


@dataclass(frozen=True)
class RunCurve:
    """Evaluations of one run: parallel sequences, one element an evaluation.

    ``spent`` holds seconds, cpu_seconds, undisturbed seconds (all 0 if not known) and tokens,
    ``accuracies`` the masked accuracy by held-out source, ``losses`` the held-out loss in nats.
    """

    name: str
    spent: Mapping[str, Sequence[float]]
    accuracies: Mapping[str, Sequence[float]]
    losses: Mapping[str, Sequence[float]]

    @classmethod
    def read(cls, run: Path) -> RunCurve:
        """Read ``curve.jsonl`` of a run's folder.

        Raises:
            ValueError: the run has not been evaluated yet.
        """
        records = [record for record in read_curve(run / "curve.jsonl") if "heldout" in record]
        if not records:
            raise ValueError(f"{run} has no evaluation")
        spent = {unit: [record.get(unit, 0) for record in records] for unit in UNITS}
        if (run / "speed.json").exists():
            speed = json.loads((run / "speed.json").read_text(encoding="utf-8"))["tokens_per_second"]
            spent["undisturbed_seconds"] = [tokens / speed for tokens in spent["tokens"]]
        return cls(run.name, spent, *(_by_source(records, measure) for measure in ("accuracy", "loss")))

    def speed(self) -> float:
        """Tokens a second over the whole run; undisturbed if that is known."""
        unit = "undisturbed_seconds" if self.spent["undisturbed_seconds"][-1] else "seconds"
        return self.spent["tokens"][-1] / max(self.spent[unit][-1], 1e-9)

    def at(self, amount: float, unit: str, source: str) -> tuple[float, float]:
        """Masked accuracy and loss on a source after that much was spent."""
        accuracy, loss = (np.interp(amount, self.spent[unit], m[source]) for m in (self.accuracies, self.losses))
        return float(accuracy), float(loss)


def _by_source(records: Sequence[Mapping[str, Any]], measure: str) -> dict[str, list[float]]:
    return {source: [r["heldout"][source][measure] for r in records] for source in records[0]["heldout"]}


def table(curves: Sequence[RunCurve], unit: str = "seconds") -> str:
    """A Markdown table, best first by the mean loss over sources at equal expense."""
    amount = min(curve.spent[unit][-1] for curve in curves)
    sources = sorted(set.intersection(*(set(curve.accuracies) for curve in curves)))
    equal = [f"{source} {measure}" for source in sources for measure in ("accuracy", "loss")]
    head = ["variant", "tokens/s", "tokens", *(f"{column} at {amount:.0f} {unit}" for column in equal)]
    lines = [head, ["---"] * len(head)]
    for curve in sorted(curves, key=lambda c: sum(c.at(amount, unit, source)[1] for source in sources)):
        values = [value for source in sources for value in curve.at(amount, unit, source)]
        tokens = str(curve.spent["tokens"][-1])
        lines.append([curve.name, f"{curve.speed():.0f}", tokens, *(f"{v:.4f}" for v in values)])
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
