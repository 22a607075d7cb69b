"""Adversarial training: the loss also where the character embeddings are moved to where it grows fastest.

Miyato, Dai and Goodfellow 2017, "Adversarial Training Methods for Semi-Supervised Text Classification"
(arXiv:1605.07725), equation 5, on the table of embeddings instead of the embedded text, as is usual for encoders.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import torch
from torch import nn

from govie.model.network import Network

__all__ = ["moved"]


@contextmanager
def moved(network: Network, size: float) -> Iterator[None]:
    """Move the character embeddings along their gradient, and back at the end.

    Args:
        network: after a backward pass.
        size: Euclidean length of the step over the whole table.
    """
    table = cast("nn.Embedding", network.encoder.get_input_embeddings()).weight
    kept = table.detach().clone()
    with torch.no_grad():
        gradient = table.grad
        if gradient is not None and (length := gradient.norm()) > 0:
            table.add_(gradient, alpha=size / float(length))
    yield
    with torch.no_grad():
        table.copy_(kept)
