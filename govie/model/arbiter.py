"""Who is right where the encoder and the rules mark different words: a small classifier over every mention of either.

It is fitted on documents that neither has seen (stacking: Wolpert 1992), so it knows how far each can be believed:
fitted on the encoder's own training sentences it would learn to believe one that knows them by heart. It sees how sure
the encoder is of a mention, whether the rules mark the same, and what stands against it; no words.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from govie.model.arrays import Floats, Integers
from govie.model.features import ATTRIBUTE_FEATURES, PAIR_FEATURES, Place
from govie.model.labels import ATTRIBUTES, begin_tag
from govie.records import SPAN_LABELS, Source

__all__ = [
    "ARBITER_FEATURES",
    "ARBITER_TENSORS",
    "TRUSTED",
    "Arbiter",
    "Choice",
    "Scores",
    "Sureness",
    "candidates",
    "lean",
    "sureness",
]


ARBITER_TENSORS = (
    "arbiter.hidden.weight",
    "arbiter.hidden.bias",
    "arbiter.out.weight",
    "arbiter.out.bias",
    "arbiter.scale",
    "arbiter.trust",
)
TRUSTED = ("link", *ATTRIBUTES)
"""What the rules have a say in beside the heads, in the order of ``arbiter.scale`` and ``arbiter.trust``."""
_LEAST = -12.0
_NO_RIVAL = -30.0
_FARTHEST = 8
_BOTH_SEEN = 3
_LEAST_ODDS = -1.5
"""An indicator this probable stays where a quantity would have none otherwise, and be lost with it."""
_AGENCY_ODDS = 2.0
"""The rules know organs by name; the documents set aside hold too few for the classifier to learn how well."""
_SURE = math.log(0.95)
_SURE_AGENCY_ODDS = 1.0
"""Nor how far an encoder is right that is this sure of an organ which the rules do not know."""
_RELATIONS = 4
"""How a mention stands to one side's mentions: the same, overlapping with its label, or another, or nothing there."""

ARBITER_FEATURES = (
    *(f"is {label}" for label in SPAN_LABELS),
    *(f"{side}: {how}" for side in ("encoder", "rules") for how in ("same", "overlaps", "other label", "nothing")),
    *(f"{label}: {who}" for label in SPAN_LABELS for who in ("both", "rules", "encoder")),
    *("begins", "goes on", "goes on, mean", "ends", "all", "rival", "above rival"),
    *("log length", "agreement", "left", "right", "rivals", "before", "behind"),
)
"""Names of the features, in order: one-hot, then the encoder's log probabilities, then how the mention lies."""
_WHOLE = ARBITER_FEATURES.index("all")


@dataclass(frozen=True, slots=True)
class Choice:
    """A mention that was chosen, how probable it is, and who marked it; the encoder where both did."""

    place: Place
    probability: float
    source: Source


class Sureness(NamedTuple):
    """The encoder's log probabilities of a mention: that it begins there, goes on, ends there, and all of these."""

    begins: float
    goes_on_least: float
    goes_on_mean: float
    ends: float
    whole: float


def sureness(logs: Floats, place: Place) -> Sureness:
    """Return how sure the encoder is of a mention.

    Args:
        logs: from :func:`govie.model.decode.sequence_logs`, shape (code points, tags).
        place: the mention.
    """
    label, start, end = place
    begin = begin_tag(label)
    inside = logs[start + 1 : end, begin + 1]
    least, mean = (float(inside.min()), float(inside.mean())) if len(inside) else (0.0, 0.0)
    goes_on = math.exp(float(logs[end, begin + 1])) if end < len(logs) else 0.0
    begins, ends = float(logs[start, begin]), math.log(max(1.0 - goes_on, 1e-6))
    return Sureness(begins, least, mean, ends, begins + float(inside.sum()) + ends)


