"""What trials gain over a baseline, from counts by document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from training.markdown import markdown_table
from training.measure import Way

__all__ = ["COMPARED_ROWS", "COMPARED_WAYS", "Result", "gain", "summary", "table"]

COMPARED_WAYS: tuple[Way, ...] = ("model", "auto")
COMPARED_ROWS = {
    "spans": ("spans", "micro"),
    "relations": ("relations", "micro"),
    "facts": ("facts", "all attributes"),
}
"""Names of what trials are compared by, and their group and row in :mod:`govie.scoring`."""
_RESAMPLES = 1000

Result = Mapping[str, Any]
"""``seconds`` of training and ``counts``: by way, row and document how many were right, found and annotated."""


def gain(ours: Mapping[str, Sequence[int]], base: Mapping[str, Sequence[int]]) -> tuple[float, float, float]:
    """Return how much higher F1 is than the baseline's, and the ends of the 95 % interval.

    Args:
        ours, base: counts (right, found, annotated) by document, of the same documents.
    """
    names = sorted(base)
    counts = np.array([[ours[name], base[name]] for name in names], dtype=np.float64)  # (documents, 2, 3)
    rng = np.random.default_rng(0)
    weights = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=_RESAMPLES)
    ours_drawn, base_drawn = _f1(np.einsum("rd,dwc->wrc", weights, counts))
    drawn = np.sort(ours_drawn - base_drawn)
    cut = int(_RESAMPLES * 0.025)
    first, second = _f1(counts.sum(0))
    return float(first - second), float(drawn[cut]), float(drawn[-1 - cut])


def _f1(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    f1: npt.NDArray[np.float64] = 2 * counts[..., 0] / (counts[..., 1] + counts[..., 2])
    return f1


def summary(results: Mapping[str, Result], baseline: str) -> dict[str, Any]:
    """Return what the table shows: of the baseline its F1, of each other trial what it gains, with its interval."""
    base = results[baseline]["counts"]
    places = [(way, row) for way in COMPARED_WAYS for row in COMPARED_ROWS]
    gains = {
        name: {f"{way}: {row}": gain(result["counts"][way][row], base[way][row]) for way, row in places}
        for name, result in results.items()
        if name != baseline
    }
    return {
        "baseline": {baseline: {f"{way}: {row}": _total(base[way][row]) for way, row in places}},
        "gains": gains,
        "seconds": {name: result["seconds"] for name, result in results.items()},
        "documents": len(base["model"]["spans"]),
    }


def table(found: Mapping[str, Any]) -> str:
    """Return a summary as a table, F1 in points."""
    ((baseline, f1),) = found["baseline"].items()
    minutes = {name: f"{seconds / 60:.0f}" if seconds else "" for name, seconds in found["seconds"].items()}
    rows = [[baseline, minutes[baseline], *(f"{100 * one:.1f}" for one in f1.values())]]
    for name, gains in found["gains"].items():
        shown = (f"{100 * by:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})" for by, low, high in gains.values())
        rows.append([name, minutes[name], *shown])
    return markdown_table(["trial", "minutes", *f1], rows)


def _total(counts: Mapping[str, Sequence[int]]) -> float:
    return float(_f1(np.array(list(counts.values()), dtype=np.float64).sum(0)))
