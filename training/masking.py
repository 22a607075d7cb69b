"""Span masking, after SpanBERT (Joshi et al. 2020, arXiv:1907.10529, section 3.1), for whole batches at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from training.text import SPECIALS

__all__ = ["span_mask", "start_rate"]


@lru_cache
def start_rate(share: float, max_span: int) -> float:
    """Chance that a span starts at a position, so that the given share of positions ends up masked.

    Spans have lengths 1..max_span, equally likely, and may overlap. A position stays clear iff no span that
    reaches it starts at any of the max_span positions up to it:
    ``1 - share = prod_k (1 - rate * P(length > k))`` for k = 0..max_span-1, solved by bisection.

    Args:
        share: wanted share of masked positions, above 0 and below 1.
        max_span: longest span in tokens.

    Raises:
        ValueError: the share cannot be reached with spans that short.
    """
    if not 0 < share < 1 or max_span < 1:
        raise ValueError(f"no span masking with share {share} and spans up to {max_span}")
    reach = 1 - np.arange(max_span) / max_span
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if 1 - np.prod(1 - middle * reach) < share:
            low = middle
        else:
            high = middle
    return high


def span_mask(
    ids: npt.NDArray[np.integer], share: float, max_span: int, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Choose the positions to mask.

    Args:
        ids: token ids, shape (batch, length); special tokens are never masked.
        share: expected share of masked positions among ordinary ones.
        max_span: longest span in tokens.
        rng: source of randomness; two draws are made, whatever the ids.

    Returns:
        Boolean array of the shape of ``ids``.
    """
    starts = rng.random(ids.shape) < start_rate(share, max_span)
    lengths = rng.integers(1, max_span + 1, ids.shape)
    mask = starts.copy()
    for k in range(1, max_span):
        mask[:, k:] |= (starts & (lengths > k))[:, :-k]
    return mask & (ids >= len(SPECIALS))
