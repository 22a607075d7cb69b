"""A model's folder: what is in it, how it is checked, how it becomes a tagger.

========================  =================================================================
``model.onnx``            the encoder, int8; for ONNX Runtime
``model.safetensors``     all weights in half precision; the heads are always read from here
``arbiter.safetensors``   who is right where encoder and rules differ; without it the encoder
``config.json``           the encoder's configuration, as transformers reads it
``vocab.txt``             characters in the order of their ids
``labels.json``           what the outputs mean and which features are expected
``calibration.json``      confidence to probability, by label
``README.md``             the model card
``SHA256SUMS``            hashes of all of these
========================  =================================================================
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from govie.errors import ModelError
from govie.model.arbiter import ARBITER_FEATURES, ARBITER_TENSORS, Arbiter
from govie.model.calibration import Calibration, Scale
from govie.model.features import ATTRIBUTE_FEATURES, PAIR_FEATURES
from govie.model.heads import HEAD_TENSORS, Heads
from govie.model.labels import ATTRIBUTES, LINKS, TAGS
from govie.model.vocabulary import CharacterVocabulary

__all__ = ["SUMS", "ModelFolder", "calibration_dict", "digest", "expected_labels", "shipped_folder", "write_sums"]

SUMS = "SHA256SUMS"
_PACKAGE = Path(__file__).parents[1]
_NAME = "govie-zh-4x256"
_CARD = "README.md"
_NEEDED = ("model.safetensors", "config.json", "vocab.txt", "labels.json", "calibration.json")
_NEW = "Install govie anew, or give another folder."


def shipped_folder() -> Path | None:
    """Return the folder of the model that comes with govie: in the installed package, or in a checkout beside it."""
    places = (_PACKAGE / "shipped" / _NAME, _PACKAGE.parent / "models" / _NAME)
    return next((place for place in places if (place / SUMS).is_file()), None)


def expected_labels() -> dict[str, Any]:
    """Return what ``labels.json`` must say for this version to read the model's outputs."""
    return {
        "tags": list(TAGS),
        "links": list(LINKS),
        "attributes": {name: list(values) for name, values in ATTRIBUTES.items()},
        "arbiter_features": list(ARBITER_FEATURES),
        "pair_features": dict(PAIR_FEATURES),
        "attribute_features": dict(ATTRIBUTE_FEATURES),
    }


def calibration_dict(calibration: Calibration) -> dict[str, Any]:
    """Return the content of ``calibration.json``."""
    return asdict(calibration)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_sums(folder: Path) -> None:
    """Write the hashes of the folder's files."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    (folder / SUMS).write_text("".join(f"{digest(path)}  {path.name}\n" for path in files), encoding="utf-8")


class ModelFolder:
    """A checked folder.

    Args:
        path: the folder.

    Attributes:
        path: the folder.
        hash: names the weights, the labels and the calibration together; the card (README.md) has no part in it.

    Raises:
        ModelError: it is no model's folder, a file is missing or has other bytes than were written, or the model
            was made for another version of govie.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        sums = {name: value for name, value in sorted(self._sums().items()) if name != _CARD}
        for name in (*_NEEDED, *(name for name in sums if name not in _NEEDED)):
            self._check(name, sums.get(name))
        self.hash = hashlib.sha256("".join(sums.values()).encode()).hexdigest()
        if self._json("labels.json") != expected_labels():
            raise ModelError("the model was made for another version of govie", where=str(path), hint=_NEW)

    def _sums(self) -> dict[str, str]:
        if not self.path.is_dir():
            raise ModelError("there is no such model folder", where=str(self.path))
        try:
            lines = (self.path / SUMS).read_text(encoding="utf-8").splitlines()
            return {name: value for value, name in (line.split(maxsplit=1) for line in lines)}
        except (OSError, ValueError):
            raise ModelError(f"no model: {SUMS} is missing or broken", where=str(self.path), hint=_NEW) from None

    def _check(self, name: str, expected: str | None) -> None:
        if expected is None or Path(name).name != name:
            raise ModelError(f"no model: {SUMS} does not list what it should", where=str(self.path), hint=_NEW)
        try:
            right = digest(self.path / name) == expected
        except OSError as error:
            raise ModelError(error.strerror or "cannot be read", where=str(self.path / name), hint=_NEW) from None
        if not right:
            raise ModelError("the file is damaged: its hash is wrong", where=str(self.path / name), hint=_NEW)

    def _json(self, name: str) -> Any:
        try:
            return json.loads((self.path / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"cannot be read ({error})", where=str(self.path / name), hint=_NEW) from None

    def vocabulary(self) -> CharacterVocabulary:
        """Return the encoder's characters."""
        return CharacterVocabulary.load(self.path / "vocab.txt")

    def heads(self) -> Heads:
        """Return the pair and attribute heads."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(self.path / "model.safetensors", framework="numpy") as file:
                return Heads({name: file.get_tensor(name).astype("float32") for name in HEAD_TENSORS})
        except (SafetensorError, OSError, ValueError) as error:
            raise ModelError(f"the weights cannot be read ({error})", where=str(self.path), hint=_NEW) from None

    def arbiter(self) -> Arbiter | None:
        """Return who settles differences with the rules; None where none was fitted and the encoder's word stands."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        path = self.path / "arbiter.safetensors"
        if not path.is_file():
            return None
        try:
            tensors = load_file(path)
            return Arbiter({name: tensors[name].astype("float32") for name in ARBITER_TENSORS})
        except (SafetensorError, OSError, KeyError, ValueError) as error:
            raise ModelError(f"the arbiter cannot be read ({error})", where=str(path), hint=_NEW) from None

    def calibration(self) -> Calibration:
        """Return how confidence becomes probability."""
        kept = self._json("calibration.json")
        try:
            return Calibration(*(_scales(kept[part.name]) for part in fields(Calibration)))
        except (AttributeError, KeyError, TypeError) as error:
            where = str(self.path / "calibration.json")
            raise ModelError(f"the calibration cannot be used ({error!r})", where=where, hint=_NEW) from None


def _scales(kept: Mapping[str, Mapping[str, float]]) -> dict[str, Scale]:
    return {label: Scale(**values) for label, values in kept.items()}
