"""Losses of pretraining: span-masked language modelling and replaced-token detection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from training.masking import span_mask
from training.pretrain_config import ModelConfig, Objective
from training.text import MASK, SPECIALS

if TYPE_CHECKING:
    from transformers import PreTrainedModel

__all__ = ["Pretrainer", "logits_at", "new_encoder"]


def new_encoder(config: ModelConfig, vocab_size: int) -> PreTrainedModel:
    """A masked-LM model with random weights; the caller has seeded torch.

    The vocabulary is padded to a multiple of 64, which keeps matrix products aligned. No dropout: a corpus that is
    passed over about once leaves nothing to overfit.
    """
    from transformers import AutoConfig, AutoModelForMaskedLM

    import training.stem  # noqa: F401  registers the types with a stem

    model: PreTrainedModel = AutoModelForMaskedLM.from_config(  # type: ignore[no-untyped-call]
        AutoConfig.for_model(
            config.type,
            vocab_size=-(-vocab_size // 64) * 64,
            hidden_size=config.hidden_size,
            num_hidden_layers=config.layers,
            num_attention_heads=config.heads,
            intermediate_size=config.intermediate_size,
            max_position_embeddings=config.max_positions,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    )
    return model


def logits_at(model: PreTrainedModel, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Scores of the vocabulary at the masked positions only.

    Args:
        model: a masked-LM model of the transformers library with its head under ``cls``.
        ids: what the model sees, shape (batch, length).
        mask: positions to predict, same shape.

    Returns:
        Shape (masked positions, vocabulary), in the order of ``ids[mask]``.
    """
    hidden = model.base_model(ids).last_hidden_state
    picked = hidden.flatten(0, 1).index_select(0, mask.flatten().nonzero().squeeze(1))
    logits: torch.Tensor = model.get_submodule("cls")(picked)
    return logits


class Pretrainer(torch.nn.Module):
    """The encoder and, for replaced-token detection, its generator and detection head.

    Args:
        encoder: masked-LM model that is being pretrained.
        objective: what to learn.
    """

    def __init__(self, encoder: PreTrainedModel, objective: Objective) -> None:
        """Add what the objective needs to the encoder."""
        super().__init__()
        self.encoder = encoder
        self._objective = objective
        if objective.name != "mlm":
            config = encoder.config
            shape = ModelConfig(
                hidden_size=objective.generator_hidden,
                layers=objective.generator_layers,
                heads=max(objective.generator_hidden // 64, 1),
                intermediate_size=4 * objective.generator_hidden,
                max_positions=config.max_position_embeddings,
            )
            self.generator = new_encoder(shape, config.vocab_size)
            self.detector = torch.nn.Linear(config.hidden_size, 1)

    def loss(
        self, windows: npt.NDArray[np.int64], step: int, rng: np.random.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Loss of some windows of one step.

        Args:
            windows: ids, shape (batch, length).
            step: counted from 0.
            rng: source of all randomness.

        Returns:
            The loss to minimise, and the share of right guesses at masked positions (by the generator on steps of
            replaced-token detection), both scalars.
        """
        aim = self._objective
        device = next(self.parameters()).device
        mask = torch.from_numpy(span_mask(windows, aim.mask_share, aim.max_span, rng)).to(device)
        ids = torch.from_numpy(windows).to(device)
        if aim.name == "rtd" or (aim.name == "both" and step % 2):
            noise = torch.Generator().manual_seed(int(rng.integers(2**62)))
            return self._detection(ids, mask, noise)
        return self._prediction(self.encoder, ids, mask)[:2]

    @staticmethod
    def _prediction(
        model: PreTrainedModel, ids: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        logits = logits_at(model, torch.where(mask, MASK, ids), mask).float()
        gold = ids[mask]
        return functional.cross_entropy(logits, gold), (logits.argmax(1) == gold).float().mean(), logits

    def _detection(
        self, ids: torch.Tensor, mask: torch.Tensor, noise: torch.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """ELECTRA's loss: the generator's, plus the weighted detection loss over all ordinary positions."""
        generator_loss, accuracy, logits = self._prediction(self.generator, ids, mask)
        chances = logits.detach().softmax(1).cpu()
        corrupted = ids.clone()
        corrupted[mask] = torch.multinomial(chances, 1, generator=noise).squeeze(1).to(ids.device)
        hidden = self.encoder.base_model(corrupted).last_hidden_state
        ordinary = ids >= len(SPECIALS)
        found = self.detector(hidden).squeeze(-1)[ordinary].float()
        replaced = (corrupted != ids)[ordinary].float()
        detection = functional.binary_cross_entropy_with_logits(found, replaced)
        return generator_loss + self._objective.rtd_weight * detection, accuracy
