"""The network in torch: for training, for a GPU, and for export. Imported only where torch is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import nn
from torch.nn import functional

from govie.model.features import ATTRIBUTE_FEATURES, PAIR_FEATURES
from govie.model.heads import class_mask
from govie.model.labels import ATTRIBUTES, LINK_CLASSES, TAGS

if TYPE_CHECKING:
    from transformers import PreTrainedModel

__all__ = ["AttributeHead", "Convolution", "Convolutions", "Network", "PairHead", "Sizes"]


class _Features(nn.ModuleDict):
    """Sums an embedding of each categorical feature."""

    def __init__(self, sizes: dict[str, int], width: int) -> None:
        super().__init__({name: nn.Embedding(size, width) for name, size in sizes.items()})
        for table in self.values():
            nn.init.normal_(cast("nn.Embedding", table).weight, std=0.02)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return torch.stack([table(features[:, at]) for at, table in enumerate(self.values())]).sum(0)


class PairHead(nn.Module):
    """Scores pairs of mentions; :class:`govie.model.heads.Heads` is the same in numpy.

    Args:
        mention: size of a mention's representation.
        hidden: size of the hidden layer.
        product: size of the two projections whose product is taken.
    """

    def __init__(self, mention: int, hidden: int, product: int) -> None:
        super().__init__()
        self.head = nn.Linear(mention, hidden)
        self.tail = nn.Linear(mention, hidden, bias=False)
        self.left = nn.Linear(mention, product, bias=False)
        self.right = nn.Linear(mention, product, bias=False)
        self.product = nn.Linear(product, hidden, bias=False)
        self.features = _Features(PAIR_FEATURES, hidden)
        self.out = nn.Linear(hidden, len(LINK_CLASSES))
        self.register_buffer("mask", torch.from_numpy(class_mask()), persistent=False)

    def forward(self, mentions: torch.Tensor, pairs: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """Scores, shape (pairs, classes); ``pairs`` holds (type, head, tail) in rows."""
        kinds, heads, tails = pairs.unbind(1)
        product = self.left(mentions)[heads] * self.right(mentions)[tails]
        hidden = self.head(mentions)[heads] + self.tail(mentions)[tails] + self.product(product)
        scores: torch.Tensor = self.out(torch.relu(hidden + self.features(features)))
        return scores + cast("torch.Tensor", self.mask)[kinds]


class AttributeHead(nn.Module):
    """Scores the attributes of mentions.

    Args:
        mention: size of a mention's representation.
        hidden: size of the hidden layer.
    """

    def __init__(self, mention: int, hidden: int) -> None:
        super().__init__()
        self.mention = nn.Linear(mention, hidden)
        self.features = _Features(ATTRIBUTE_FEATURES, hidden)
        self.out = nn.Linear(hidden, sum(map(len, ATTRIBUTES.values())))

    def forward(self, mentions: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """Scores, shape (mentions, all attribute values)."""
        scores: torch.Tensor = self.out(torch.relu(self.mention(mentions) + self.features(features)))
        return scores


class Convolution(nn.Conv1d):
    """A convolution along the sentence, computed as one product over neighbouring rows side by side.

    The same arithmetic as :class:`torch.nn.Conv1d`; but ONNX Runtime has a fast int8 product and no fast int8
    convolution along one axis.

    Args:
        size: of the input.
        width: of the output.
        kernel: how many rows each output sees, odd.
    """

    def __init__(self, size: int, width: int, kernel: int) -> None:
        super().__init__(size, width, kernel)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Map (batch, length, size) to (batch, length, width)."""
        (kernel,) = self.kernel_size
        padded = functional.pad(rows, (0, 0, kernel // 2, kernel // 2))
        beside = torch.cat([padded[:, at : at + rows.shape[1]] for at in range(kernel)], dim=-1)
        return functional.linear(beside, self.weight.transpose(1, 2).flatten(1), self.bias)


class Convolutions(nn.Module):
    """Two convolutions along the sentence, after each of which padding is zero, so that it changes nothing beside it.

    Args:
        size: of the input.
        width: of the hidden layer and the output.
        kernel: how many characters each of the two sees, odd.
    """

    def __init__(self, size: int, width: int, kernel: int) -> None:
        super().__init__()
        self.first = Convolution(size, width, kernel)
        self.second = Convolution(width, width, kernel)

    def forward(self, rows: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        """Map (batch, length, size) to (batch, length, width)."""
        shown = real.unsqueeze(2).to(rows.dtype)
        hidden = functional.gelu(self.first(rows * shown)) * shown
        return functional.gelu(self.second(hidden)) * shown


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of what lies over the encoder.

    Attributes:
        boundary: of the representation of a mention's first token, and of its last.
        hidden: of the heads' hidden layers.
        product: see :class:`PairHead`.
        local: width of the convolutions over the encoder's states, which settle where mentions begin and end.
        kernel: characters that each convolution sees.
    """

    boundary: int = 96
    hidden: int = 128
    product: int = 64
    local: int = 192
    kernel: int = 5


class Network(nn.Module):
    """An encoder that reads the characters alone, and heads over it.

    What the rules say joins later (:mod:`govie.model.arbiter` and the features of pairs): the encoder cannot lean
    on it.

    Args:
        encoder: any BERT-class encoder of the transformers library.
        sizes: of what lies over it.
        dropout: on the encoder's output, in training.
    """

    def __init__(self, encoder: PreTrainedModel, sizes: Sizes = Sizes(), dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        if getattr(encoder, "pooler", None) is not None:  # a sentence's single vector, which nothing here asks for
            encoder.pooler = None
        self.first_position = _first_position(encoder)
        size = encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.local = Convolutions(size, sizes.local, sizes.kernel)
        self.tags = nn.Linear(size + sizes.local, len(TAGS))
        self.boundary = nn.Linear(size + sizes.local, 2 * sizes.boundary)
        self.pair = PairHead(2 * sizes.boundary, sizes.hidden, sizes.product)
        self.attribute = AttributeHead(2 * sizes.boundary, sizes.hidden)

    def forward(
        self, ids: torch.Tensor, real: torch.Tensor, positions: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Run the encoder.

        Args:
            ids: character ids, shape (batch, length).
            real: 0 at padding, else 1.
            positions: where each token stands, if not at 0, 1, 2 …, as some training steps have it.

        Returns:
            Tag scores (batch, length, tags) and boundary rows (batch, length, 2 × boundary).
        """
        more: dict[str, Any] = {} if positions is None else {"position_ids": positions + self.first_position}
        states = self.dropout(self.encoder(input_ids=ids, attention_mask=real, **more).last_hidden_state)
        rows = torch.cat([states, self.local(states, real)], dim=-1)
        return self.tags(rows), self.boundary(rows)


def _first_position(encoder: PreTrainedModel) -> int:
    """Return the id of the first position: RoBERTa counts from behind the padding's."""
    offset = getattr(getattr(encoder, "embeddings", None), "padding_idx", None)
    return 0 if offset is None else int(offset) + 1
