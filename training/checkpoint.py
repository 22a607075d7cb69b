"""Atomic checkpoints without pickle: tensors as safetensors, the rest as JSON.

A checkpoint is a folder ``step-00001234``. It is written under a temporary name, synced, and renamed, so a folder
of that name is complete whenever the process was killed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from training.files import TEMPORARY, sync

__all__ = ["latest", "load_state", "save_state"]


def latest(folder: Path) -> Path | None:
    """The newest complete checkpoint in the folder, or None."""
    found = sorted(p for p in folder.glob("step-*") if p.is_dir() and p.suffix != TEMPORARY)
    return found[-1] if found else None


def save_state(
    folder: Path,
    step: int,
    model: torch.nn.Module,
    optimizers: Sequence[torch.optim.Optimizer],
    state: Mapping[str, Any],
) -> Path:
    """Write a checkpoint and drop the older ones.

    Args:
        folder: where the run's checkpoints lie; made if missing.
        step: number of finished steps.
        model: its parameters are kept once each, also where modules share them.
        optimizers: their per-parameter tensors are kept under the parameter's name; no parameter is in two of them.
        state: anything JSON can hold.

    Returns:
        The checkpoint's folder.
    """
    final = folder / f"step-{step:08d}"
    work = final.with_suffix(TEMPORARY)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    save_file({n: p.detach().contiguous() for n, p in model.named_parameters()}, work / "model.safetensors")
    save_file(_optimizer_tensors(model, optimizers), work / "optimizer.safetensors")
    (work / "state.json").write_text(json.dumps({**state, "step": step}), encoding="utf-8")
    for file in work.iterdir():
        sync(file)
    shutil.rmtree(final, ignore_errors=True)
    work.rename(final)
    sync(folder)
    _drop_others(folder, final)
    return final


def load_state(checkpoint: Path, model: torch.nn.Module, optimizers: Sequence[torch.optim.Optimizer]) -> dict[str, Any]:
    """Put a checkpoint's tensors into the model and the optimizers.

    Returns:
        The state that was passed to :func:`save_state`, and ``step``.

    Raises:
        KeyError: the model has parameters the checkpoint lacks.
    """
    tensors = load_file(checkpoint / "model.safetensors")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(tensors[name])
    _restore_optimizers(model, optimizers, load_file(checkpoint / "optimizer.safetensors"))
    state: dict[str, Any] = json.loads((checkpoint / "state.json").read_text(encoding="utf-8"))
    return state


def _optimizer_tensors(model: torch.nn.Module, optimizers: Sequence[torch.optim.Optimizer]) -> dict[str, torch.Tensor]:
    return {
        f"{key}/{name}": torch.as_tensor(value).detach().clone().contiguous()
        for name, parameter in model.named_parameters()
        for optimizer in optimizers
        for key, value in optimizer.state.get(parameter, {}).items()
    }


def _restore_optimizers(
    model: torch.nn.Module, optimizers: Sequence[torch.optim.Optimizer], tensors: Mapping[str, torch.Tensor]
) -> None:
    parameters = dict(model.named_parameters())
    owners = {p: optimizer for optimizer in optimizers for group in optimizer.param_groups for p in group["params"]}
    for full_name, tensor in tensors.items():
        key, _, name = full_name.partition("/")
        parameter = parameters[name]
        owners[parameter].state[parameter][key] = tensor.to(parameter.device)


def _drop_others(folder: Path, keep: Path) -> None:
    for other in folder.glob("step-*"):
        if other != keep:
            shutil.rmtree(other, ignore_errors=True)
