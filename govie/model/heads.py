"""The heads over the encoder, in numpy: scores of pairs and of attributes from the rows of their boundary tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from govie.model.arrays import Floats, Integers
from govie.model.features import ATTRIBUTE_FEATURES, PAIR_FEATURES, Place
from govie.model.labels import LINK_CLASSES, LINKS, PAIR_TYPES
from govie.records import RELATION_ENDS

__all__ = ["FORBIDDEN", "HEAD_TENSORS", "Heads", "boundaries"]


HEAD_TENSORS = (
    "pair.head.weight",
    "pair.head.bias",
    "pair.tail.weight",
    "pair.left.weight",
    "pair.right.weight",
    "pair.product.weight",
    *(f"pair.features.{name}.weight" for name in PAIR_FEATURES),
    "pair.out.weight",
    "pair.out.bias",
    "attribute.mention.weight",
    "attribute.mention.bias",
    *(f"attribute.features.{name}.weight" for name in ATTRIBUTE_FEATURES),
    "attribute.out.weight",
    "attribute.out.bias",
)
"""Names of the network's tensors that are applied here rather than in the exported graph."""

_AT_ONCE = 4096

FORBIDDEN = -1e4
"""Score of a class that a pair of this type cannot have."""


def class_mask() -> Floats:
    """Return what is added to a pair's scores by its type, shape (pair types, 1 + links): 0 or :data:`FORBIDDEN`."""
    mask = np.full((len(PAIR_TYPES), 1 + len(LINKS)), FORBIDDEN, dtype=np.float32)
    mask[:, 0] = 0
    for at, label in enumerate(LINKS, 1):
        mask[PAIR_TYPES.index(RELATION_ENDS[label]), at] = 0
    return mask


def boundaries(rows: Floats, mentions: Sequence[Place]) -> Floats:
    """Return the mentions' representations: the first half of the row of the first token, the second of the last.

    Args:
        rows: the boundary rows of a sentence's code points, shape (code points, 2 × width).
        mentions: at least one.

    Returns:
        Shape (mentions, 2 × width).
    """
    width = rows.shape[1] // 2
    first = rows[[start for _, start, _ in mentions], :width]
    last = rows[[end - 1 for _, _, end in mentions], width:]
    return np.concatenate([first, last], axis=1)


class Heads:
    """Applies the pair and attribute heads.

    Args:
        tensors: those of :data:`HEAD_TENSORS`, float32, in torch's (out, in) layout.
    """

    def __init__(self, tensors: Mapping[str, Floats]) -> None:
        self._of = dict(tensors)
        self._mask = class_mask()

    def pairs(self, mentions: Floats, pairs: Sequence[tuple[int, int, int]], features: Integers) -> Floats:
        """Score pairs; a few thousand at a time, so that memory stays flat however many there are.

        Args:
            mentions: representations from :func:`boundaries`.
            pairs: (type, head, tail).
            features: from :func:`govie.model.features.pair_features`.

        Returns:
            Scores of the classes of :data:`govie.model.labels.LINK_CLASSES`, shape (pairs, classes).
        """
        of = self._of
        head = mentions @ of["pair.head.weight"].T + of["pair.head.bias"]
        tail = mentions @ of["pair.tail.weight"].T
        left, right = mentions @ of["pair.left.weight"].T, mentions @ of["pair.right.weight"].T
        scores = np.zeros((len(pairs), len(LINK_CLASSES)), dtype=np.float32)
        for begin in range(0, len(pairs), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            kinds, heads, tails = np.array(pairs[part], dtype=np.int64).T
            hidden = head[heads] + tail[tails]
            hidden += (left[heads] * right[tails]) @ of["pair.product.weight"].T
            for at, name in enumerate(PAIR_FEATURES):
                hidden += of[f"pair.features.{name}.weight"][features[part, at]]
            scores[part] = np.maximum(hidden, 0) @ of["pair.out.weight"].T + of["pair.out.bias"] + self._mask[kinds]
        return scores

    def attributes(self, mentions: Floats, features: Integers) -> Floats:
        """Score the attributes of mentions.

        Returns:
            Shape (mentions, all values of :data:`govie.model.labels.ATTRIBUTES` side by side).
        """
        of = self._of
        hidden = mentions @ of["attribute.mention.weight"].T + of["attribute.mention.bias"]
        for at, name in enumerate(ATTRIBUTE_FEATURES):
            hidden += of[f"attribute.features.{name}.weight"][features[:, at]]
        scores: Floats = np.maximum(hidden, 0) @ of["attribute.out.weight"].T + of["attribute.out.bias"]
        return scores
