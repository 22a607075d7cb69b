"""Losses, on numbers small enough to be counted out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the training extra is not installed")
pytest.importorskip("transformers", reason="the training extra is not installed")

from govie.model.labels import TAGS  # noqa: E402
from training.batches import IGNORED  # noqa: E402
from training.losses import disagreement, sequence_loss  # noqa: E402


def allowed(tags: tuple[int, ...]) -> bool:
    """Whether every inside tag continues its own label."""
    return all(tag % 2 or not tag or before in (tag - 1, tag) for before, tag in zip((0, *tags), tags, strict=False))


def test_a_sequence_competes_with_all_that_are_allowed() -> None:
    scores = torch.from_numpy(np.random.default_rng(0).normal(size=(2, 6, len(TAGS)))).float()
    right = [[1, 2, 0], [0, 3]]
    gold = torch.full((2, 6), IGNORED)
    for row, tags in enumerate(right):
        gold[row, 1 : len(tags) + 1] = torch.tensor(tags)
    expected = 0.0
    for row, tags in enumerate(right):
        ways = [way for way in product(range(len(TAGS)), repeat=len(tags)) if allowed(way)]
        sums = torch.tensor([sum(scores[row, at + 1, tag] for at, tag in enumerate(way)) for way in ways])
        expected += float(sums.logsumexp(0) - sums[ways.index(tuple(tags))])
    assert float(sequence_loss(scores, gold)) == pytest.approx(expected / 5, rel=1e-5)


def test_the_gradient_of_a_sequence_is_finite() -> None:
    scores = torch.zeros(1, 5, len(TAGS), requires_grad=True)
    loss = sequence_loss(scores, torch.tensor([[IGNORED, 1, 2, 0, IGNORED]]))
    torch.autograd.backward(loss)
    assert scores.grad is not None
    assert torch.isfinite(scores.grad).all()
    assert not scores.grad[0, [0, 4]].any()


def test_passes_that_agree_cost_nothing() -> None:
    one, other = torch.zeros(1, 4, 3), torch.zeros(1, 4, 3)
    other[0, 3] = torch.tensor([9.0, 0.0, 0.0])  # where nothing is known
    tags = torch.tensor([[IGNORED, 0, 1, IGNORED]])
    assert float(disagreement(one, other, tags)) == pytest.approx(0, abs=1e-6)
    other[0, 1, 0] = 1.0
    p, q = torch.full((3,), 1 / 3), torch.tensor([1.0, 0.0, 0.0]).softmax(0)
    expected = float(((p - q) * (p.log() - q.log())).sum()) / 2 / 2
    assert float(disagreement(one, other, tags)) == pytest.approx(expected, rel=1e-5)
    assert float(disagreement(other, one, tags)) == pytest.approx(expected, rel=1e-5)
