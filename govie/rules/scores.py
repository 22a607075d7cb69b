"""The scores of what the rules find: how often they were right on documents they were not written on."""

from __future__ import annotations

from functools import lru_cache

from govie.lexicon import load_toml
from govie.records import RelationLabel, SpanLabel

__all__ = ["relation_score", "span_score"]


@lru_cache(maxsize=16)
def span_score(label: SpanLabel) -> float:
    """Return the precision of the rules' spans of one label, 0 to 1."""
    return float(load_toml("scores.toml")["spans"][label])


@lru_cache(maxsize=16)
def relation_score(label: RelationLabel) -> float:
    """Return the precision of the rules' relations of one label, 0 to 1."""
    return float(load_toml("scores.toml")["relations"][label])
