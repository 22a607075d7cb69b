"""Refresh the figures of a base's model card: ``python -m training.card FOLDER [--check]``.

The prose of ``FOLDER/README.md`` is written by hand; what stands between ``<!-- begin NAME -->`` and
``<!-- end NAME -->`` is made from the files beside it:

============  =====================================================================
``run``       ``run.json`` and ``curve.jsonl``: tokens, hours, settings
``curve``     ``curve.jsonl``: held-out masked accuracy over tokens
``masked``    ``masked_accuracy.jsonl``: masked accuracy by base and text
``probe``     ``probe.jsonl``: span F1 by base and label, averaged over seeds
``run R``     the same of the earlier run ``earlier/R`` that it goes on from; so ``curve R``
``trials G``  ``trials/G/*/curve.jsonl``: comparison of a group of trials, undisturbed
              time being equal, or tokens where speeds are not known
============  =====================================================================
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from training.bio import LABELS
from training.compare import RunCurve, table
from training.curve import read_curve
from training.markdown import markdown_table, refresh_command, refreshed

__all__ = ["refresh"]


def _run(folder: Path) -> str:
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    last = read_curve(folder / "curve.jsonl")[-1]
    config, machine = run["config"], run["machine"]
    schedule, aim = config["schedule"], config["objective"]
    stages = ", then ".join(f"{s['batch']} × {s['length']}" for s in schedule["stages"])
    rows = [
        (
            "tokens seen",
            f"{last['tokens']:,} in {last['step']:,} steps of {stages}"
            + (" (besides those of the model it continues from)" if run["continued_from"] else ""),
        ),
        ("hours", f"{last['seconds'] / 3600:.2f} of training, {last['cpu_seconds'] / 3600:.2f} of processor time"),
        ("machine", f"{machine['cores']} {machine['processor']} cores, shared; {run['precision']}"),
        ("objective", f"{aim['name']}, {aim['mask_share']:.0%} masked in spans of 1 to {aim['max_span']}"),
        ("optimiser", f"{schedule['optimizer']}, peak rate {schedule['peak_rate']}"),
        ("schedule", f"warm-up {schedule['warmup_steps']} steps, decay over the last {schedule['decay_steps']}"),
        ("passes a source", ", ".join(f"{name} {weight:g}" for name, weight in config["weights"].items())),
        ("data hash", f"`{run['data_hash'][:16]}…`"),
        ("code", f"`{run['git']}`, torch {run['torch']}, transformers {run['transformers']}"),
    ]
    return markdown_table(("what", "value"), rows)


def _curve(folder: Path) -> str:
    records = [record for record in read_curve(folder / "curve.jsonl") if "heldout" in record]
    sources = sorted(records[0]["heldout"])
    rows = [(r["step"], f"{r['tokens']:,}", *(f"{r['heldout'][s]['accuracy']:.4f}" for s in sources)) for r in records]
    return markdown_table(("step", "tokens", *sources), rows)


def _results(path: Path) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _masked(folder: Path) -> str:
    results = _results(folder / "masked_accuracy.jsonl")
    sources = list(results[0]["masked"])
    rows = [
        (source, *(f"{r[kind][source]['accuracy']:.4f}" for r in results for kind in ("masked", "mixed")))
        for source in sources
    ]
    return markdown_table(("text", *(f"{r['base']}, {kind}" for r in results for kind in ("masked", "mixed"))), rows)


def _probe(folder: Path) -> str:
    """Means over the seeds of each base, with the standard deviation of ALL where there are several."""
    by_base: dict[str, list[Mapping[str, Any]]] = {}
    for result in _results(folder / "probe.jsonl"):
        by_base.setdefault(result["base"], []).append(result)
    rows = []
    for base, results in by_base.items():
        for part in ("heldout", "unseen"):
            scores = {label: [r[part][label] for r in results] for label in ("ALL", *LABELS)}
            spread = f" ± {stdev(scores['ALL']):.4f}" if len(results) > 1 else ""
            means = [f"{fmean(values):.4f}" for values in scores.values()]
            rows.append((base, part, len(results), means[0] + spread, *means[1:]))
    return markdown_table(("base", "documents", "seeds", "ALL", *LABELS), rows)


def _trials(folder: Path) -> str:
    curves = [RunCurve.read(trial) for trial in sorted(folder.iterdir())]
    return table(curves, "undisturbed_seconds" if all(c.spent["undisturbed_seconds"][-1] for c in curves) else "tokens")


_PARTS: Mapping[str, Callable[[Path], str]] = {
    "run": _run,
    "curve": _curve,
    "masked": _masked,
    "probe": _probe,
}


def _figures(folder: Path, kind: str, which: str) -> str:
    if kind == "trials":
        return _trials(folder / kind / which)
    return _PARTS[kind](folder / "earlier" / which if which else folder)


def refresh(folder: Path) -> str:
    """Return the base's card with its figures as they should be; see :func:`training.markdown.refreshed`."""
    return refreshed(folder, _figures)


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    refresh_command("card", refresh, argv)


if __name__ == "__main__":
    main()
