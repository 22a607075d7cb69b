"""How far scores are from being probabilities: bins, expected calibration error, and the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["BINS", "Bin", "bins_of", "error_by_chance", "expected_error", "plot"]

BINS = 15
"""As in Guo et al. 2017, arXiv:1706.04599."""
_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Bin:
    """Findings of like scores.

    Attributes:
        count: how many.
        score: their mean score.
        right: the share of them that is right.
    """

    count: int
    score: float
    right: float


def bins_of(scores: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> list[Bin]:
    """Sort scores into bins of equal width, the last one closed; empty bins are left out."""
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    return [
        Bin(int(inside.sum()), float(scores[inside].mean()), float(right[inside].mean()))
        for inside in (place == at for at in range(BINS))
        if inside.any()
    ]


def expected_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance between score and share of right ones, weighted by the bins' sizes."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.score - one.right) for one in bins) / total if total else 0.0


def error_by_chance(scores: npt.NDArray[np.float64]) -> float:
    """Return the mean expected error if the scores were true probabilities: few findings have one all the same.

    Args:
        scores: of the findings.
    """
    rng = np.random.default_rng(0)
    drawn = (bins_of(scores, rng.random(len(scores)) < scores) for _ in range(_DRAWS))
    return float(np.mean([expected_error(bins) for bins in drawn]))


def plot(reports: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """Draw each kind's share of right ones over the score, before and after scaling.

    Args:
        reports: by kind, from :func:`training.calibrate.report`.
        path: of the PNG.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.2 * len(reports), 3.4), layout="constrained")
    axes = figure.subplots(1, len(reports), sharey=True, squeeze=False)[0]
    for axis, (kind, got) in zip(axes, reports.items(), strict=True):
        axis.plot([0, 1], [0, 1], color="0.7", linewidth=1)
        for when, colour, marker in (("before", "tab:orange", "o"), ("after", "tab:blue", "s")):
            bins = got[when]["bins"]
            label = f"{when} ({got[when]['error']:.3f})"
            axis.plot([b["score"] for b in bins], [b["right"] for b in bins], marker, color=colour, ms=4, label=label)
        axis.set(title=f"{kind} ({got['found']})", xlabel="score", xlim=(0, 1), ylim=(0, 1), aspect="equal")
        axis.legend(fontsize="small", loc="upper left")
    axes[0].set_ylabel("share that is right")
    figure.savefig(path, dpi=120, metadata={"Software": None})
