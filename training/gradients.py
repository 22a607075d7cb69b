"""Gradients of a step, from micro-batches that run side by side on a CPU."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import numpy as np
import numpy.typing as npt
import torch

from training.objectives import Pretrainer
from training.pretrain_config import PretrainConfig

__all__ = ["Gradients"]

Result = tuple[torch.Tensor, torch.Tensor, Sequence[torch.Tensor]]


class Gradients:
    """Averages the gradients of micro-batches, always in the same order, whichever is done first.

    On a CPU each worker thread takes whole micro-batches on one core. Threads inside single operations would wait for
    the slowest core after every one of them; so a core that is busy with other work delays the step far less.

    Args:
        model: whose parameters' ``grad`` is set.
        config: of the run.
        autocast: makes the context of the forward pass.
    """

    def __init__(
        self, model: Pretrainer, config: PretrainConfig, autocast: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """Start the workers."""
        self._model, self._autocast = model, autocast
        self._seed, self._pieces = config.run.seed, config.schedule.micro_batches
        # Rotary and other computed positions are parameters too, but frozen.
        self._parameters = [p for p in model.parameters() if p.requires_grad]
        on_cpu = self._parameters[0].device.type == "cpu"
        workers = min(torch.get_num_threads(), self._pieces) if on_cpu else 1
        self._pool = ThreadPoolExecutor(workers, initializer=_one_core) if workers > 1 else None

    def accumulate(self, windows: npt.NDArray[np.int64], step: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Set every parameter's ``grad`` for one batch.

        Args:
            windows: ids, shape (batch, length).
            step: counted from 0; with the seed it fixes all randomness.

        Returns:
            Loss and accuracy at masked positions, both averaged over the micro-batches, scalars.
        """
        pieces = np.array_split(windows, self._pieces)
        jobs = [(piece, step, np.random.default_rng([self._seed, step, k])) for k, piece in enumerate(pieces)]
        results = self._pool.map(lambda job: self._one(*job), jobs) if self._pool else (self._one(*j) for j in jobs)
        losses, accuracies = zip(*(self._add(k, result) for k, result in enumerate(results)), strict=True)
        return torch.stack(losses).mean(), torch.stack(accuracies).mean()

    def _one(self, windows: npt.NDArray[np.int64], step: int, rng: np.random.Generator) -> Result:
        """Loss, accuracy and gradients of one micro-batch, apart from all others."""
        with self._autocast():
            loss, accuracy = self._model.loss(windows, step, rng)
        gradients = torch.autograd.grad(loss, self._parameters, allow_unused=True)
        return loss.detach(), accuracy.detach(), gradients

    def _add(self, k: int, result: Result) -> tuple[torch.Tensor, torch.Tensor]:
        """Add the k-th micro-batch's gradients to the sum of those before it."""
        loss, accuracy, gradients = result
        for parameter, gradient in zip(self._parameters, gradients, strict=True):
            if gradient is None:
                continue
            share = gradient.detach() / self._pieces
            parameter.grad = share if k == 0 or parameter.grad is None else parameter.grad.add_(share)
        return loss, accuracy


def _one_core() -> None:
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
