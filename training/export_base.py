"""A base encoder as a folder that ``AutoModel.from_pretrained`` reads: writing and reading it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file, save_file

if TYPE_CHECKING:
    from transformers import PreTrainedModel

__all__ = ["export_base", "load_masked"]


def export_base(encoder: PreTrainedModel, vocab: Path, out: Path, dtype: torch.dtype = torch.float32) -> Path:
    """Write weights, configuration and vocabulary.

    The configuration says float32 whatever the weights are stored in, so that loading casts them back: training or
    running on a CPU in half precision would be slow and inexact.

    Args:
        encoder: masked-LM model of the transformers library.
        vocab: its ``vocab.txt``.
        out: folder to write; made if missing.
        dtype: what the weights are stored in.

    Returns:
        ``out``.
    """
    encoder.save_pretrained(out)
    shutil.copyfile(vocab, out / "vocab.txt")
    weights = out / "model.safetensors"
    if dtype != torch.float32:
        tensors = {name: tensor.to(dtype) for name, tensor in load_file(weights).items()}
        save_file(tensors, weights, metadata={"format": "pt"})
    weights.chmod(0o644)  # the library makes it readable to its owner alone
    return out


def load_masked(folder: Path) -> PreTrainedModel:
    """The masked-LM model of a folder, of any type that pretraining knows, in float32.

    Raises:
        OSError: the folder holds no model.
    """
    from transformers import AutoModelForMaskedLM

    import training.stem  # noqa: F401  registers the types with a stem

    model: PreTrainedModel = AutoModelForMaskedLM.from_pretrained(folder)
    return model.float()
