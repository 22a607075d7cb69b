"""Pretraining: ``python -m training.pretrain CONFIG --data PACKED --out RUN [--init FOLDER]``.

The run can be killed at any moment; the same command takes it up again and comes to the same weights, because the
data, the masks and the rate of a step depend on nothing but the configuration and the step. ``RUN`` then holds

====================  ==========================================================================
``checkpoints/``      the newest state, for resuming
``curve.jsonl``       loss and held-out masked accuracy over steps, tokens and seconds
``run.json``          configuration, data hash, git revision, library versions, machine
``pretrain.pid``      process id while it runs: ``kill -STOP`` pauses it, ``kill -CONT`` goes on
``model/``            the finished model, as ``AutoModel.from_pretrained`` reads it
====================  ==========================================================================
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import torch

from training.checkpoint import latest, load_state, save_state
from training.curve import Curve
from training.export_base import export_base, load_masked
from training.files import write_atomically
from training.gradients import Gradients
from training.heldout import HeldOut
from training.muon import Muon
from training.objectives import Pretrainer, new_encoder
from training.order import WindowOrder, load_ids
from training.pretrain_config import PretrainConfig, Run, config_from, load_config
from training.provenance import git_revision

__all__ = ["Trainer", "pretrain", "write_out"]


def _device(run: Run) -> torch.device:
    wanted = run.device if run.device != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted)


def _native_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return any(
        bool(getattr(torch.cpu, name, bool)()) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    )


def _precision(run: Run, device: torch.device) -> str:
    if run.precision != "auto":
        return run.precision
    return "bfloat16" if _native_bfloat16(device) else "float32"


def _start_model(config: PretrainConfig, init: Path | None, vocab_size: int) -> Pretrainer:
    """The model before the first step."""
    torch.manual_seed(config.run.seed)
    encoder = load_masked(init) if init else new_encoder(config.model, vocab_size)
    return Pretrainer(encoder, config.objective)


def _optimizers(model: Pretrainer, config: PretrainConfig) -> list[torch.optim.Optimizer]:
    """AdamW, and Muon for the matrices of the hidden layers if the schedule says so; vectors are not decayed."""
    schedule = config.schedule
    named = {n: p for n, p in model.named_parameters() if p.requires_grad}
    hidden = {n for n, p in named.items() if p.ndim == 2 and ".layer." in n} if schedule.optimizer == "muon" else set()
    decayed = [p for n, p in named.items() if p.ndim >= 2 and n not in hidden]
    plain = [p for p in named.values() if p.ndim < 2]
    groups = [{"params": decayed, "weight_decay": schedule.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    adamw = torch.optim.AdamW(groups, lr=schedule.peak_rate, betas=schedule.betas, fused=True)
    if not hidden:
        return [adamw]
    matrices = [named[n] for n in sorted(hidden)]
    return [adamw, Muon(matrices, lr=schedule.peak_rate, weight_decay=schedule.weight_decay)]


def _describe_run(config: PretrainConfig, data_hash: str, init: Path | None, precision: str) -> dict[str, Any]:
    import transformers

    return {
        "config": config.as_dict(),
        "data_hash": data_hash,
        "continued_from": init.name if init else None,
        "git": git_revision(),
        "precision": precision,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "threads": torch.get_num_threads()},
    }


def _check_same_run(path: Path, config: PretrainConfig, data_hash: str, step: int) -> None:
    """Refuse to go on with other data or a configuration that rewrites the past."""
    earlier = json.loads(path.read_text(encoding="utf-8"))
    if earlier["data_hash"] != data_hash:
        raise ValueError("the packed data differ from those of the run that is resumed")
    config.check_resumable(config_from(earlier["config"]), step)


class Trainer:
    """One run between two checkpoints' worth of state.

    Args:
        config: what to do.
        data: folder written by ``training.pack``.
        out: the run's folder; made if missing.
        init: folder of a masked-LM model to continue from; random weights if None.
    """

    def __init__(self, config: PretrainConfig, data: Path, out: Path, init: Path | None) -> None:
        """Take up the newest checkpoint, if there is one."""
        self.config, self.out = config, out
        out.mkdir(parents=True, exist_ok=True)
        if config.run.threads:
            torch.set_num_threads(config.run.threads)
        torch.set_flush_denormal(True)
        meta = json.loads((data / "meta.json").read_text(encoding="utf-8"))
        self.device = _device(config.run)
        self.model = _start_model(config, init, meta["vocab_size"]).to(self.device)
        self.optimizers = _optimizers(self.model, config)
        self.gradients = Gradients(self.model, config, self.autocast)
        self.heldout = HeldOut.from_packed(data, sorted(config.weights), config.run.eval_windows)
        self._sources = {name: load_ids(data, name, "train") for name in config.weights}
        self._order = lru_cache(self._make_order)
        self.progress: dict[str, Any] = {"step": 0, "tokens": 0, "seconds": 0.0, "cpu_seconds": 0.0}
        self.pending: list[tuple[torch.Tensor, torch.Tensor]] = []
        self._resume(_describe_run(config, meta["data_hash"], init, _precision(config.run, self.device)))

    def _resume(self, description: Mapping[str, Any]) -> None:
        """Take up the newest checkpoint, if there is one, and note how the run goes on."""
        checkpoint = latest(self.out / "checkpoints")
        if checkpoint:
            self.progress |= load_state(checkpoint, self.model, self.optimizers)
            self.pending = [(torch.tensor(a), torch.tensor(b)) for a, b in self.progress.pop("pending", [])]
            step = self.progress["step"]
            _check_same_run(self.out / "run.json", self.config, description["data_hash"], step)
        write_atomically(self.out / "run.json", json.dumps(description, indent=1) + "\n")
        self.curve = Curve(self.out / "curve.jsonl", self.progress["step"])

    def _make_order(self, length: int) -> WindowOrder:
        return WindowOrder(self._sources, self.config.weights, length, self.config.run.seed)

    def autocast(self) -> AbstractContextManager[None]:
        """The run's arithmetic: bfloat16 products over float32 weights, or float32 throughout."""
        lower = _precision(self.config.run, self.device) == "bfloat16"
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=lower)

    def step(self) -> None:
        """Take one step; its loss and its accuracy at masked positions go to ``pending``."""
        began, began_cpu = time.perf_counter(), time.process_time()
        number, schedule = self.progress["step"], self.config.schedule
        stage, start = schedule.stage(number)
        windows = self._order(stage.length).batch((number - start) * stage.batch, stage.batch)
        for group in (group for optimizer in self.optimizers for group in optimizer.param_groups):
            group["lr"] = schedule.rate(number)
        self.pending.append(self.gradients.accumulate(windows, number))
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), schedule.clip_norm)
        for optimizer in self.optimizers:
            optimizer.step()
        self.model.zero_grad()
        self.progress["step"] += 1
        self.progress["tokens"] += windows.size
        self.progress["seconds"] += time.perf_counter() - began
        self.progress["cpu_seconds"] += time.process_time() - began_cpu

    def averages(self) -> dict[str, float]:
        """Loss and accuracy averaged over the steps since the last call."""
        loss, accuracy = (float(torch.stack(values).mean()) for values in zip(*self.pending, strict=True))
        self.pending.clear()
        return {"loss": round(loss, 4), "accuracy": round(accuracy, 4)}

    def evaluate(self) -> dict[str, dict[str, float]]:
        """Held-out loss and masked accuracy by source."""
        self.model.eval()
        with self.autocast():
            found = self.heldout.measure(self.model.encoder)
        self.model.train()
        return found

    def save(self) -> None:
        """Write a checkpoint."""
        pending = [(float(loss), float(accuracy)) for loss, accuracy in self.pending]
        state = self.progress | {"pending": pending}
        save_state(self.out / "checkpoints", self.progress["step"], self.model, self.optimizers, state)


