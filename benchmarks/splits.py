"""Which documents are developed on and which are set aside.

The split is by document, never by sentence: sentences of one report repeat its
names and habits, so a sentence split would measure memory. It depends on nothing but
the document's name, so that it stays the same when documents are added, and no list
has to be kept. About one document in three is set aside; the rules are never written,
nor a model trained, with an eye on those.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

__all__ = ["PARTS", "Part", "part_of"]

Part = Literal["dev", "held"]
PARTS: tuple[Part, ...] = ("dev", "held")


def part_of(file: str) -> Part:
    """Return the part that a document belongs to, by its file name."""
    return "held" if int(sha256(file.encode()).hexdigest(), 16) % 3 == 0 else "dev"
