"""Examples to tensors: characters, gold tags, mentions, pairs and attributes of a batch of sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from govie.model.batching import WINDOW
from govie.model.features import Input, Place, attribute_features, candidate_pairs, pair_features
from govie.model.labels import ATTRIBUTES, LINK_CLASSES, begin_tag
from govie.model.vocabulary import CharacterVocabulary
from govie.tags import Mention, SentenceTags, only
from training.examples import Example

__all__ = ["IGNORED", "Batch", "Collator", "LinkingTargets", "Noise", "linking_targets", "shuffled"]

IGNORED = -100


@dataclass(frozen=True)
class Batch:
    """Tensors of one step; B sentences, L tokens, M mentions, P pairs.

    Attributes:
        ids, real, positions: (B, L), see :class:`govie.model.network.Network`.
        tags: (B, L) gold tags, IGNORED at frame tokens and padding.
        rows: (M, 3) sentence, first and last token of each mention.
        attribute_features: (M, features).
        attributes: (M, attributes) gold values, IGNORED where a mention has none.
        pairs: (P, 3) type, head, tail, the latter two positions among the M mentions.
        pair_features: (P, features).
        links: (P,) gold classes.
    """

    ids: torch.Tensor
    real: torch.Tensor
    positions: torch.Tensor
    tags: torch.Tensor
    rows: torch.Tensor
    attribute_features: torch.Tensor
    attributes: torch.Tensor
    pairs: torch.Tensor
    pair_features: torch.Tensor
    links: torch.Tensor


@dataclass(frozen=True)
class Noise:
    """What is changed in a sentence each time it is shown.

    Attributes:
        masked: share of characters that are hidden.
        drop: share of sentences shown without the rules' opinion.
        blur: share of the rules' mentions that lose or gain a character at an edge, or are left out.
        shift: share of sentences whose positions begin somewhere else than at 0, so that late positions are trained.
        positions: positions the encoder knows.
    """

    masked: float = 0.0
    drop: float = 0.0
    blur: float = 0.0
    shift: float = 0.0
    positions: int = 512


class Collator:
    """Makes batches.

    Args:
        vocabulary: of the encoder.
        noise: none by default.
    """

    def __init__(self, vocabulary: CharacterVocabulary, noise: Noise = Noise()) -> None:
        self._vocabulary = vocabulary
        self._noise = noise

    def __call__(self, examples: Sequence[Example], rng: np.random.Generator) -> Batch:
        """Return the tensors of a few examples; sentences longer than a window are cut at its end.

        Args:
            examples: the sentences.
            rng: of the noise.
        """
        inputs = [self._shown(example.given, rng) for example in examples]
        parts = [linking_targets(given, example.gold) for given, example in zip(inputs, examples, strict=True)]
        length = max(len(given.plain) for given in inputs) + 2
        shape = len(examples), length
        ids, real = np.full(shape, self._vocabulary.pad), np.zeros(shape, np.int64)
        tags = np.full(shape, IGNORED)
        for row, (given, example) in enumerate(zip(inputs, examples, strict=True)):
            size = len(given.plain)
            words = self._vocabulary
            ids[row, : size + 2] = [words.begin, *self._masked(words.encode(given.plain), rng), words.end]
            real[row, : size + 2] = 1
            tags[row, 1 : size + 1] = _gold_tags(size, example.gold)
        offsets = np.cumsum([0, *(len(part.mentions) for part in parts)])
        rows = [(at, start + 1, end) for at, part in enumerate(parts) for _, start, end in part.mentions]
        pairs = [
            (kind, head + offset, tail + offset)
            for part, offset in zip(parts, offsets.tolist(), strict=False)
            for kind, head, tail in part.pairs
        ]
        return Batch(
            *map(torch.from_numpy, (ids, real, self._offsets(shape, rng), tags)),
            torch.tensor(rows, dtype=torch.long).reshape(-1, 3),
            torch.from_numpy(np.concatenate([part.attribute_features for part in parts])),
            torch.tensor([row for part in parts for row in part.attributes]).reshape(-1, len(ATTRIBUTES)),
            torch.tensor(pairs, dtype=torch.long).reshape(-1, 3),
            torch.from_numpy(np.concatenate([part.pair_features for part in parts])),
            torch.tensor([link for part in parts for link in part.links], dtype=torch.long),
        )

    def _shown(self, given: Input, rng: np.random.Generator) -> Input:
        given = replace(given, plain=given.plain[:WINDOW], hints=_cut(given.hints))
        if given.hints is None or rng.random() < self._noise.drop:
            return replace(given, hints=None)
        return replace(given, hints=_blurred(given.hints, len(given.plain), self._noise.blur, rng))

    def _masked(self, ids: list[int], rng: np.random.Generator) -> list[int]:
        if not self._noise.masked:
            return ids
        hidden = rng.random(len(ids)) < self._noise.masked
        return [self._vocabulary.mask if hide else one for one, hide in zip(ids, hidden.tolist(), strict=True)]

    def _offsets(self, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
        latest = self._noise.positions - shape[1]
        first = np.where(rng.random(shape[0]) < self._noise.shift, rng.integers(0, latest + 1), 0)
        return first[:, None] + np.arange(shape[1])[None, :]


def _blurred(tags: SentenceTags, size: int, share: float, rng: np.random.Generator) -> SentenceTags:
    """Move an edge of some mentions by a character or two, or leave them out with all their links."""
    if not share:
        return tags
    moved: dict[int, Mention] = {}
    free = 0
    for at, mention in enumerate(tags.mentions):
        start, end = mention.start, mention.end
        if rng.random() < share:
            by = int(rng.integers(-2, 4))  # 3 leaves it out
            if by == 3:
                continue
            start, end = (start + by, end) if rng.random() < 0.5 else (start, end + by)
        following = tags.mentions[at + 1].start if at + 1 < len(tags.mentions) else size
        start, end = max(start, free), min(end, following)
        if start < end:
            moved[at] = replace(mention, start=start, end=end)
            free = end
    mentions = tuple(moved.get(at, mention) for at, mention in enumerate(tags.mentions))
    return only(replace(tags, mentions=mentions), moved.keys())


def _cut(tags: SentenceTags | None) -> SentenceTags | None:
    """Leave out what lies beyond the window."""
    if tags is None or all(mention.end <= WINDOW for mention in tags.mentions):
        return tags
    return only(tags, {at for at, mention in enumerate(tags.mentions) if mention.end <= WINDOW})


def _gold_tags(size: int, gold: SentenceTags) -> list[int]:
    tags = [0] * size
    for mention in gold.mentions:
        if mention.end <= size:
            begin = begin_tag(mention.label)
            tags[mention.start : mention.end] = [begin] + [begin + 1] * (mention.end - mention.start - 1)
    return tags


@dataclass(frozen=True)
class LinkingTargets:
    """What the pair and attribute heads learn from one sentence."""

    mentions: list[Place]
    attribute_features: np.ndarray
    attributes: list[tuple[int, ...]]
    pairs: list[tuple[int, int, int]]
    pair_features: np.ndarray
    links: list[int]


def linking_targets(given: Input, whole: SentenceTags) -> LinkingTargets:
    """Gold mentions, and beside them the rules' wrong ones, which take part in nothing."""
    gold = _cut(whole) or whole
    right: list[Place] = [(m.label, m.start, m.end) for m in gold.mentions]
    mentions = sorted([*right, *_wrong(given, right)], key=lambda mention: mention[1])
    place = [mentions.index(mention) for mention in right]
    links: dict[tuple[int, int], str | None] = {
        (place[one.head], place[one.tail]): one.label for one in gold.links if one.label in LINK_CLASSES
    }
    pairs = candidate_pairs(mentions)
    return LinkingTargets(
        mentions,
        attribute_features(given, mentions),
        _attributes(gold, mentions, place),
        pairs,
        pair_features(given, mentions, pairs),
        [LINK_CLASSES.index(links.get((head, tail))) for _, head, tail in pairs],
    )


