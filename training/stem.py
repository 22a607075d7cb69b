"""Encoders with a convolution over the embeddings: model types ``stem-bert`` and ``stem-roformer``.

Each position's embedding gets a residual from its neighbours before the first layer, so that what stands beside a
character need not be found by attention first. Importing this module registers both types with the transformers
library; ``AutoModel.from_pretrained`` then loads a folder by the ``model_type`` in its configuration, whose weights are
plain safetensors. ``stem_width`` in the configuration is the width in tokens, odd.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional
from transformers import AutoConfig, AutoModel, AutoModelForMaskedLM, BertConfig, RoFormerConfig
from transformers.models.bert.modeling_bert import BertEmbeddings, BertForMaskedLM, BertModel
from transformers.models.roformer.modeling_roformer import RoFormerEmbeddings, RoFormerForMaskedLM, RoFormerModel

from govie.model.network import Convolution

__all__ = [
    "StemBertConfig",
    "StemBertForMaskedLM",
    "StemBertModel",
    "StemRoFormerConfig",
    "StemRoFormerForMaskedLM",
    "StemRoFormerModel",
]


class StemBertConfig(BertConfig):
    """A BERT's configuration and the stem's width in tokens."""

    model_type = "stem-bert"
    stem_width: int = 5


class StemRoFormerConfig(RoFormerConfig):
    """A RoFormer's configuration and the stem's width in tokens."""

    model_type = "stem-roformer"
    stem_width: int = 5


class _Stem(torch.nn.Module):
    """A residual convolution over embeddings of shape (batch, length, size)."""

    def __init__(self, size: int, width: int) -> None:
        """Make the convolution; the model that holds it sets its weights."""
        super().__init__()
        self.convolution = Convolution(size, size, width)

    def forward(self, embeddings: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        """Add each position's residual; ``real``, shape (batch, length), is False at padding, which is not seen."""
        seen = embeddings * real.unsqueeze(-1).to(embeddings.dtype)
        return embeddings + functional.gelu(self.convolution(seen))


class _StemmedEmbeddings:
    """Mixed into a class of embeddings: puts the stem on top."""

    stem: _Stem
    word_embeddings: torch.nn.Embedding

    def __init__(self, config: Any) -> None:
        super().__init__(config)  # type: ignore[call-arg]
        self.stem = _Stem(config.hidden_size, config.stem_width)

    def forward(self, input_ids: torch.Tensor | None = None, **others: Any) -> torch.Tensor:
        embeddings: torch.Tensor = super().forward(input_ids=input_ids, **others)  # type: ignore[misc]
        if input_ids is None:
            real = torch.ones(embeddings.shape[:2], dtype=torch.bool, device=embeddings.device)
        else:
            real = input_ids != self.word_embeddings.padding_idx
        return self.stem(embeddings, real)


class _StemBertEmbeddings(_StemmedEmbeddings, BertEmbeddings):
    pass


class _StemRoFormerEmbeddings(_StemmedEmbeddings, RoFormerEmbeddings):
    pass


class StemBertModel(BertModel):
    """A BERT with a stem."""

    config_class = StemBertConfig

    def __init__(self, config: StemBertConfig, add_pooling_layer: bool = True) -> None:
        """Build the encoder and exchange its embeddings."""
        super().__init__(config, add_pooling_layer)
        self.embeddings = _StemBertEmbeddings(config)
        self.post_init()


class StemRoFormerModel(RoFormerModel):
    """A RoFormer with a stem."""

    config_class = StemRoFormerConfig

    def __init__(self, config: StemRoFormerConfig) -> None:
        """Build the encoder and exchange its embeddings."""
        super().__init__(config)
        self.embeddings = _StemRoFormerEmbeddings(config)
        self.post_init()


class StemBertForMaskedLM(BertForMaskedLM):
    """A BERT with a stem and its masked-LM head."""

    config_class = StemBertConfig

    def __init__(self, config: StemBertConfig) -> None:
        """Build the model and exchange its encoder."""
        super().__init__(config)
        self.bert = StemBertModel(config, add_pooling_layer=False)
        self.post_init()


class StemRoFormerForMaskedLM(RoFormerForMaskedLM):
    """A RoFormer with a stem and its masked-LM head."""

    config_class = StemRoFormerConfig

    def __init__(self, config: StemRoFormerConfig) -> None:
        """Build the model and exchange its encoder."""
        super().__init__(config)
        self.roformer = StemRoFormerModel(config)
        self.post_init()


def _register(config: Any, model: Any, masked: Any) -> None:
    AutoConfig.register(config.model_type, config)
    AutoModel.register(config, model)
    AutoModelForMaskedLM.register(config, masked)


_register(StemBertConfig, StemBertModel, StemBertForMaskedLM)
_register(StemRoFormerConfig, StemRoFormerModel, StemRoFormerForMaskedLM)
