"""Which windows of the packed ids a step sees: a pure function of the seed and the step."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.text import CLS

__all__ = ["WindowOrder", "heldout_windows", "load_ids"]

Ids = npt.NDArray[np.uint16]


def load_ids(packed: Path, name: str, half: str) -> Ids:
    """Memory-map one array that ``training.pack`` wrote; ``half`` is ``train`` or ``heldout``."""
    ids: Ids = np.load(packed / f"{name}.{half}.npy", mmap_mode="r")
    return ids


def _cut(ids: Ids, starts: Sequence[int] | npt.NDArray[np.int64], length: int) -> npt.NDArray[np.int64]:
    """Windows of ``length`` tokens, the first one ``[CLS]``: shape (len(starts), length)."""
    windows = np.full((len(starts), length), CLS, dtype=np.int64)
    for row, start in zip(windows, starts, strict=True):
        row[1:] = ids[start : start + length - 1]
    return windows


class WindowOrder:
    """Shuffled windows over weighted sources, epoch after epoch.

    In one epoch a source of weight w is cut into windows w times over, each time from another random offset; all
    windows of all sources are then shuffled together. A fractional weight takes that share of the last cut.

    Args:
        sources: name to training ids.
        weights: name to weight, above 0.
        length: tokens in a window, ``[CLS]`` included.
        seed: of the whole order.

    Raises:
        ValueError: no source is as long as one window.
    """

    def __init__(self, sources: Mapping[str, Ids], weights: Mapping[str, float], length: int, seed: int) -> None:
        """Lay out the first epoch."""
        self._names = sorted(weights)
        self._ids = [sources[name] for name in self._names]
        self._weights = [weights[name] for name in self._names]
        self._length = length
        self._seed = seed
        self._epoch = lru_cache(maxsize=2)(self._make_epoch)
        self.windows_per_epoch = len(self._epoch(0))
        if not self.windows_per_epoch:
            raise ValueError("no source is as long as one window")

    def _make_epoch(self, epoch: int) -> npt.NDArray[np.int64]:
        """Rows of (source, start) in the epoch's order; every epoch has the same number of rows."""
        rng = np.random.default_rng([self._seed, epoch, self._length])
        rows = [np.zeros((0, 2), np.int64)]
        for source, (ids, weight) in enumerate(zip(self._ids, self._weights, strict=True)):
            body = self._length - 1
            count = max(len(ids) // body - 1, 0)  # one less, so that any offset below ``body`` fits
            for cut in range(math.ceil(weight)):
                share = min(weight - cut, 1)
                starts = rng.integers(body) + body * rng.permutation(count)[: round(count * share)]
                rows.append(np.stack([np.full_like(starts, source), starts], axis=1))
        return rng.permutation(np.concatenate(rows))

    def batch(self, first: int, size: int) -> npt.NDArray[np.int64]:
        """The ``size`` windows from the ``first``-th on, counted over all epochs: shape (size, length)."""
        picked = []
        for index in range(first, first + size):
            epoch, row = divmod(index, self.windows_per_epoch)
            source, start = self._epoch(epoch)[row]
            picked.append(_cut(self._ids[source], [int(start)], self._length))
        return np.concatenate(picked)


def heldout_windows(ids: Ids, length: int, limit: int) -> npt.NDArray[np.int64]:
    """At most ``limit`` windows spread evenly over held-out ids: shape (n, length)."""
    body = length - 1
    starts = np.arange(len(ids) // body, dtype=np.int64) * body
    if len(starts) > limit:
        starts = starts[np.linspace(0, len(starts) - 1, limit).astype(np.int64)]
    return _cut(ids, starts, length)
