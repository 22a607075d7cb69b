"""Advertising pasted into good text."""

from __future__ import annotations

__all__ = ["spam_stretches"]


def spam_stretches(plain: str) -> list[tuple[int, int]]:
    """Return the offsets of the spam in normalised text."""
    return []
