from __future__ import annotations

import json
from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="the training extra is not installed")
pytest.importorskip("torch", reason="the training extra is not installed")

from training.card import refresh  # noqa: E402

_BASES = sorted((Path(__file__).parents[2] / "models" / "base").glob("*/README.md"))


def _write(path: Path, records: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A card with stale figures and the files they come from."""
    heldout = {"gov": {"accuracy": 0.3125, "loss": 4.5}}
    curve = [{"step": 7, "tokens": 9000, "seconds": 60, "cpu_seconds": 90, "heldout": heldout}]
    _write(tmp_path / "curve.jsonl", curve)
    (tmp_path / "earlier" / "run-1").mkdir(parents=True)
    _write(tmp_path / "earlier" / "run-1" / "curve.jsonl", [{**curve[0], "step": 5, "tokens": 800}])
    for group, name in (("early", "first"), ("late", "second")):
        (tmp_path / "trials" / group / name).mkdir(parents=True)
        _write(tmp_path / "trials" / group / name / "curve.jsonl", curve)
    (tmp_path / "trials" / "late" / "second" / "speed.json").write_text('{"tokens_per_second": 300}', encoding="utf-8")
    measured = {"seeds": {"accuracy": 0.25}}
    _write(tmp_path / "masked_accuracy.jsonl", [{"base": "ours", "masked": measured, "mixed": measured}])
    labels = dict.fromkeys(("ALL", "QUANTITY", "UNIT", "INDICATOR", "ACTION", "PERIOD", "AGENCY"), 0.5)
    seeds = (labels, dict.fromkeys(labels, 0.75))
    _write(tmp_path / "probe.jsonl", [{"base": "ours", "heldout": found, "unseen": labels} for found in seeds])
    parts = "\n\n".join(
        f"<!-- begin {name} -->\nstale\n<!-- end {name} -->"
        for name in ("curve", "curve run-1", "masked", "probe", "trials early", "trials late")
    )
    (tmp_path / "README.md").write_text(f"# ours\n\nProse.\n\n{parts}\n", encoding="utf-8")
    return tmp_path


def test_figures_are_filled_in_and_prose_is_kept(folder: Path) -> None:
    card = refresh(folder)
    assert card.startswith("# ours\n\nProse.\n")
    assert "stale" not in card
    for figure in (
        "| 7 | 9,000 | 0.3125 |",
        "| 5 | 800 | 0.3125 |",
        "| seeds | 0.2500 | 0.2500 |",
        "| ours | heldout | 2 | 0.6250 ± 0.1768 | 0.6250 |",
    ):
        assert figure in card
    assert "gov accuracy at 9000 tokens" in card
    assert "gov accuracy at 30 undisturbed_seconds" in card
    assert "| second | 300 | 9000 | 0.3125 | 4.5000 |" in card


def test_refreshing_twice_changes_nothing(folder: Path) -> None:
    once = refresh(folder)
    (folder / "README.md").write_text(once, encoding="utf-8")
    assert refresh(folder) == once


@pytest.mark.parametrize("path", _BASES, ids=lambda path: path.parent.name)
def test_shipped_cards_say_what_their_files_say(path: Path) -> None:
    assert refresh(path.parent) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", _BASES, ids=lambda path: path.parent.name)
def test_shipped_bases_are_small_and_hold_no_pickle(path: Path) -> None:
    files = [file for file in path.parent.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 30_000_000
    assert {file.suffix for file in files} <= {".safetensors", ".json", ".jsonl", ".txt", ".md"}
