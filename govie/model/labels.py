"""What the network's outputs stand for, in the order it gives them."""

from __future__ import annotations

from typing import get_args

from govie.records import (
    RELATION_ENDS,
    RELATION_LABELS,
    SPAN_LABELS,
    Bound,
    Direction,
    RelationLabel,
    SpanLabel,
    Status,
)
from govie.tags import RoleLabel

__all__ = [
    "ATTRIBUTES",
    "BOUNDS",
    "DIRECTIONS",
    "LINKS",
    "LINK_CLASSES",
    "PAIR_TYPES",
    "ROLES",
    "STATUSES",
    "TAGS",
    "begin_tag",
]

TAGS = ("O", *(f"{prefix}-{label}" for label in SPAN_LABELS for prefix in "BI"))
"""Tag 0 is outside; label k has begin tag 2k+1 and inside tag 2k+2."""

LINKS: tuple[RelationLabel, ...] = tuple(label for label in RELATION_LABELS if label not in {"LEAD", "SUPPORT"})
"""Relations scored between spans. LEAD and SUPPORT follow from an agency's role."""

LINK_CLASSES: tuple[RelationLabel | None, ...] = (None, *LINKS)
"""Classes of a pair; class 0 is no relation."""

PAIR_TYPES: tuple[tuple[SpanLabel, SpanLabel], ...] = tuple(dict.fromkeys(RELATION_ENDS[label] for label in LINKS))
"""Labels of head and tail between which relations are scored; other pairs never are."""

BOUNDS: tuple[Bound, ...] = get_args(Bound)
STATUSES: tuple[Status, ...] = get_args(Status)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
ROLES: tuple[RoleLabel | None, ...] = (None, *get_args(RoleLabel))

ATTRIBUTES: dict[str, tuple[object, ...]] = {
    "bound": BOUNDS,
    "status": STATUSES,
    "direction": DIRECTIONS,
    "role": ROLES,
}
"""Attribute heads, side by side in the network's output. The first three are a quantity's, the last an agency's."""


def begin_tag(label: SpanLabel) -> int:
    """Return the begin tag of a label; its inside tag is one more."""
    return 2 * SPAN_LABELS.index(label) + 1
