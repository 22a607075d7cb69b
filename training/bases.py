"""Encoders to start from: a folder, or an id on the model hub, of any BERT-class checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from govie.errors import ModelError
from govie.model.batching import WINDOW
from govie.model.network import Network, Sizes

if TYPE_CHECKING:
    from transformers import PreTrainedModel

__all__ = ["base_vocabulary", "load_base", "load_encoder", "positions"]

_HINT = "Give a folder with config.json, the weights and vocab.txt, or an id on the model hub when online."


def load_base(base: str, sizes: Sizes, dropout: float) -> Network:
    """Return a network over a base; its heads start from random weights.

    Args:
        base: a local folder, or an id on the model hub, which is then downloaded.
        sizes: of what lies over it.
        dropout: on the encoder's output and within it.

    Raises:
        ModelError: there is no such checkpoint, or it cannot read a whole window.
    """
    try:
        encoder = load_encoder(base, dropout)
    except (OSError, ValueError) as error:
        raise ModelError(f"no encoder: {str(error).splitlines()[0]}", where=base, hint=_HINT) from None
    network = Network(encoder, sizes, dropout)
    if positions(network) < WINDOW + 2:
        raise ModelError(f"the encoder reads {positions(network)} tokens, {WINDOW + 2} are needed", where=base)
    return network


def load_encoder(base: str, dropout: float, *, random: bool = False) -> PreTrainedModel:
    """Return the encoder of a base, of any type, in float32.

    Args:
        base: a local folder, or an id on the model hub.
        dropout: within it.
        random: its shape with random weights instead.

    Raises:
        OSError: there is no such checkpoint.
        ValueError: it is of no type that is known.
    """
    from transformers import AutoConfig, AutoModel

    import training.stem  # noqa: F401  registers the types with a stem

    config = AutoConfig.from_pretrained(base)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
    fresh = AutoModel.from_config(config) if random else None  # type: ignore[no-untyped-call]
    encoder: PreTrainedModel = fresh or AutoModel.from_pretrained(base, config=config)
    return encoder.float()


def base_vocabulary(base: str) -> Path:
    """Return the ``vocab.txt`` of a base.

    Raises:
        ModelError: it has none, as checkpoints with sub-word pieces of other kinds.
    """
    from transformers.utils import cached_file

    try:
        return Path(str(cached_file(base, "vocab.txt")))
    except (OSError, ValueError) as error:
        raise ModelError(f"no vocabulary: {str(error).splitlines()[0]}", where=base, hint=_HINT) from None


def positions(network: Network) -> int:
    """Return how many tokens the encoder has positions for."""
    return int(getattr(network.encoder.config, "max_position_embeddings", 512)) - network.first_position
