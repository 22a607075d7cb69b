"""Fine-tune a tagger and linker: ``python -m training.finetune CONFIG --base BASE --data FILE... --out RUN``."""

from __future__ import annotations

import logging
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from govie.model.arbiter import Arbiter
from govie.model.calibration import Calibration
from govie.model.heads import Heads
from govie.model.network import Network
from govie.model.tagger import ModelTagger
from govie.model.torch_backend import TorchEncoder, head_tensors
from govie.model.vocabulary import CharacterVocabulary
from training.adversary import moved
from training.bases import positions
from training.batches import Batch, Collator, Noise, shuffled
from training.examples import Example
from training.losses import Losses, disagreement, losses
from training.replacing import indicator_names, replaced

__all__ = ["Settings", "fine_tune", "tagger_of"]

log = logging.getLogger("govie.training")

_LAYER = re.compile(r"\blayers?\.(\d+)\.")


@dataclass(frozen=True)
class Settings:
    """How a network is fine-tuned.

    Attributes:
        epochs: passes over the examples.
        batch: sentences in a step.
        encoder_rate, head_rate: peak learning rates (AdamW, linear warm-up over a tenth of the steps, linear decay).
        weight_decay: of AdamW.
        dropout: on the encoder's output and within it.
        kernel: characters that each convolution over the encoder sees; 1 makes it no convolution.
        masked: share of characters that are hidden, so that the network does not learn sentences by heart.
        drop_hints: share of sentences whose pairs are scored without the rules' opinion.
        blur_hints: share of the rules' mentions that are moved or left out, as the rules are surer of documents they
            were written on than of others.
        shift: share of sentences at shifted positions.
        pair_weight, attribute_weight: of these losses against the tags'.
        average: decay of the moving average of the weights that is kept; 0 keeps the last weights.
        layer_decay: learning rate of each layer of the encoder as a share of the one's above it.
        crf: whether tags are judged as sequences, see :func:`training.losses.sequence_loss`.
        adversarial: length of the step of :mod:`training.adversary`, which makes a step take twice as long; 0 for none.
        consistency: weight of :func:`training.losses.disagreement` between two passes under different dropout, which
            makes a step take twice as long; 0 for a single pass.
        replace: share of sentences in which an indicator gets another name, see :mod:`training.replacing`.
        silver: sentences of silver annotation in each pass for each annotated by hand, if there is any.
        seed: of everything random.
    """

    epochs: int = 8
    batch: int = 16
    encoder_rate: float = 4e-4
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    dropout: float = 0.1
    kernel: int = 5
    masked: float = 0.06
    drop_hints: float = 0.2
    blur_hints: float = 0.06
    shift: float = 0.1
    pair_weight: float = 0.5
    attribute_weight: float = 0.3
    average: float = 0.998
    layer_decay: float = 1.0
    crf: bool = False
    adversarial: float = 0.0
    consistency: float = 0.0
    replace: float = 0.0
    silver: float = 1.0
    seed: int = 1


def fine_tune(
    network: Network,
    vocabulary: CharacterVocabulary,
    train: Sequence[Example],
    settings: Settings,
    silver: Sequence[Example] = (),
) -> None:
    """Train in place; the same seed gives the same weights on the same machine with the same number of threads.

    Args:
        network: to train.
        vocabulary: of its encoder.
        train: annotated sentences, all of which are seen in each pass.
        settings: of the training.
        silver: sentences that a program annotated, of which each pass sees others.
    """
    torch.manual_seed(settings.seed)
    noise = Noise(settings.masked, settings.drop_hints, settings.blur_hints, settings.shift, positions(network))
    collate = Collator(vocabulary, noise)
    optimizer = _optimizer(network, settings)
    beside = min(round(settings.silver * len(train)), len(silver))
    total = settings.epochs * -(-(len(train) + beside) // settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (total / 10), (total - step) / (total * 0.9))
    )
    average = _Average(network, settings.average)
    network.train()
    for epoch in range(settings.epochs):
        rng = np.random.default_rng([settings.seed, epoch])
        sums, began = np.zeros(3), time.perf_counter()
        shown = [_varied(one, settings, rng) for one in (*train, *_turn(silver, beside, epoch, settings.seed))]
        for examples in shuffled(shown, settings.batch, rng):
            parts = _backward(network, collate(examples, rng), settings)
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            average.update(network)
            sums += [part.item() for part in (parts.tags, parts.pairs, parts.attributes)]
        means = (sums * settings.batch / len(shown)).round(4)
        log.info("epoch %d: losses %s, %.0f s", epoch + 1, means, time.perf_counter() - began)
    average.store(network)
    network.eval()


def _turn(silver: Sequence[Example], count: int, epoch: int, seed: int) -> list[Example]:
    """Return the sentences of an epoch: one after the other in random order, from the beginning when all were seen."""
    order = np.random.default_rng(seed).permutation(len(silver))
    return [silver[order[at % len(silver)]] for at in range(epoch * count, (epoch + 1) * count)]


def _varied(example: Example, settings: Settings, rng: np.random.Generator) -> Example:
    if not settings.replace or rng.random() >= settings.replace:
        return example
    return replaced(example, indicator_names(), rng)


def _backward(network: Network, batch: Batch, settings: Settings) -> Losses:
    """Put the gradient of a batch into the network's parameters."""
    parts = losses(network, batch, crf=settings.crf)
    loss = _total(parts, settings)
    if settings.consistency:
        again = losses(network, batch, crf=settings.crf)
        differ = disagreement(parts.scores, again.scores, batch.tags)
        loss = (loss + _total(again, settings)) / 2 + settings.consistency * differ
    torch.autograd.backward(loss)
    if settings.adversarial:
        with moved(network, settings.adversarial):
            torch.autograd.backward(_total(losses(network, batch, crf=settings.crf), settings))
    return parts


def _total(parts: Losses, settings: Settings) -> torch.Tensor:
    return parts.tags + settings.pair_weight * parts.pairs + settings.attribute_weight * parts.attributes


def _optimizer(network: Network, settings: Settings) -> torch.optim.Optimizer:
    """Return AdamW over the heads and the layers of the encoder, each with its own rate."""
    layers: dict[int, list[torch.nn.Parameter]] = defaultdict(list)
    for name, parameter in network.encoder.named_parameters():
        number = _LAYER.search(name)
        layers[int(number[1]) if number else -1].append(parameter)  # -1: the embeddings
    known = {id(parameter) for parameter in network.encoder.parameters()}
    heads = [parameter for parameter in network.parameters() if id(parameter) not in known]
    groups = [
        {"params": parameters, "lr": settings.encoder_rate * settings.layer_decay ** (max(layers) - layer)}
        for layer, parameters in sorted(layers.items())
    ]
    groups.append({"params": heads, "lr": settings.head_rate})
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
