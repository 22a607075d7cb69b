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
    heldout = {"gov": {"accuracy": 0.3125}}
    curve = [{"step": 7, "tokens": 9000, "seconds": 60, "cpu_seconds": 90, "heldout": heldout}]
    _write(tmp_path / "curve.jsonl", curve)
    (tmp_path / "trials" / "first").mkdir(parents=True)
    _write(tmp_path / "trials" / "first" / "curve.jsonl", curve)
    measured = {"seeds": {"accuracy": 0.25}}
    _write(tmp_path / "masked_accuracy.jsonl", [{"base": "ours", "masked": measured, "mixed": measured}])
    labels = dict.fromkeys(("ALL", "QUANTITY", "UNIT", "INDICATOR", "ACTION", "PERIOD", "AGENCY"), 0.5)
    _write(tmp_path / "probe.jsonl", [{"base": "ours", "heldout": labels, "unseen": labels}])
    parts = "\n\n".join(
        f"<!-- begin {name} -->\nstale\n<!-- end {name} -->" for name in ("curve", "masked", "probe", "trials")
    )
    (tmp_path / "README.md").write_text(f"# ours\n\nProse.\n\n{parts}\n", encoding="utf-8")
    return tmp_path


def test_figures_are_filled_in_and_prose_is_kept(folder: Path) -> None:
    card = refresh(folder)
    assert card.startswith("# ours\n\nProse.\n")
    assert "stale" not in card
    for figure in ("| 7 | 9,000 | 0.3125 |", "| seeds | 0.2500 | 0.2500 |", "| ours | heldout | 0.5000 |", "| first |"):
        assert figure in card


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
