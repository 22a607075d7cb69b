"""The documents that annotation was taken from: the seeds, and whatever folders a user names."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from govie.errors import FormatError

__all__ = ["CORPUS_VARIABLE", "SEEDS", "Texts", "corpus_folder"]

SEEDS = Path(__file__).parents[1] / "seeds"
CORPUS_VARIABLE = "GOVIE_CORPUS"


def corpus_folder(given: str | Path | None = None) -> Path | None:
    """Return the folder of the external documents: the one given, else what GOVIE_CORPUS names, else None."""
    named = given or os.environ.get(CORPUS_VARIABLE)
    return Path(named) if named else None


class Texts:
    """Texts by file name, each read once, with line ends as they are in the file.

    Args:
        folders: searched in this order.
    """

    def __init__(self, folders: Iterable[Path] = (SEEDS,)) -> None:
        self._folders = tuple(folders)
        self._texts: dict[str, str | None] = {}

    def get(self, name: str) -> str | None:
        """Return a document's text, or None where no folder holds it.

        Raises:
            FormatError: the file is not UTF-8.
        """
        if name not in self._texts:
            self._texts[name] = self._read(name)
        return self._texts[name]

    def _read(self, name: str) -> str | None:
        # A name with a path in it could lead out of the folder.
        if not name or Path(name).name != name:
            return None
        path = next((folder / name for folder in self._folders if (folder / name).is_file()), None)
        if path is None:
            return None
        try:
            return path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise FormatError(f"byte {error.start} is not UTF-8", where=str(path)) from None
