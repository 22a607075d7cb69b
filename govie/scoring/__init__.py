"""Strict scores of predicted spans, relations, facts and roles against annotation.

A prediction is right only if its offsets and its label are exactly those of the
annotation. Everything annotated is in the denominator of recall, so what a system
cannot reach counts as missed. Counts are summed over all sentences (micro average).

Each sentence is a set of hashable keys (:class:`ScoredSentence`), so neither order nor
ids matter. Where nothing is annotated and nothing predicted, precision, recall and F1 are 1.
"""

from __future__ import annotations

from govie.annotations import AnnotatedSentence, read_annotations
from govie.scoring.counts import GROUPS, MICRO, Counts
from govie.scoring.report import Group, Interval, Linker, Row, ScoreReport, score, score_links
from govie.scoring.sentences import FactKey, RelationKey, RoleKey, ScoredSentence, SpanKey, Window, windows

__all__ = [
    "GROUPS",
    "MICRO",
    "AnnotatedSentence",
    "Counts",
    "FactKey",
    "Group",
    "Interval",
    "Linker",
    "RelationKey",
    "RoleKey",
    "Row",
    "ScoreReport",
    "ScoredSentence",
    "SpanKey",
    "Window",
    "read_annotations",
    "score",
    "score_links",
    "windows",
]
