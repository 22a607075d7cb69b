"""Whether a figure is reported, expected of the past, or aimed at."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from govie.document import Stance
from govie.lexicon import load_toml
from govie.records import Status

__all__ = ["status_of"]


def status_of(plain: str, start: int, end: int, *, stance: Stance | None) -> Status:
    """Say whether the quantity ``plain[start:end]`` is actual, an estimate or a target.

    Args:
        plain: one sentence, full-width forms made half-width.
        start: offset of the quantity.
        end: offset after it.
        stance: whether the section of the sentence looks back or plans.
    """
    is_target = _leaning(plain) + _data()["prior"][stance or "unknown"] > 0
    return "target" if is_target else "actual"


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return load_toml("status.toml")


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _data()["cues"]), key=len, reverse=True)))


@lru_cache(maxsize=64)
def _leaning(plain: str) -> int:
    """Return how much the words of the sentence speak for a target."""
    cues: dict[str, int] = _data()["cues"]
    return sum(cues[cue] for cue in set(_pattern().findall(plain)))
