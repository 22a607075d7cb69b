"""Refresh the figures of a tagger's model card: ``python -m training.model_card FOLDER [--check]``.

The prose of ``FOLDER/README.md`` is written by hand; what stands between ``<!-- begin NAME -->`` and
``<!-- end NAME -->`` is made from the files beside it:

================  =============================================================================
``run``           ``run.json``: data, settings, code
``files``         the weights: sizes, parameters
``export``        ``scores/export.json``: what int8 costs
``calibration``   ``scores/calibration.json``: expected calibration error, before and after
``scores F``      ``scores/F.json`` of :mod:`training.evaluate`: F1 by label, with intervals
``province F``    the same file: headlines by province; so ``document F`` and ``seed F``
``mistakes F``    the same file: the most frequent kinds of mistakes
``trials``        ``scores/trials.json`` of :mod:`training.ablate`: what was tried and what it gains
================  =============================================================================
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from govie.model.store import write_sums
from training.evaluate import mistake_table, part_table, score_table
from training.gains import table as gain_table
from training.markdown import markdown_table, refresh_command, refreshed
from training.splits import Splits

__all__ = ["refresh"]

_WEIGHTS = ("model.onnx", "model.safetensors")


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _run(folder: Path) -> str:
    run = _json(folder / "run.json")
    splits, earlier = Splits(), run.get("continued_from")
    provinces = Counter(splits.province(name) for name in run["trained_on"])
    libraries = ", ".join(f"{name} {run['environment'][name]}" for name in ("torch", "transformers"))
    rows = [
        ("base", f"`{run['base']}`" + (f", then the run `{earlier['run']}`" if earlier else "")),
        ("sentences", f"{run['data']['sentences']:,}"),
        ("silver sentences", f"{run['data'].get('silver_sentences', 0):,}"),
        ("documents", f"{len(run['trained_on'])}: " + ", ".join(f"{name} {n}" for name, n in provinces.most_common())),
        ("held out", run["held_out"]["how"]),
        ("settings", ", ".join(f"{name} {value}" for name, value in run["settings"].items())),
        ("minutes", f"{run['seconds'] / 60:.0f}"),
        ("data hash", f"`{run['data']['sha256'][:16]}…`"),
        ("code", f"`{run['git']}`, {libraries}"),
    ]
    return markdown_table(("what", "value"), rows)


def _files(folder: Path) -> str:
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", framework="numpy") as file:
        parameters = sum(file.get_tensor(name).size for name in file.keys())  # noqa: SIM118  it is no dict
    rows = [(name, f"{(folder / name).stat().st_size / 1e6:.1f} MB") for name in _WEIGHTS if (folder / name).is_file()]
    return markdown_table(("what", "size"), [("parameters", f"{parameters / 1e6:.1f} million"), *rows])


def _export(folder: Path) -> str:
    found = _json(folder / "scores" / "export.json")
    return markdown_table(("F1", "value"), [(name, f"{value:.4f}") for name, value in found.items()])


def _calibration(folder: Path) -> str:
    found = _json(folder / "scores" / "calibration.json")["auto"]
    rows: list[tuple[object, ...]] = []
    for kind, got in found.items():
        errors = (got["before"]["error"], got["after"]["error"], got["by_chance"])
        rows.append((f"**{kind}**", got["found"], *(f"{error:.3f}" for error in errors)))
        rows += [
            (label, row["found"], f"{row['before']:.3f}", f"{row['after']:.3f}", "")
            for label, row in got["labels"].items()
        ]
    return markdown_table(("expected calibration error", "found", "before", "after", "by chance"), rows)


def _measured(folder: Path, kind: str, name: str) -> str:
    found = _json(folder / "scores" / f"{name}.json")
    if kind == "scores":
        about = f"{found['sentences']} sentences of {found['documents']} documents, {len(found['runs'])} runs."
        return f"{about}\n\n{score_table(found)}"
    return mistake_table(found["mistakes"]) if kind == "mistakes" else part_table(found["parts"][kind], kind)


def _trials(folder: Path) -> str:
    return gain_table(_json(folder / "scores" / "trials.json"))


_PARTS = {"run": _run, "files": _files, "export": _export, "calibration": _calibration, "trials": _trials}


def _figures(folder: Path, kind: str, which: str) -> str:
    return _measured(folder, kind, which) if which else _PARTS[kind](folder)


def refresh(folder: Path) -> str:
    """Return the tagger's card with its figures as they should be; see :func:`training.markdown.refreshed`."""
    return refreshed(folder, _figures)


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    if written := refresh_command("model_card", refresh, argv):
        write_sums(written)


if __name__ == "__main__":
    main()
