"""The manifest of a results folder: what its rows were made from and with, so that a later run adds only its like.

Rows of one folder come from one extractor. What decides a row is fixed in the manifest: the mode, the model's hash,
the rules' version, the columns read from tables, and the form of the files. What does not (how many workers, the
timeout, the largest text) may change from run to run.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import govie
from govie import __version__
from govie.batch.files import replace_durably
from govie.batch.forms import FormName
from govie.errors import OutputError

__all__ = ["MANIFEST", "Manifest", "deciding_files", "rules_version"]

MANIFEST = "manifest.json"
_FORM = 1  # of the folder; raised when its layout or columns change
_NEW_FOLDER = "Choose another folder with --out, or begin this one anew with --restart."
# What leaves the rows alone may change without making old rows stale. All else counts, what is yet to be written too.
_BESIDE_FOLDERS = frozenset({"batch", "integrations", "scoring"})
_BESIDE_MODULES = frozenset({"__init__.py", "__main__.py", "annotations.py", "errors.py", "terminal.py", "writers.py"})
_THE_COMMAND = "cli"
_ROW_MAKER = "batch/process.py"
_CODE = frozenset({".py", ".toml", ".tsv"})


@dataclass(frozen=True)
class Manifest:
    """What a results folder holds.

    Attributes:
        rules: see :func:`rules_version`.
        mode: ``rules``, ``model`` or ``auto``: the extractor's, with what ``auto`` stands for resolved.
        model: SHA-256 of the model, None for rules alone.
        form: ``parquet`` or ``jsonl``.
        text_column: column of the texts in tables.
        id_column: column that names a table's rows, None for their numbers.
        inputs: folders, files and patterns as given; a later run may add some.
        input: after a whole run: how many ``documents`` the input held, and the ``sha256`` of their paths and hashes.
        counts: after a whole run: how many rows the tables hold.
        finished: when the last whole run ended, ISO 8601 in UTC; None while one is under way or was cut off.
        schema: version of the folder's layout.
    """

    rules: str
    mode: str
    model: str | None
    form: FormName
    text_column: str
    id_column: str | None
    inputs: tuple[str, ...]
    input: dict[str, Any] | None = None
    counts: dict[str, int] = field(default_factory=dict)
    finished: str | None = None
    schema: int = _FORM

    @classmethod
    def load(cls, folder: Path) -> Manifest | None:
        """Return the folder's manifest, None where there is none.

        Raises:
            OutputError: there is one and it is not of this form.
        """
        path = folder / MANIFEST
        if not path.exists():
            return None
        try:
            plain = json.loads(path.read_text("utf-8"))
            return cls(**plain | {"inputs": tuple(plain["inputs"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            what = f"the manifest is not that of a batch job ({error})"
            raise OutputError(what, where=str(path), hint="Choose another folder with --out.") from None

    def save(self, folder: Path) -> None:
        """Write the manifest whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"
        replace_durably(folder / MANIFEST, lambda stream: stream.write(text.encode("utf-8", "backslashreplace")))

    def continued(self, wanted: Manifest, folder: Path) -> Manifest:
        """Return the manifest of this folder for a run that wants to go on in it.

        Raises:
            OutputError: the run would add rows of another kind, or leaves out inputs of the runs before.
        """
        for name, what in _FIXED.items():
            if (old := getattr(self, name)) != (new := getattr(wanted, name)):
                raise OutputError(f"it holds results with {what} {old}, not {new}", where=str(folder), hint=_NEW_FOLDER)
        missing = [name for name in self.inputs if name not in wanted.inputs]
        if missing:
            what = f"it holds results of other inputs ({', '.join(missing[:3])}{' …' if len(missing) > 3 else ''})"
            hint = "Give those inputs too, choose another folder with --out, or begin this one anew with --restart."
            raise OutputError(what, where=str(folder), hint=hint)
        return replace(self, inputs=wanted.inputs, finished=None)


_FIXED = {
    "schema": "layout",
    "mode": "--mode",
    "model": "the model",
    "rules": "the rules of govie",
    "form": "--format",
    "text_column": "--text-column",
    "id_column": "--id-column",
}


def rules_version() -> str:
    """Return what names the rules: govie's version and a digest of the code and lexicons that decide rows.

    The version alone would not do: in an editable installation the rules change under it.
    """
    root = Path(govie.__file__).parent
    digest = hashlib.sha256()
    for name in deciding_files(root):
        digest.update(f"{name}\n".encode())
        digest.update(hashlib.sha256((root / name).read_bytes().replace(b"\r\n", b"\n")).digest())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def deciding_files(root: Path) -> list[str]:
    """Return the files of the package that decide rows, relative to it, in order."""
    files = (path.relative_to(root) for path in root.rglob("*") if path.suffix in _CODE)
    return sorted(path.as_posix() for path in files if _decides(path))


def _decides(path: Path) -> bool:
    if path.as_posix() == _ROW_MAKER:
        return True
    if len(path.parts) > 1:
        return path.parts[0] not in _BESIDE_FOLDERS
    return path.name not in _BESIDE_MODULES and not path.name.startswith(_THE_COMMAND)