def _wrong(given: Input, right: Sequence[Place]) -> list[Place]:
    if given.hints is None:
        return []
    return [
        (hint.label, hint.start, hint.end)
        for hint in given.hints.mentions
        if all(hint.end <= start or end <= hint.start for _, start, end in right)
    ]


def _attributes(gold: SentenceTags, mentions: Sequence[Place], place: Sequence[int]) -> list[tuple[int, ...]]:
    """Gold values in the order of ATTRIBUTES."""
    values = [[IGNORED] * len(ATTRIBUTES) for _ in mentions]
    names = list(ATTRIBUTES)
    for (_, quantity), reading in gold.readings.items():
        for name in ("bound", "status", "direction"):
            value = getattr(reading, name)
            if value is not None:
                values[place[quantity]][names.index(name)] = ATTRIBUTES[name].index(value)
    roles = {role.agency: role.label for role in gold.roles}
    for at, mention in enumerate(gold.mentions):
        if mention.label == "AGENCY":
            values[place[at]][names.index("role")] = ATTRIBUTES["role"].index(roles.get(at))
    return [tuple(row) for row in values]


def shuffled(examples: Sequence[Example], size: int, rng: np.random.Generator) -> Iterator[list[Example]]:
    """Yield batches of sentences of like length, so that little is padding, in random order."""
    jitter = rng.random(len(examples)) * 8
    order = np.argsort(np.array([len(one.given.plain) for one in examples]) + jitter)
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    for group in rng.permutation(len(groups)):
        yield [examples[i] for i in groups[group]]
