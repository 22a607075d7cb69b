"""The seed documents, read from seeds/."""

from __future__ import annotations

from pathlib import Path

__all__ = ["SEEDS", "seed_texts"]

SEEDS = Path(__file__).parents[1] / "seeds"


def seed_texts() -> dict[str, str]:
    """Return the seeds' texts by file name."""
    return {path.name: path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))}
