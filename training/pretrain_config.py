"""The pretraining configuration: what a TOML file in ``training/configs/`` may say."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from training.tables import read_tables

__all__ = ["ModelConfig", "Objective", "PretrainConfig", "Run", "Schedule", "Stage", "config_from", "load_config"]

# What may change when a run is resumed: none of these alters a step that lies behind, as long as the decay and
# the stages that change lie ahead (see Schedule.same_until).
_ADJUSTABLE = frozenset({"schedule", "run"})


@dataclass(frozen=True)
class ModelConfig:
    """Shape of a model that starts from random weights; unused when a run continues from a folder.

    ``type`` is any encoder of the transformers library with a masked-LM head under ``cls``: ``bert`` has learned
    absolute positions, ``roformer`` rotary ones; ``stem-bert`` and ``stem-roformer`` (``training.stem``) add a
    convolution over the embeddings.
    """

    type: Literal["bert", "roformer", "stem-bert", "stem-roformer"] = "bert"
    hidden_size: int = 256
    layers: int = 4
    heads: int = 4
    intermediate_size: int = 1024
    max_positions: int = 512


@dataclass(frozen=True)
class Objective:
    """What is learned.

    Args:
        name: ``mlm`` predicts masked characters; ``rtd`` finds characters that a tiny generator replaced;
            ``both`` takes them in turn, ``mlm`` on even steps.
        mask_share: expected share of masked tokens.
        max_span: longest masked span, in tokens.
        generator_layers, generator_hidden: shape of the generator, trained along with ``rtd``.
        rtd_weight: of the detection loss against the generator's (50 in Clark et al. 2020, arXiv:2003.10555).
    """

    name: Literal["mlm", "rtd", "both"] = "mlm"
    mask_share: float = 0.25
    max_span: int = 4
    generator_layers: int = 1
    generator_hidden: int = 128
    rtd_weight: float = 50.0


@dataclass(frozen=True)
class Stage:
    """Windows of one length, up to (not including) step ``until``."""

    until: int
    length: int
    batch: int


@dataclass(frozen=True)
class Schedule:
    """Warm-up, plateau, decay, and the lengths of the windows.

    The rate rises linearly over ``warmup_steps``, stays at ``peak_rate``, and falls over the last ``decay_steps``
    as ``1 - sqrt(x)`` (Hägele et al. 2024, arXiv:2405.18392, section 3), so a run can be ended well at any time by
    moving ``total_steps``. With ``muon`` the matrices of the hidden layers are moved by Muon, all else by AdamW.
    The batch is cut into ``micro_batches`` whose gradients are averaged; on a CPU they run side by side.
    """

    total_steps: int
    decay_steps: int
    warmup_steps: int = 200
    peak_rate: float = 1e-3
    optimizer: Literal["adamw", "muon"] = "adamw"
    weight_decay: float = 0.01
    betas: tuple[float, float] = (0.9, 0.98)
    clip_norm: float = 1.0
    micro_batches: int = 1
    stages: tuple[Stage, ...] = ()

    def rate(self, step: int) -> float:
        """Learning rate of a step, counted from 0."""
        rise = min(1.0, (step + 1) / max(self.warmup_steps, 1))
        done = step - (self.total_steps - self.decay_steps)
        fall = 1 - math.sqrt(done / self.decay_steps) if self.decay_steps and done > 0 else 1.0
        return self.peak_rate * rise * fall

    def stage(self, step: int) -> tuple[Stage, int]:
        """The stage a step lies in, and the step the stage starts at.

        Raises:
            ValueError: no stage reaches that far.
        """
        start = 0
        for stage in self.stages:
            if step < stage.until:
                return stage, start
            start = stage.until
        raise ValueError(f"no stage covers step {step}")

    def same_until(self, other: Schedule, step: int) -> bool:
        """Whether both schedules treat every step before ``step`` alike."""
        plain = {"total_steps": 0, "decay_steps": 0, "stages": ()}
        if replace(self, **plain) != replace(other, **plain):  # type: ignore[arg-type]
            return False
        return all(self.rate(s) == other.rate(s) and self._windows(s) == other._windows(s) for s in range(step))

    def _windows(self, step: int) -> tuple[int, int, int]:
        """What fixes the windows of a step: their length and number, and where the counting began."""
        stage, start = self.stage(step)
        return stage.length, stage.batch, start


@dataclass(frozen=True)
class Run:
    """How the run is carried out.

    ``precision`` is ``float32``, ``bfloat16`` (autocast) or ``auto``: bfloat16 where the hardware multiplies it
    natively, else float32, which is several times faster than emulated bfloat16.
    """

    seed: int = 1
    device: Literal["auto", "cpu", "cuda"] = "auto"
    precision: Literal["auto", "bfloat16", "float32"] = "auto"
    threads: int = 0
    log_every: int = 50
    eval_every: int = 250
    eval_windows: int = 256
    checkpoint_every: int = 100


@dataclass(frozen=True)
class PretrainConfig:
    """A whole configuration; ``weights`` says how many times an epoch passes over each source."""

    schedule: Schedule
    weights: Mapping[str, float]
    model: ModelConfig = field(default_factory=ModelConfig)
    objective: Objective = field(default_factory=Objective)
    run: Run = field(default_factory=Run)

    def as_dict(self) -> dict[str, Any]:
        """The configuration as plain values, as it is kept beside the weights."""
        return asdict(self)

    def check_resumable(self, earlier: PretrainConfig, step: int) -> None:
        """Refuse to resume where the steps so far would have gone differently.

        Raises:
            ValueError: naming what changed.
        """
        for part in fields(self):
            if part.name not in _ADJUSTABLE and getattr(self, part.name) != getattr(earlier, part.name):
                raise ValueError(f"[{part.name}] differs from the run that is resumed")
        if self.run.seed != earlier.run.seed:
            raise ValueError("the seed differs from the run that is resumed")
        if not self.schedule.same_until(earlier.schedule, step):
            raise ValueError(f"[schedule] changes a step before {step}, which has been taken already")


def config_from(values: Mapping[str, Any]) -> PretrainConfig:
    """Build a configuration from the tables of a TOML or JSON file.

    Raises:
        KeyError: ``schedule`` or ``weights`` is missing.
        TypeError: a key is unknown or a required one is missing.
    """
    tables = {name: dict(values[name]) for name in values}
    schedule = tables.pop("schedule")
    schedule["stages"] = tuple(Stage(**stage) for stage in schedule.get("stages", ()))
    schedule["betas"] = tuple(schedule.get("betas", Schedule.betas))
    return PretrainConfig(
        schedule=Schedule(**schedule),
        weights=tables.pop("weights"),
        model=ModelConfig(**tables.pop("model", {})),
        objective=Objective(**tables.pop("objective", {})),
        run=Run(**tables.pop("run", {})),
        **tables,  # a table of an unknown name is refused by the class
    )


def load_config(path: Path, overrides: Sequence[str] = ()) -> PretrainConfig:
    """Read a TOML file.

    Args:
        path: the file.
        overrides: ``table.key=value`` with the value in TOML's notation, replacing what the file says.

    Raises:
        TypeError: a key is unknown or a required one is missing.
        ValueError: an override is malformed.
    """
    return config_from(read_tables(path, overrides))
