"""A trained network to a model's folder: weights, configuration, vocabulary, labels, calibration, hashes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

from govie.model.calibration import Calibration
from govie.model.network import Network
from govie.model.store import calibration_dict, expected_labels, write_sums

__all__ = ["halve", "save_model"]


def halve(network: Network) -> None:
    """Round the weights to half precision in place, so that every backend starts from the same numbers."""
    with torch.no_grad():
        for value in network.state_dict().values():
            if value.is_floating_point():
                value.copy_(value.half().float())


def save_model(network: Network, vocabulary: Path, folder: Path, calibration: Calibration | None = None) -> None:
    """Write a folder that :func:`govie.load` opens in torch; the graph is added by :mod:`training.export`.

    Args:
        network: trained; its weights are written in half precision.
        vocabulary: the ``vocab.txt`` of its encoder.
        folder: made if it is not there; files of the same names are replaced.
        calibration: none leaves confidence as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network.encoder.config.save_pretrained(folder)
    tensors = {name: value.detach().half().contiguous() for name, value in network.state_dict().items()}
    save_file(tensors, folder / "model.safetensors")
    if vocabulary.resolve() != (folder / "vocab.txt").resolve():
        shutil.copyfile(vocabulary, folder / "vocab.txt")
    _write(folder / "labels.json", expected_labels())
    _write(folder / "calibration.json", calibration_dict(calibration or Calibration()))
    write_sums(folder)


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
