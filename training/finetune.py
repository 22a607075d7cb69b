"""Fine-tune a tagger and linker: ``python -m training.finetune CONFIG --base BASE --data FILE... --out RUN``."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from govie.model.arbiter import Arbiter
from govie.model.calibration import Calibration
from govie.model.heads import Heads
from govie.model.labels import ATTRIBUTES
from govie.model.network import Network
from govie.model.tagger import ModelTagger
from govie.model.torch_backend import TorchEncoder, head_tensors
from govie.model.vocabulary import CharacterVocabulary
from training.bases import positions
from training.batches import IGNORED, Batch, Collator, Noise, shuffled
from training.examples import Example

__all__ = ["Settings", "fine_tune", "tagger_of"]

log = logging.getLogger("govie.training")


@dataclass(frozen=True)
class Settings:
    """How a network is fine-tuned.

    Attributes:
        epochs: passes over the examples.
        batch: sentences in a step.
        encoder_rate, head_rate: peak learning rates (AdamW, linear warm-up over a tenth of the steps, linear decay).
        weight_decay: of AdamW.
        dropout: on the encoder's output and within it.
        masked: share of characters that are hidden, so that the network does not learn sentences by heart.
        drop_hints: share of sentences whose pairs are scored without the rules' opinion.
        blur_hints: share of the rules' mentions that are moved or left out, as the rules are surer of documents they
            were written on than of others.
        shift: share of sentences at shifted positions.
        pair_weight, attribute_weight: of these losses against the tags'.
        average: decay of the moving average of the weights that is kept; 0 keeps the last weights.
        seed: of everything random.
    """

    epochs: int = 8
    batch: int = 16
    encoder_rate: float = 4e-4
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    dropout: float = 0.1
    masked: float = 0.06
    drop_hints: float = 0.2
    blur_hints: float = 0.06
    shift: float = 0.1
    pair_weight: float = 0.5
    attribute_weight: float = 0.3
    average: float = 0.998
    seed: int = 1


def losses(network: Network, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Losses of tags, pairs and attributes, each a mean over what it decides."""
    tags, rows = network(batch.ids, batch.real, batch.positions)
    tagging = functional.cross_entropy(tags.flatten(0, 1), batch.tags.flatten(), ignore_index=IGNORED)
    if not len(batch.rows):
        return tagging, tagging.new_zeros(()), tagging.new_zeros(())
    sentence, first, last = batch.rows.unbind(1)
    half = rows.shape[-1] // 2
    mentions = torch.cat([rows[sentence, first, :half], rows[sentence, last, half:]], dim=-1)
    attributes = _attribute_loss(network.attribute(mentions, batch.attribute_features), batch.attributes)
    if not len(batch.pairs):
        return tagging, tagging.new_zeros(()), attributes
    linking = functional.cross_entropy(network.pair(mentions, batch.pairs, batch.pair_features), batch.links)
    return tagging, linking, attributes


def _attribute_loss(scores: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    total = scores.new_zeros(())
    for at, part in enumerate(scores.split([len(values) for values in ATTRIBUTES.values()], dim=1)):
        known = gold[:, at] != IGNORED
        if known.any():
            total = total + functional.cross_entropy(part[known], gold[known, at])
    return total


def fine_tune(network: Network, vocabulary: CharacterVocabulary, train: Sequence[Example], settings: Settings) -> None:
    """Train in place; the same seed gives the same weights on the same machine with the same number of threads."""
    torch.manual_seed(settings.seed)
    noise = Noise(settings.masked, settings.drop_hints, settings.blur_hints, settings.shift, positions(network))
    collate = Collator(vocabulary, noise)
    optimizer = _optimizer(network, settings)
    total = settings.epochs * -(-len(train) // settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (total / 10), (total - step) / (total * 0.9))
    )
    average = _Average(network, settings.average)
    network.train()
    for epoch in range(settings.epochs):
        rng = np.random.default_rng([settings.seed, epoch])
        sums, began = np.zeros(3), time.perf_counter()
        for examples in shuffled(train, settings.batch, rng):
            parts = losses(network, collate(examples, rng))
            loss = parts[0] + settings.pair_weight * parts[1] + settings.attribute_weight * parts[2]
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            average.update(network)
            sums += [part.item() for part in parts]
        means = (sums * settings.batch / len(train)).round(4)
        log.info("epoch %d: losses %s, %.0f s", epoch + 1, means, time.perf_counter() - began)
    average.store(network)
    network.eval()


def _optimizer(network: Network, settings: Settings) -> torch.optim.Optimizer:
    encoder = list(network.encoder.parameters())
    known = {id(parameter) for parameter in encoder}
    heads = [parameter for parameter in network.parameters() if id(parameter) not in known]
    groups = [{"params": encoder, "lr": settings.encoder_rate}, {"params": heads, "lr": settings.head_rate}]
    return torch.optim.AdamW(groups, weight_decay=settings.weight_decay, fused=True)


class _Average:
    """Exponential moving average of the weights, short at first (Polyak averaging with warm-up)."""

    def __init__(self, network: Network, decay: float) -> None:
        self._decay = decay
        self._steps = 0
        self._kept = {name: value.detach().clone() for name, value in network.state_dict().items()} if decay else {}

    @torch.no_grad()
    def update(self, network: Network) -> None:
        if not self._decay:
            return
        self._steps += 1
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                self._kept[name].lerp_(value, 1 - decay)

    def store(self, network: Network) -> None:
        if self._decay:
            network.load_state_dict(self._kept)


def tagger_of(network: Network, vocabulary: CharacterVocabulary, arbiter: Arbiter | None = None) -> ModelTagger:
    """Return a tagger that runs the network in torch, uncalibrated."""
    return ModelTagger(TorchEncoder(network), vocabulary, Heads(head_tensors(network)), Calibration(), arbiter)


if __name__ == "__main__":
    from training.run import main

    main()