def candidates(logs: Floats, own: Sequence[Place], rules: Sequence[Place]) -> tuple[list[Place], Floats]:
    """Return every mention of either side, and its features.

    Args:
        logs: see :func:`sureness`.
        own: the encoder's mentions, ordered and without overlap.
        rules: the rules' mentions, the same.

    Returns:
        Mentions ordered by offset, and an array of shape (mentions, features of :data:`ARBITER_FEATURES`).
    """
    sides = _Side(own), _Side(rules)
    found = sorted({*own, *rules}, key=_order)
    agreement = (len(own) + len(rules) - len(found)) / max(1, len(found))
    sure = {place: [max(value, _LEAST) for value in sureness(logs, place)] for place in found}
    rows = np.zeros((len(found), len(ARBITER_FEATURES)), dtype=np.float32)
    for at, place in enumerate(found):
        rivals = sorted({other for side in sides for other in side.at(place)} - {place}, key=_order)
        *_, whole = sure[place]
        rival = max((sure[other][-1] for other in rivals), default=_NO_RIVAL)
        above = whole - rival if rivals else 5.0
        rows[at] = (
            *_one_hot(place, sides),
            *sure[place],
            rival,
            above,
            math.log(place[2] - place[1]),
            agreement,
            _farthest(other[1] - place[1] for other in rivals),
            _farthest(other[2] - place[2] for other in rivals),
            len(rivals),
            _neighbour(found[at - 1][2] if at else -1, place[1]),
            _neighbour(place[2], found[at + 1][1] if at + 1 < len(found) else -1),
        )
    return found, rows


def _order(place: Place) -> tuple[int, int, str]:
    return place[1], place[2], place[0]


class _Side:
    """One side's mentions, looked up by where they lie: a sentence may hold thousands."""

    def __init__(self, mentions: Sequence[Place]) -> None:
        self._mentions = mentions
        self._starts = [start for _, start, _ in mentions]
        self._ends = [end for _, _, end in mentions]

    def at(self, place: Place) -> Sequence[Place]:
        """Return the mentions that overlap with a place."""
        return self._mentions[bisect_right(self._ends, place[1]) : bisect_left(self._starts, place[2])]

    def relation(self, place: Place) -> int:
        """Tell how a place stands to this side: the position among the four of ARBITER_FEATURES."""
        overlapping = self.at(place)
        if not overlapping:
            return 3
        return 0 if place in overlapping else 1 if any(other[0] == place[0] for other in overlapping) else 2


def _one_hot(place: Place, sides: Sequence[_Side]) -> list[float]:
    label = SPAN_LABELS.index(place[0])
    flags = [0.0] * (len(SPAN_LABELS) + 2 * _RELATIONS + 3 * len(SPAN_LABELS))
    flags[label] = 1.0
    relations = [side.relation(place) for side in sides]
    for at, relation in enumerate(relations):
        flags[len(SPAN_LABELS) + at * _RELATIONS + relation] = 1.0
    who = 0 if relations == [0, 0] else 1 if relations[1] == 0 else 2
    flags[len(SPAN_LABELS) + 2 * _RELATIONS + 3 * label + who] = 1.0
    return flags


def _farthest(distances: Iterable[int]) -> float:
    farthest = max(distances, key=abs, default=0)
    return float(max(-_FARTHEST, min(_FARTHEST, farthest)))


def _neighbour(end: int, start: int) -> float:
    """Tell whether two mentions touch: 1, apart or overlapping: 0."""
    return float(end == start and end >= 0)


@dataclass(frozen=True, slots=True)
class Scores:
    """What the heads say of a sentence's mentions, with the features they saw.

    Attributes:
        pair_features, pair_scores: rows for pairs, see :class:`govie.model.heads.Heads`.
        attribute_features, attribute_scores: rows for mentions.
    """

    pair_features: Integers
    pair_scores: Floats
    attribute_features: Integers
    attribute_scores: Floats


def lean(scores: Scores, scale: Floats, trust: Floats) -> Scores:
    """Weigh the heads' scores against the values that the rules give.

    Args:
        scores: the heads'.
        scale: what the heads' scores of each of :data:`TRUSTED` are multiplied by: they are surer than they should be.
        trust: log odds by which the rules' value is preferred.
    """
    names, pairs = list(PAIR_FEATURES), scores.pair_scores * scale[0]
    link = scores.pair_features[:, names.index("rule_link")]
    known = np.flatnonzero(scores.pair_features[:, names.index("rule_spans")] == _BOTH_SEEN)
    pairs[known, link[known]] += trust[0]
    names, attributes, at = list(ATTRIBUTE_FEATURES), scores.attribute_scores.copy(), 0
    for (name, values), factor, weight in zip(ATTRIBUTES.items(), scale[1:], trust[1:], strict=True):
        said = scores.attribute_features[:, names.index(f"rule_{name}")]
        # That the rules see no role says little: they miss many of them.
        known = np.flatnonzero((said < len(values)) & (said >= (1 if values[0] is None else 0)))
        attributes[:, at : at + len(values)] *= factor
        attributes[known, at + said[known]] += weight
        at += len(values)
    return replace(scores, pair_scores=pairs, attribute_scores=attributes)


