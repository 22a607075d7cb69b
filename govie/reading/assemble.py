"""Clean text built piece by piece, each piece remembering where in the source it stood."""

from __future__ import annotations

import re

__all__ = ["INVISIBLE", "INVISIBLE_RANGES", "TextAssembler", "assemble_plain"]

INVISIBLE_RANGES = (
    *((0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F)),  # controls but blanks and line ends
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180E, 0x180E)),  # soft hyphen, joiners
    *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F)),  # zero width, direction
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB)),  # variation selectors, byte order mark, annotation
    (0xE0000, 0xE01EF),  # tags
)
"""First and last code points of the ranges of characters that show nothing."""
INVISIBLE = "".join(f"{chr(first)}-{chr(last)}" for first, last in INVISIBLE_RANGES)
"""The same as the inside of a regular expression's character class."""
_LINE_ENDS = "\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029"
_TO_CLEAN = re.compile(rf"(?P<line_end>\r\n|[{_LINE_ENDS}])|[{INVISIBLE}]+")


class TextAssembler:
    """Joins pieces into one text and keeps the source map that :class:`govie.document.Document` wants."""

    def __init__(self) -> None:
        """Begin with an empty text."""
        self._pieces: list[str] = []
        self._runs: list[tuple[int, int]] = []
        self._shift: int | None = None
        self.length = 0

    def add(self, piece: str, source: int) -> None:
        """Append ``piece``, whose code points stand one after another in the source from offset ``source`` on."""
        if not piece:
            return
        if source - self.length != self._shift:
            self._shift = source - self.length
            self._runs.append((self.length, source))
        self._pieces.append(piece)
        self.length += len(piece)

    def fill(self, piece: str) -> None:
        """Append a separator that does not stand in the source; it maps to what follows the piece before it."""
        if not self._runs:
            self._runs.append((0, 0))
            self._shift = 0
        self._pieces.append(piece)
        self.length += len(piece)

    @property
    def text(self) -> str:
        """All pieces joined."""
        return "".join(self._pieces)

    @property
    def source_map(self) -> tuple[tuple[int, int], ...]:
        """Pairs (offset in :attr:`text`, offset in the source) where runs start; the first is at 0."""
        return tuple(self._runs) or ((0, 0),)


def assemble_plain(source: str) -> TextAssembler:
    """Return plain text without its invisible characters, every line end written as a line feed.

    All else stays as it is, white space included.
    """
    assembler = TextAssembler()
    done = 0
    for match in _TO_CLEAN.finditer(source):
        assembler.add(source[done : match.start()], done)
        if match["line_end"]:
            assembler.add("\n", match.start())
        done = match.end()
    assembler.add(source[done:], done)
    return assembler
