"""Characters to ids with the vocabulary of any Chinese BERT: one code point is one token."""

from __future__ import annotations

from pathlib import Path

from govie.errors import ModelError

__all__ = ["CharacterVocabulary"]

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


class CharacterVocabulary:
    """Looks up characters; special tokens may stand anywhere in the vocabulary.

    Args:
        entries: tokens in the order of their ids, as the lines of ``vocab.txt``.

    Raises:
        ModelError: a special token is missing.
    """

    def __init__(self, entries: list[str], where: str | None = None) -> None:
        self._ids = {entry: i for i, entry in enumerate(entries)}
        missing = [token for token in _SPECIAL if token not in self._ids]
        if missing:
            raise ModelError(f"the vocabulary lacks {', '.join(missing)}", where=where)
        self.pad, self.unknown, self.begin, self.end = (self._ids[token] for token in _SPECIAL)
        self.mask = self._ids.get("[MASK]", self.unknown)

    @classmethod
    def load(cls, path: Path) -> CharacterVocabulary:
        """Read ``vocab.txt``. Only newlines part entries: other separators can be entries themselves.

        Raises:
            ModelError: the file is missing or broken.
        """
        try:
            entries = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(f"the vocabulary cannot be read ({error})", where=str(path)) from None
        return cls(entries, str(path))

    @property
    def last(self) -> str:
        """The character with the highest id: an encoder that knows it knows them all."""
        return max((entry for entry in self._ids if len(entry) == 1), key=self._ids.__getitem__, default="")

    def encode(self, plain: str) -> list[int]:
        """Return one id for each code point of a half-width text; no special tokens are added."""
        small = plain.lower()
        if len(small) != len(plain):  # İ becomes two code points
            small = "".join(one if len(one := char.lower()) == 1 else char for char in plain)
        get, unknown = self._ids.get, self.unknown
        return [get(char, unknown) for char in small]
