"""Raw confidence to probability: logistic (Platt) scaling for each label, fitted on held-out folds.

Source: J. Platt, "Probabilistic outputs for support vector machines", 1999. With slope 1 and offset 0 nothing changes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from govie.tags import FACT_LINKS, Link, Mention, Role, SentenceTags

__all__ = ["Calibration", "Scale", "logit"]

_EDGE = 1e-6


def logit(probability: float) -> float:
    """Return the log odds, kept finite at 0 and 1."""
    inside = min(max(probability, _EDGE), 1 - _EDGE)
    return math.log(inside / (1 - inside))


@dataclass(frozen=True, slots=True)
class Scale:
    """``probability = 1 / (1 + exp(-(slope * logit(raw) + offset)))``."""

    slope: float = 1.0
    offset: float = 0.0

    def __call__(self, raw: float) -> float:
        """Return the calibrated probability of a raw one."""
        return 1.0 / (1.0 + math.exp(-(self.slope * logit(raw) + self.offset)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scales of spans and relations by label, of facts by their relation's label, of roles by role.

    What has no scale keeps its raw confidence.
    """

    spans: Mapping[str, Scale] = field(default_factory=dict)
    relations: Mapping[str, Scale] = field(default_factory=dict)
    facts: Mapping[str, Scale] = field(default_factory=dict)
    roles: Mapping[str, Scale] = field(default_factory=dict)

    def apply(self, tags: SentenceTags) -> SentenceTags:
        """Return the tags with calibrated scores."""
        same = Scale()
        kinds = {(one.head, one.tail): one.label for one in tags.links if one.label in FACT_LINKS}
        return SentenceTags(
            tuple(
                Mention(m.label, m.start, m.end, self.spans.get(m.label, same)(m.score), m.source)
                for m in tags.mentions
            ),
            tuple(
                Link(one.head, one.tail, one.label, self.relations.get(one.label, same)(one.score), one.source)
                for one in tags.links
            ),
            {
                pair: reading
                if reading.score is None
                else replace(reading, score=self.facts.get(kinds.get(pair, ""), same)(reading.score))
                for pair, reading in tags.readings.items()
            },
            tuple(
                Role(one.agency, one.label, self.roles.get(one.label, same)(one.score), one.source)
                for one in tags.roles
            ),
        )
