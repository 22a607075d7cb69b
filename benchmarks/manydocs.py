"""Many small documents, the same on every machine: lines of the seeds, drawn and recombined."""

from __future__ import annotations

import random
from pathlib import Path

from seedtexts import seed_texts

__all__ = ["write_documents"]


def write_documents(folder: Path, count: int, characters: int = 400) -> list[str]:
    """Write text files and return their names.

    Args:
        folder: made if need be.
        count: how many files.
        characters: about how long each one is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line for text in seed_texts().values() for line in text.splitlines() if line.strip()]
    names = [f"{number:06}.txt" for number in range(count)]
    for name in names:
        (folder / name).write_text(_document(lines, name, characters), encoding="utf-8")
    return names


def _document(lines: list[str], name: str, characters: int) -> str:
    draw = random.Random(name)
    chosen = [f"{draw.choice('东西南北')}山区政府工作报告（{name}）"]  # the name makes every document another one
    while sum(map(len, chosen)) < characters:
        chosen.append(draw.choice(lines))
    return "\n".join(chosen) + "\n"
