"""Publish a finished run: ``python -m training.publish_base RUN OUT [--earlier RUN...] [--trials FOLDER...]``.

``OUT`` gets the weights in half precision, configuration, vocabulary, ``run.json`` and ``curve.jsonl``, those two of
the runs it goes on from under ``earlier/``, and the curves of the trials that led to the run under ``trials/``, one
folder a group of trials that are compared. Measure it then with ``training.masked_accuracy --out`` and
``training.probe --out``, and refresh its card with ``training.card``.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch

from training.export_base import export_base, load_masked

__all__ = ["publish_base"]


def publish_base(run: Path, out: Path, trials: Sequence[Path] = (), earlier: Sequence[Path] = ()) -> Path:
    """Copy what is worth keeping of a run.

    Args:
        run: folder of a finished run.
        out: folder to write; made if missing.
        trials: folders that each hold the runs of a group of trials, whose curves are kept.
        earlier: folders of the runs that it goes on from.

    Returns:
        ``out``.

    Raises:
        FileNotFoundError: the run has not finished.
    """
    model = run / "model"
    if not (model / "config.json").exists():
        raise FileNotFoundError(f"{run} has not finished: no {model}")
    export_base(load_masked(model), model / "vocab.txt", out, torch.float16)
    _copy_curve(run, out)
    for before in earlier:
        _copy_curve(before, out / "earlier" / before.name)
    for group in trials:
        for curve in sorted(group.glob("*/curve.jsonl")):
            _copy_curve(curve.parent, out / "trials" / group.name / curve.parent.name)
    return out


def _copy_curve(run: Path, out: Path) -> None:
    """Copy what a run says of itself; only trials have a ``speed.json``."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("run.json", "curve.jsonl", "speed.json"):
        if (run / name).exists():
            shutil.copyfile(run / name, out / name)


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Copy a finished run to a folder that can be shipped.")
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--trials", type=Path, action="append", default=[], help="folder of a group of trials")
    parser.add_argument("--earlier", type=Path, action="append", default=[], help="folder of a run it goes on from")
    options = parser.parse_args(argv)
    print(publish_base(options.run, options.out, options.trials, options.earlier))


if __name__ == "__main__":
    main()
