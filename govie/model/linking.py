"""From scores to what a tagger says of a sentence: which mentions stay, which links hold, how quantities are meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from govie.model.arrays import Floats
from govie.model.decode import log_softmax
from govie.model.features import Place
from govie.model.heads import FORBIDDEN
from govie.model.labels import ATTRIBUTES, BOUNDS, LINK_CLASSES
from govie.records import Bound, Direction, RelationLabel, Source, Status
from govie.tags import FACT_LINKS, Link, Mention, Reading, Role, RoleLabel, SentenceTags, supported

__all__ = ["Scored", "assemble"]

_EVEN = 0.5
_LAST_RESORT = 0.15
"""A quantity must measure something: its likeliest indicator is taken from this probability on."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence's mentions with the network's scores.

    Attributes:
        mentions: label, start, end; ordered, not overlapping.
        confidence: probability of each mention.
        sources: who marked each mention.
        ranges: for each mention whether it is a quantity that writes two numbers.
        pairs: (type, head, tail) of the candidate pairs.
        pair_scores: shape (pairs, classes of LINK_CLASSES).
        attribute_scores: shape (mentions, all attribute values).
    """

    mentions: Sequence[Place]
    confidence: Sequence[float]
    sources: Sequence[Source]
    ranges: Sequence[bool]
    pairs: Sequence[tuple[int, int, int]]
    pair_scores: Floats
    attribute_scores: Floats


@dataclass(frozen=True, slots=True)
class _Candidate:
    head: int
    tail: int
    label: RelationLabel
    probability: float


def assemble(scored: Scored) -> SentenceTags:
    """Decide the links, and keep only mentions that the schema allows to stand.

    A unit belongs to one quantity and a quantity has one unit.

    Scores are raw confidence in the whole of what they stand for: a relation's is that of its link times those of
    its two spans, a fact's is its relation's times those of its attributes.
    """
    candidates = _candidates(scored)
    facts = _by_sure_names(scored, _fact_links(candidates))
    chosen = [*facts, *_dependent_links(scored, candidates)]
    sure = {one: one.probability * scored.confidence[one.head] * scored.confidence[one.tail] for one in chosen}
    read = _Attributes(scored)
    links = sorted(chosen, key=lambda one: (one.head, one.tail))
    tags = SentenceTags(
        tuple(
            Mention(*place, score, source)
            for place, score, source in zip(scored.mentions, scored.confidence, scored.sources, strict=True)
        ),
        tuple(Link(one.head, one.tail, one.label, sure[one], "model") for one in links),
        {(one.head, one.tail): read.reading(one, sure[one]) for one in facts},
        tuple(read.roles(scored)),
    )
    return supported(tags)


def _candidates(scored: Scored) -> list[_Candidate]:
    """Return, for each pair, the best relation it can have and how probable that is."""
    chances = np.exp(log_softmax(scored.pair_scores))
    best = chances[:, 1:].argmax(axis=1) + 1
    return [
        _Candidate(head, tail, cast("RelationLabel", LINK_CLASSES[label]), float(chances[at, label]))
        for at, ((_, head, tail), label) in enumerate(zip(scored.pairs, best.tolist(), strict=True))
    ]


def _fact_links(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the links of indicators to quantities; a quantity left without one gets its likeliest."""
    facts = [one for one in candidates if one.label in FACT_LINKS]
    links = [one for one in facts if one.probability >= _EVEN]
    linked = {one.tail for one in links}
    by_quantity: dict[int, list[_Candidate]] = defaultdict(list)
    for one in facts:
        if one.tail not in linked:
            by_quantity[one.tail].append(one)
    fallback = (max(rest, key=lambda one: one.probability) for rest in by_quantity.values())
    return links + [one for one in fallback if one.probability >= _LAST_RESORT]


def _by_sure_names(scored: Scored, facts: Sequence[_Candidate]) -> list[_Candidate]:
    """Leave out links of indicators that are more likely wrong than right, where the quantity has a better one."""

    def sure(one: _Candidate) -> bool:
        return scored.confidence[one.head] >= _EVEN

    named = {one.tail for one in facts if sure(one)}
    return [one for one in facts if sure(one) or one.tail not in named]


def _dependent_links(scored: Scored, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the other links; of those between quantities and units the nearest first, each end once."""

    def far(one: _Candidate) -> int:
        return abs(scored.mentions[one.tail][1] - scored.mentions[one.head][2])

    links = [one for one in candidates if one.probability >= _EVEN and one.label not in FACT_LINKS]
    taken: set[int] = set()
    units = []
    for one in sorted((one for one in links if one.label == "UNIT"), key=far):
        if one.head not in taken and one.tail not in taken:
            units.append(one)
            taken |= {one.head, one.tail}
    return [*units, *(one for one in links if one.label != "UNIT")]


class _Attributes:
    """The likeliest value of each attribute, and how probable it is; a bound is a range where the number is one."""

    def __init__(self, scored: Scored) -> None:
        self._best: dict[str, list[tuple[object, float]]] = {}
        at = 0
        for name, values in ATTRIBUTES.items():
            scores = scored.attribute_scores[:, at : at + len(values)]
            if name == "bound":
                allowed = np.equal.outer(np.array(scored.ranges), np.array(BOUNDS) == "range")
                scores = np.where(allowed, scores, np.float32(FORBIDDEN))
            chances = np.exp(log_softmax(scores))
            best = chances.argmax(axis=1)
            self._best[name] = [(values[i], float(row[i])) for i, row in zip(best.tolist(), chances, strict=True)]
            at += len(values)

    def reading(self, fact: _Candidate, sure: float) -> Reading:
        bound, status = self._best["bound"][fact.tail], self._best["status"][fact.tail]
        direction = (None, 1.0) if fact.label == "VALUE" else self._best["direction"][fact.tail]
        return Reading(
            cast("Direction | None", direction[0]),
            cast("Bound", bound[0]),
            cast("Status", status[0]),
            score=sure * direction[1] * bound[1] * status[1],
        )

    def roles(self, scored: Scored) -> Iterator[Role]:
        for at, ((label, _, _), confidence) in enumerate(zip(scored.mentions, scored.confidence, strict=True)):
            role, sure = self._best["role"][at]
            if label == "AGENCY" and role is not None:
                yield Role(at, cast("RoleLabel", role), sure * confidence, "model")
