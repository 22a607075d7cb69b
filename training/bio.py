"""Spans to BIO tags and back, and strict span F1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

__all__ = ["LABELS", "TAGS", "SpanF1", "spans_of", "tags_of"]

LABELS = ("QUANTITY", "UNIT", "INDICATOR", "ACTION", "PERIOD", "AGENCY")
# Tag 0 is outside; label k has begin tag 2k+1 and inside tag 2k+2.
TAGS = ("O", *(f"{prefix}-{label}" for label in LABELS for prefix in "BI"))

Span = tuple[str, int, int]


def tags_of(length: int, spans: Iterable[Span]) -> list[int]:
    """Tags of a text, one for each code point.

    Args:
        length: code points in the text.
        spans: (label, start, end), half-open and without overlap.
    """
    tags = [0] * length
    for label, start, end in spans:
        begin = 2 * LABELS.index(label) + 1
        tags[start:end] = [begin] + [begin + 1] * (end - start - 1)
    return tags


def spans_of(tags: Sequence[int]) -> list[Span]:
    """Spans that tags describe; an inside tag that continues nothing opens a span, as conlleval reads it."""
    spans: list[Span] = []
    label, start = -1, 0
    for i, tag in enumerate([*tags, 0]):
        this = (tag - 1) // 2 if tag else -1
        if label >= 0 and (this != label or tag % 2):
            spans.append((LABELS[label], start, i))
            label = -1
        if this >= 0 and label < 0:
            label, start = this, i
    return spans


@dataclass
class SpanF1:
    """Counts of strict matches (label, start and end alike) by label."""

    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def add(self, gold: Iterable[Span], found: Iterable[Span]) -> None:
        """Count the spans of one sentence."""
        gold, found = set(gold), set(found)
        self.gold.update(label for label, _, _ in gold)
        self.found.update(label for label, _, _ in found)
        self.right.update(label for label, _, _ in gold & found)

    def f1(self, label: str | None = None) -> float:
        """F1 of a label, or micro-averaged over all; 0 where nothing was there to find."""
        right, gold, found = (c[label] if label else sum(c.values()) for c in (self.right, self.gold, self.found))
        return 2 * right / (gold + found) if gold + found else 0.0

    def table(self) -> dict[str, float]:
        """F1 by label and micro-averaged (``ALL``), to four digits."""
        return {"ALL": round(self.f1(), 4)} | {label: round(self.f1(label), 4) for label in LABELS}