class Arbiter:
    """Chooses among the mentions of both sides.

    Args:
        tensors: those of :data:`ARBITER_TENSORS`, float32, in (out, in) layout.
    """

    def __init__(self, tensors: Mapping[str, Floats]) -> None:
        self._hidden, self._hidden_bias, self._out, self._out_bias, self._scale, self._trust = (
            tensors[name] for name in ARBITER_TENSORS
        )

    def lean(self, scores: Scores) -> Scores:
        """Return the heads' scores weighed against the rules' word, see :func:`lean`."""
        return lean(scores, self._scale, self._trust)

    def log_odds(self, features: Floats) -> Floats:
        """Return for each row of features the log odds that the mention is right."""
        hidden = np.maximum(features @ self._hidden.T + self._hidden_bias, 0)
        odds: Floats = hidden @ self._out + self._out_bias
        return odds

    def choose(self, logs: Floats, own: Sequence[Place], rules: Sequence[Place]) -> list[Choice]:
        """Return the mentions that are together most probable, none overlapping another.

        Each is likelier right than not, but for indicators: where neither side's is, the likelier one stays, as the
        quantity that it names, which is probably right, would go with it. One that names none goes when links are made.

        Args:
            logs, own, rules: see :func:`candidates`.
        """
        if not own and not rules:
            return []
        found, features = candidates(logs, own, rules)
        listed, whole = frozenset(rules), features[:, _WHOLE].tolist()
        odds = [
            max(odd, _least_odds(sure, known=place in listed)) if place[0] == "AGENCY" else odd
            for place, odd, sure in zip(found, self.log_odds(features).tolist(), whole, strict=True)
        ]
        kept = _with_names(found, odds, _best_without_overlap(found, odds))
        mine = set(own)
        return [Choice(found[i], 1 / (1 + math.exp(-odds[i])), "model" if found[i] in mine else "rule") for i in kept]


def _least_odds(sure: float, *, known: bool) -> float:
    """Return the least log odds of an agency that the rules know, or of which the encoder is so sure."""
    if known:
        return _AGENCY_ODDS
    return _SURE_AGENCY_ODDS if sure >= _SURE else -math.inf


def _with_names(places: Sequence[Place], odds: Sequence[float], kept: Sequence[int]) -> list[int]:
    """Add the indicators left out, the likeliest first, where nothing that was kept is in the way."""
    taken = sorted((*places[i][1:], i) for i in kept)
    likeliest = sorted((i for i, place in enumerate(places) if place[0] == "INDICATOR"), key=lambda i: -odds[i])
    for i in likeliest:
        _, start, end = places[i]
        at = bisect_right(taken, (start, end, len(places)))
        free = (not at or taken[at - 1][1] <= start) and (at == len(taken) or end <= taken[at][0])
        if free and odds[i] >= _LEAST_ODDS:
            taken.insert(at, (start, end, i))
    return [i for _, _, i in taken]


def _best_without_overlap(places: Sequence[Place], weights: Sequence[float]) -> list[int]:
    """Return positions of the heaviest set without overlap, by offset (weighted interval scheduling)."""
    order = sorted(range(len(places)), key=lambda i: places[i][2])
    ends = [places[i][2] for i in order]
    best, before = [0.0], [-1]
    for at, i in enumerate(order):
        free = bisect_right(ends, places[i][1], 0, at)
        taken = best[free] + weights[i]
        take = weights[i] > 0 and taken > best[at]
        best.append(taken if take else best[at])
        before.append(free if take else -1)
    kept, at = [], len(order)
    while at:
        if before[at] >= 0:
            kept.append(order[at - 1])
            at = before[at]
        else:
            at -= 1
    return kept[::-1]
