"""Run trials at equal expense: ``python -m training.trials PLAN --data PACKED --out FOLDER [--only NAME...]``.

A plan is a TOML file: ``config`` names the configuration that every trial starts from (beside the plan), ``seconds``
what each may spend on a core of its own, ``common`` overrides ``table.key=value`` for all, ``[trials]`` overrides by
name, ``[init]`` the folder that a trial continues from, where it does not start from random weights.

Other work on the machine slows down one trial more than another, even by processor time. So the speeds are measured
first, with all trials taking single steps in turn: the best of several steps counts, and is kept in ``speed.json``.
From it follows how many steps a trial takes; each decays its rate over the last third of them.
``training.compare --by undisturbed_seconds`` prints the table. Trials that are finished are skipped; one that was
broken off goes on. ``--speeds`` runs none but measures the speeds of the given ones anew, for a table that rests on
speeds taken together in a quiet hour.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from training.files import write_atomically
from training.pretrain import Trainer, pretrain
from training.pretrain_config import PretrainConfig, load_config
from training.tables import read_tables

__all__ = ["Plan", "keep_speeds", "run_trials", "speeds"]

_ROUNDS = 5
_EVALUATIONS = 3


@dataclass(frozen=True)
class Plan:
    """What to try.

    ``config`` is a configuration's path, ``seconds`` what a trial may spend; ``trials`` holds overrides and ``init``
    the folder to continue from, both by name of the trial.
    """

    config: Path
    seconds: float
    trials: Mapping[str, Sequence[str]]
    init: Mapping[str, Path]

    @classmethod
    def read(cls, path: Path) -> Plan:
        """Read a plan's TOML file; ``config`` is relative to it, ``[init]`` to the current folder."""
        values = read_tables(path)
        init = {name: Path(folder) for name, folder in values.get("init", {}).items()}
        trials = {name: [*values.get("common", []), *own] for name, own in values["trials"].items()}
        return cls(path.parent / values["config"], values["seconds"], trials, init)

    def load(self, name: str, tokens_per_second: float = 0.0) -> PretrainConfig:
        """A trial's configuration; its schedule ends when the seconds are spent at that speed, if one is given."""
        config = load_config(self.config, self.trials[name])
        if not tokens_per_second:
            return config
        stage, _ = config.schedule.stage(0)
        steps = round(self.seconds * tokens_per_second / (stage.length * stage.batch))
        ends = (f"schedule.total_steps={steps}", f"schedule.decay_steps={steps // 3}")
        every = f"run.eval_every={-(-steps // _EVALUATIONS)}"
        return load_config(self.config, [*self.trials[name], *ends, every])


def speeds(plan: Plan, names: Sequence[str], data: Path) -> dict[str, float]:
    """Tokens a processor second of each trial, in the best of several steps taken in turn."""
    best = dict.fromkeys(names, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        trainers = {n: Trainer(plan.load(n), data, Path(folder) / n, plan.init.get(n)) for n in names}
        for _ in range(_ROUNDS):
            for name, trainer in trainers.items():
                tokens, began = trainer.progress["tokens"], time.process_time()
                trainer.step()
                spent = time.process_time() - began
                best[name] = max(best[name], (trainer.progress["tokens"] - tokens) / spent)
    return best


def keep_speeds(plan: Plan, names: Sequence[str], data: Path, out: Path) -> None:
    """Measure speeds and write each to the trial's ``speed.json``; arguments as in :func:`run_trials`."""
    for name, speed in speeds(plan, names, data).items():
        (out / name).mkdir(parents=True, exist_ok=True)
        write_atomically(out / name / "speed.json", json.dumps({"tokens_per_second": round(speed)}) + "\n")


def run_trials(plan: Plan, names: Sequence[str], data: Path, out: Path, report: Callable[[str], None] = print) -> None:
    """Measure speeds where they are not known yet, then run what is not finished.

    Args:
        plan: what to try.
        names: which trials.
        data: folder written by ``training.pack``.
        out: gets a folder a trial.
        report: called with each line of the log.
    """
    keep_speeds(plan, [name for name in names if not (out / name / "speed.json").exists()], data, out)
    for name in names:
        speed = json.loads((out / name / "speed.json").read_text(encoding="utf-8"))["tokens_per_second"]
        report(f"# {name}: {speed} tokens/s")
        if not (out / name / "model" / "config.json").exists():
            pretrain(plan.load(name, speed), data, out / name, plan.init.get(name), report)


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Run trials at equal expense.")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder written by training.pack")
    parser.add_argument("--out", type=Path, required=True, help="folder that gets a folder a trial")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="these trials alone")
    parser.add_argument("--speeds", action="store_true", help="run no trial, only measure the speeds anew")
    options = parser.parse_args(argv)
    plan = Plan.read(options.plan)
    names = options.only or list(plan.trials)
    if options.speeds:
        keep_speeds(plan, names, options.data, options.out)
    else:
        run_trials(plan, names, options.data, options.out, partial(print, flush=True))


if __name__ == "__main__":
    main()
