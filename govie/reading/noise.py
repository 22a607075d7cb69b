"""Page furniture."""

from __future__ import annotations

from collections.abc import Sequence

from govie.reading.lines import Line

__all__ = ["noise_lines"]


def noise_lines(lines: Sequence[Line], field_lines: frozenset[int]) -> list[bool]:
    """Return for each line whether it is page furniture."""
    return [index in field_lines for index in range(len(lines))]
