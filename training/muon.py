"""Muon: momentum, orthogonalised, for the matrices of the hidden layers.

After Jordan et al. 2024 (https://kellerjordan.github.io/posts/muon/), with the step scaled so that its root mean
square is that of AdamW, ``0.2 * sqrt(max(rows, columns))`` (Liu et al. 2025, arXiv:2502.16982, section 2.2), so both
optimisers share one learning rate. Written here because torch's own orthogonalises in bfloat16, which a CPU without
bfloat16 units emulates slowly; this one works in float32, and on a CPU takes one matrix after another, which is
faster than batched products of small matrices. A GPU takes all matrices of a shape together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch

__all__ = ["Muon", "orthogonalise"]

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_STEPS = 5


def orthogonalise(matrices: torch.Tensor) -> torch.Tensor:
    """Bring the singular values of matrices near 1 by a quintic Newton-Schulz iteration.

    Args:
        matrices: shape (n, rows, columns).

    Returns:
        The same shape; singular values lie in about 0.7..1.2, singular vectors are kept.
    """
    a, b, c = _COEFFICIENTS
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.transpose(1, 2) if tall else matrices
    x = x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)
    for _ in range(_STEPS):
        gram = x @ x.transpose(1, 2)
        x = a * x + torch.baddbmm(gram, gram, gram, beta=b, alpha=c) @ x
    return x.transpose(1, 2) if tall else x


class Muon(torch.optim.Optimizer):
    """Optimiser of two-dimensional parameters.

    Args:
        params: matrices.
        lr: learning rate, on AdamW's scale.
        momentum: of the running gradient (Nesterov).
        weight_decay: decoupled, times the learning rate.
    """

    def __init__(
        self, params: Iterable[torch.nn.Parameter], lr: float, momentum: float = 0.95, weight_decay: float = 0.01
    ) -> None:
        """Take charge of the parameters."""
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Take one step; ``closure`` is not supported and must be None."""
        for group in self.param_groups:
            shapes: dict[torch.Size, list[torch.nn.Parameter]] = defaultdict(list)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    shapes[parameter.shape].append(parameter)
            for parameters in shapes.values():
                self._step_alike(parameters, group)

    def _step_alike(self, parameters: list[torch.nn.Parameter], group: dict[str, Any]) -> None:
        """One step for parameters of one shape."""
        moved = [self._nesterov(parameter, group["momentum"]) for parameter in parameters]
        rows, columns = parameters[0].shape
        size = group["lr"] * 0.2 * max(rows, columns) ** 0.5
        parts = torch.stack(moved).split(1 if moved[0].device.type == "cpu" else len(moved))
        directions = [direction for part in parts for direction in orthogonalise(part)]
        for parameter, direction in zip(parameters, directions, strict=True):
            parameter.mul_(1 - group["lr"] * group["weight_decay"])
            parameter.sub_(direction, alpha=size)

    def _nesterov(self, parameter: torch.nn.Parameter, momentum: float) -> torch.Tensor:
        gradient = parameter.grad
        assert gradient is not None  # the caller picked parameters that have one
        buffer = self.state[parameter].setdefault("momentum_buffer", torch.zeros_like(gradient))
        buffer.lerp_(gradient, 1 - momentum)
        direction: torch.Tensor = gradient.lerp(buffer, momentum)
        return direction
