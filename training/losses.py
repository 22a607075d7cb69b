"""What a network is trained to make small."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from govie.model.labels import ATTRIBUTES
from govie.model.network import Network
from training.batches import IGNORED, Batch

__all__ = ["Losses", "disagreement", "losses", "sequence_loss"]


@dataclass(frozen=True)
class Losses:
    """Losses of a batch, each a mean over what it decides.

    Attributes:
        tags, pairs, attributes: losses.
        scores: the tag scores (sentences, tokens, tags) that the first is of.
    """

    tags: torch.Tensor
    pairs: torch.Tensor
    attributes: torch.Tensor
    scores: torch.Tensor


def losses(network: Network, batch: Batch, *, crf: bool = False) -> Losses:
    """Run the network on a batch.

    Args:
        network: in training mode.
        batch: with gold tags, links and attributes.
        crf: whether tags are judged by :func:`sequence_loss` instead of one by one.
    """
    scores, rows = network(batch.ids, batch.real, batch.positions)
    flat = scores.flatten(0, 1), batch.tags.flatten()
    tagging = sequence_loss(scores, batch.tags) if crf else functional.cross_entropy(*flat, ignore_index=IGNORED)
    if not len(batch.rows):
        return Losses(tagging, tagging.new_zeros(()), tagging.new_zeros(()), scores)
    sentence, first, last = batch.rows.unbind(1)
    half = rows.shape[-1] // 2
    mentions = torch.cat([rows[sentence, first, :half], rows[sentence, last, half:]], dim=-1)
    attributes = _attribute_loss(network.attribute(mentions, batch.attribute_features), batch.attributes)
    if not len(batch.pairs):
        return Losses(tagging, tagging.new_zeros(()), attributes, scores)
    linking = functional.cross_entropy(network.pair(mentions, batch.pairs, batch.pair_features), batch.links)
    return Losses(tagging, linking, attributes, scores)


def _attribute_loss(scores: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    total = scores.new_zeros(())
    for at, part in enumerate(scores.split([len(values) for values in ATTRIBUTES.values()], dim=1)):
        known = gold[:, at] != IGNORED
        if known.any():
            total = total + functional.cross_entropy(part[known], gold[known, at])
    return total


def sequence_loss(scores: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    """Negative log likelihood of whole tag sequences among those that decoding allows, per token.

    A conditional random field (Lafferty, McCallum and Pereira 2001) whose transitions are not learned: an inside tag
    continues its own label, everything else is free, as in :func:`govie.model.decode.best_tags`.

    Args:
        scores: of tags, shape (sentences, tokens, tags); outside first, then begin and inside of each label.
        gold: tags, shape (sentences, tokens); IGNORED at the first token and from some token on.
    """
    known = gold != IGNORED
    total = scores[:, 1].clone()
    total[:, 2::2] = -torch.inf
    for at in range(2, scores.shape[1]):
        anything = total.logsumexp(1, keepdim=True).expand(-1, total.shape[1])
        own = torch.logaddexp(total[:, 1::2], total[:, 2::2])
        step = torch.cat([anything[:, :1], torch.stack([anything[:, 1::2], own], 2).flatten(1)], 1) + scores[:, at]
        total = torch.where(known[:, at : at + 1], step, total)
    right = scores.gather(2, gold.clamp(min=0).unsqueeze(2)).squeeze(2)
    return (total.logsumexp(1).sum() - right[known].sum()) / known.sum()


def disagreement(one: torch.Tensor, other: torch.Tensor, tags: torch.Tensor) -> torch.Tensor:
    """Return how far two passes differ: the symmetric Kullback-Leibler divergence of their tags, per token.

    Liang et al. 2021, "R-Drop: Regularized Dropout for Neural Networks" (arXiv:2106.14448), equation 2.

    Args:
        one, other: tag scores (sentences, tokens, tags) of the same batch under different dropout.
        tags: gold (sentences, tokens), to tell which tokens count.
    """
    known = tags != IGNORED
    first, second = one[known].log_softmax(-1), other[known].log_softmax(-1)
    there = functional.kl_div(first, second, log_target=True, reduction="sum")
    back = functional.kl_div(second, first, log_target=True, reduction="sum")
    return (there + back) / (2 * known.sum())
