"""Publish a finished run: ``python -m training.publish_base RUN OUT [--trial RUN...]``.

``OUT`` gets the weights in half precision, configuration, vocabulary, ``run.json`` and ``curve.jsonl``, and the curves
of the trials that led to the run under ``trials/``. Measure it then with ``training.masked_accuracy --out`` and
``training.probe --out``, and refresh its card with ``training.card``.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch

from training.export_base import export_base

__all__ = ["publish_base"]


def publish_base(run: Path, out: Path, trials: Sequence[Path] = ()) -> Path:
    """Copy what is worth keeping of a run.

    Args:
        run: folder of a finished run.
        out: folder to write; made if missing.
        trials: folders of other runs whose curves are kept.

    Returns:
        ``out``.

    Raises:
        FileNotFoundError: the run has not finished.
    """
    from transformers import AutoModelForMaskedLM

    model = run / "model"
    if not (model / "config.json").exists():
        raise FileNotFoundError(f"{run} has not finished: no {model}")
    export_base(AutoModelForMaskedLM.from_pretrained(model), model / "vocab.txt", out, torch.float16)
    for name in ("run.json", "curve.jsonl"):
        shutil.copyfile(run / name, out / name)
    for trial in trials:
        (out / "trials" / trial.name).mkdir(parents=True, exist_ok=True)
        for name in ("run.json", "curve.jsonl"):
            shutil.copyfile(trial / name, out / "trials" / trial.name / name)
    return out


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Copy a finished run to a folder that can be shipped.")
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--trial", type=Path, action="append", default=[])
    options = parser.parse_args(argv)
    print(publish_base(options.run, options.out, options.trial))


if __name__ == "__main__":
    main()