def _due(step: int, every: int, total: int) -> bool:
    return step % every == 0 or step == total


def _run(trainer: Trainer, report: Callable[[str], None]) -> None:
    """Steps, logs, evaluations and checkpoints until the schedule ends.

    ``seconds`` and ``cpu_seconds`` (of all threads) count training only, so that evaluation does not blur the
    comparison of variants; on a machine that is shared the second says more.
    """
    run, schedule, progress = trainer.config.run, trainer.config.schedule, trainer.progress
    total = schedule.total_steps
    if progress["step"] == 0:
        trainer.curve.add({**progress, "heldout": trainer.evaluate()})
    while progress["step"] < total:
        trainer.step()
        step = progress["step"]
        record: dict[str, Any] = {}
        if _due(step, run.log_every, total):
            record = {**trainer.averages(), "rate": schedule.rate(step - 1)}
        if _due(step, run.eval_every, total):
            record["heldout"] = trainer.evaluate()
        if record:
            spent = {key: round(progress[key], 1) for key in ("seconds", "cpu_seconds")}
            record = {**progress, **spent, **record}
            trainer.curve.add(record)
            report(json.dumps(record))
        if _due(step, run.checkpoint_every, total):
            trainer.save()


def pretrain(
    config: PretrainConfig, data: Path, out: Path, init: Path | None = None, report: Callable[[str], None] = print
) -> Path:
    """Run, or take up, one pretraining run.

    Args:
        config: what to do.
        data: folder written by ``training.pack``.
        out: the run's folder; made if missing.
        init: folder of a masked-LM model to continue from; random weights if None.
        report: called with each line of the log.

    Returns:
        Folder of the finished model.

    Raises:
        ValueError: ``out`` holds a run that this configuration cannot continue.
    """
    trainer = Trainer(config, data, out, init)
    pid = out / "pretrain.pid"
    pid.write_text(f"{os.getpid()}\n")
    try:
        _run(trainer, report)
    finally:
        pid.unlink(missing_ok=True)
    return export_base(trainer.model.encoder, data / "vocab.txt", out / "model")


def write_out(config: PretrainConfig, data: Path, out: Path, init: Path | None = None) -> Path:
    """Write the model as the newest checkpoint of a stopped run has it, and take no step; see :func:`pretrain`."""
    return export_base(Trainer(config, data, out, init).model.encoder, data / "vocab.txt", out / "model")


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Pretrain, or take up pretraining, as a TOML file says.")
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder written by training.pack")
    parser.add_argument("--out", type=Path, required=True, help="the run's folder")
    parser.add_argument("--init", type=Path, help="folder of a model to continue from")
    parser.add_argument("--set", action="append", default=[], metavar="TABLE.KEY=VALUE", dest="overrides")
    parser.add_argument("--export-only", action="store_true", help="take no step, write the newest checkpoint's model")
    options = parser.parse_args(argv)
    config = load_config(options.config, options.overrides)
    if options.export_only:
        print(write_out(config, options.data, options.out, options.init))
    else:
        print(pretrain(config, options.data, options.out, options.init, partial(print, flush=True)))


if __name__ == "__main__":
    main()
