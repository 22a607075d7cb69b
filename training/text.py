"""Text to ids: one code point is one token, after a normalisation that keeps the length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

__all__ = ["SPECIALS", "Vocabulary", "normalise_char"]

# The order is BERT's custom; ids below len(SPECIALS) are never masked or sampled.
SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNK, CLS, SEP, MASK = range(len(SPECIALS))

_CODE_POINTS = 0x110000
_FULL_WIDTH_OFFSET = 0xFEE0  # U+FF01..U+FF5E mirror U+0021..U+007E


def normalise_char(char: str) -> str:
    """Full width to half width, then lower case, unless that would change the length.

    Args:
        char: one code point.

    Returns:
        One code point.
    """
    code = ord(char)
    if 0xFF01 <= code <= 0xFF5E:
        char = chr(code - _FULL_WIDTH_OFFSET)
    elif code == 0x3000:
        char = " "
    lower = char.lower()
    return lower if len(lower) == 1 else char


class Vocabulary:
    """Characters and their ids; the line number in ``vocab.txt`` is the id.

    Args:
        entries: the special tokens in BERT's order, then one character each.

    Raises:
        ValueError: the special tokens are not where they must be, or an entry repeats.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        """Check the entries and make the lookup table."""
        self.entries = tuple(entries)
        if self.entries[: len(SPECIALS)] != SPECIALS:
            raise ValueError(f"a vocabulary starts with {' '.join(SPECIALS)}")
        if len(set(self.entries)) != len(self.entries):
            raise ValueError("a vocabulary entry repeats")
        self._table = self._lookup_table()

    def __len__(self) -> int:
        """How many entries."""
        return len(self.entries)

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read ``vocab.txt``. Only newlines part entries: other separators can be entries themselves."""
        return cls(path.read_text(encoding="utf-8").rstrip("\n").split("\n"))

    @classmethod
    def build(cls, texts: Iterable[str], size: int, min_count: int = 2) -> Vocabulary:
        """The most frequent characters of the texts after normalisation, ties in code point order.

        Args:
            texts: any pieces of text; line breaks are not counted.
            size: how many entries at most, special tokens included.
            min_count: rarer characters are left to ``[UNK]``.
        """
        raw: Counter[str] = Counter()
        for text in texts:
            raw.update(text)
        counts: Counter[str] = Counter()
        for char, count in raw.items():
            if char not in "\r\n":
                counts[normalise_char(char)] += count
        ranked = sorted((c for c in counts if counts[c] >= min_count), key=lambda c: (-counts[c], c))
        return cls((*SPECIALS, *ranked[: size - len(SPECIALS)]))

    def save(self, path: Path) -> None:
        """Write ``vocab.txt``, one entry a line."""
        path.write_text("\n".join(self.entries) + "\n", encoding="utf-8")

    def encode(self, text: str) -> npt.NDArray[np.uint16]:
        """Ids of a text, one for each code point; no special tokens are added."""
        points = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype="<u4")
        ids: npt.NDArray[np.uint16] = self._table[points]
        return ids

    def _lookup_table(self) -> npt.NDArray[np.uint16]:
        """One id for every code point, so that encoding is one array lookup."""
        ids = {entry: i for i, entry in enumerate(self.entries)}
        table = np.full(_CODE_POINTS, UNK, dtype=np.uint16)
        for code in range(_CODE_POINTS):
            found = ids.get(normalise_char(chr(code)))
            if found is not None:
                table[code] = found
        return table
