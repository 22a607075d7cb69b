"""Masked accuracy on held-out text, always over the same windows and the same masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from training.masking import span_mask
from training.objectives import logits_at
from training.order import heldout_windows, load_ids
from training.text import MASK, SPECIALS

if TYPE_CHECKING:
    from transformers import PreTrainedModel

__all__ = ["EVAL_LENGTH", "EVAL_MASK_SHARE", "EVAL_MAX_SPAN", "HeldOut", "Part"]

# Fixed for all runs, whatever share a run trains with: the accuracy falls as more is masked.
EVAL_LENGTH = 128
EVAL_MASK_SHARE = 0.18
EVAL_MAX_SPAN = 4
_EVAL_SEED = 20_260
_BATCH = 32

Array = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """Windows of one source, what the model sees of them, and where it has to guess: each (n, length)."""

    windows: Array
    shown: Array
    mask: npt.NDArray[np.bool_]

    @classmethod
    def cut(cls, ids: npt.NDArray[np.uint16], limit: int, mixed: bool = False) -> Part:
        """Cut and mask ids.

        Args:
            ids: held-out ids of one source.
            limit: windows at most.
            mixed: hide as BERT was trained (Devlin et al. 2019, arXiv:1810.04805, section 3.1): of the chosen
                positions 80% become ``[MASK]``, 10% a random character, 10% stay. All become ``[MASK]`` if False,
                which is harder, since a kept character is easily guessed.
        """
        windows = heldout_windows(ids, EVAL_LENGTH, limit)
        rng = np.random.default_rng(_EVAL_SEED)
        mask = span_mask(windows, EVAL_MASK_SHARE, EVAL_MAX_SPAN, rng)
        shown = np.where(mask, MASK, windows)
        if mixed:
            fate = rng.random(windows.shape)
            shown = np.where(mask & (fate < 0.2), windows, shown)
            other = rng.integers(len(SPECIALS), int(ids.max()) + 1, windows.shape)
            shown = np.where(mask & (fate < 0.1), other, shown)
        return cls(windows, shown, mask)

    @torch.no_grad()
    def measure(self, model: PreTrainedModel) -> dict[str, float]:
        """Mean loss in nats, accuracy, and number of guesses of a masked-LM model."""
        device = next(model.parameters()).device
        loss, right = 0.0, 0
        for first in range(0, len(self.windows), _BATCH):
            rows = slice(first, first + _BATCH)
            shown, mask, gold = (torch.from_numpy(a[rows]).to(device) for a in (self.shown, self.mask, self.windows))
            logits, gold = logits_at(model, shown, mask).float(), gold[mask]
            loss += float(functional.cross_entropy(logits, gold, reduction="sum"))
            right += int((logits.argmax(1) == gold).sum())
        count = int(self.mask.sum())
        return {"loss": round(loss / count, 4), "accuracy": round(right / count, 4), "masked": count}


@dataclass(frozen=True)
class HeldOut:
    """Parts by name of the source."""

    parts: Mapping[str, Part]

    @classmethod
    def from_ids(cls, sources: Mapping[str, npt.NDArray[np.uint16]], limit: int, mixed: bool = False) -> HeldOut:
        """Cut sources as :meth:`Part.cut` does; those shorter than one window are left out."""
        return cls({name: Part.cut(ids, limit, mixed) for name, ids in sources.items() if len(ids) >= EVAL_LENGTH})

    @classmethod
    def from_packed(cls, data: Path, names: Sequence[str], limit: int, mixed: bool = False) -> HeldOut:
        """The held-out halves of packed sources."""
        return cls.from_ids({name: load_ids(data, name, "heldout") for name in names}, limit, mixed)

    def measure(self, model: PreTrainedModel) -> dict[str, dict[str, float]]:
        """What :meth:`Part.measure` says of each source."""
        return {name: part.measure(model) for name, part in self.parts.items()}
