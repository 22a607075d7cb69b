"""Length-preserving normalisation: what the taggers see stands at the offsets of what the reader sees."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from govie.reading.assemble import INVISIBLE_RANGES

__all__ = ["NOISE_FILLER", "blank", "plain_form"]

NOISE_FILLER = "\ufffc"
"""Stands for each blanked code point; neither a letter nor white space, so no name or number can include it."""

_LINE_BREAKS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_SMALL_FORMS = range(0xFE50, 0xFE6C)  # ﹐﹑…﹪: small variants of ASCII and CJK marks
_LOOKALIKES = (range(0x2F00, 0x2FD6), range(0xF900, 0xFB00))  # radicals and compatibility ideographs that PDFs hold


def _single(code: int) -> str | None:
    folded = unicodedata.normalize("NFKC", chr(code))
    return folded if len(folded) == 1 and folded != chr(code) else None


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Build the translation once: full width to half width, odd spaces to a space, odd line ends to a line feed."""
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table.update((code, " ") for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n")
    table.update((code, " ") for code in (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000))
    table.update((code, " ") for code in range(0xD800, 0xE000))
    table.update((code, " ") for first, last in INVISIBLE_RANGES for code in range(first, last + 1))
    table.update((ord(mark), "\n") for mark in _LINE_BREAKS)
    for code in (*_SMALL_FORMS, *_LOOKALIKES[0], *_LOOKALIKES[1]):
        if (folded := _single(code)) is not None:
            table[code] = folded
    return table


def plain_form(text: str) -> str:
    """Return ``text`` with one code point for one: half-width ASCII forms, plain spaces, plain line ends.

    Full-width ASCII becomes half-width (８％ → 8%, （ → ( ), every kind of blank becomes a space and every kind of
    line end a line feed; invisible marks, NUL and other controls and lone surrogates become spaces; Kangxi radicals
    and compatibility ideographs become the ideographs they stand for. Dashes and quotation marks stay as they are.
    The length never changes, so an offset into one is an offset into the other. Applying it twice changes nothing.
    """
    return text.translate(_table())


def blank(plain: str, stretches: Iterable[tuple[int, int]]) -> str:
    """Return ``plain`` with every code point of ``stretches`` replaced by :data:`NOISE_FILLER`.

    Args:
        plain: normalised text.
        stretches: half-open offset pairs in order, not overlapping.
    """
    pieces: list[str] = []
    done = 0
    for start, end in stretches:
        pieces += (plain[done:start], NOISE_FILLER * (end - start))
        done = end
    return "".join((*pieces, plain[done:])) if done else plain
