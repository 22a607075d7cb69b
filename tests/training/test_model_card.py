from __future__ import annotations

import json
from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="the training extra is not installed")
numpy_weights = pytest.importorskip("safetensors.numpy", reason="the model's dependencies are not installed")

from govie.model.store import shipped_folder  # noqa: E402
from training.model_card import main, refresh  # noqa: E402

COUNTS = {"f1": 0.9, "gold": 10, "f1_interval": [0.85, 0.95]}
GROUPS = ("spans", "relations", "facts", "attributes of right pairs", "roles")
HEADLINES = {"spans micro": 0.9, "relations micro": 0.8, "facts pair and kind": 0.7, "facts all attributes": 0.6}
ERRORS = {"error": 0.123, "bins": []}
FIGURES = {
    "run.json": {
        "base": "tiny",
        "data": {"sentences": 1234, "sha256": "ab" * 32},
        "trained_on": ["000_dd970950b1e91c31.txt", "elsewhere.txt"],
        "held_out": {"how": "nothing"},
        "settings": {"seed": 7},
        "seconds": 120,
        "git": "f00",
        "environment": {"torch": "2", "transformers": "5"},
    },
    "scores/export.json": {"spans float32": 0.91, "spans int8": 0.909},
    "scores/calibration.json": {
        "auto": {
            "facts": {
                "found": 5,
                "before": ERRORS,
                "after": {"error": 0.01},
                "by_chance": 0.03,
                "labels": {"VALUE": {"found": 5, "before": 0.2, "after": 0.02}},
            }
        }
    },
    "scores/seeds.json": {
        "sentences": 6,
        "documents": 2,
        "runs": [{}],
        "ways": {way: {group: {"micro": COUNTS} for group in GROUPS} for way in ("rules", "model", "auto")},
        "given_spans": {way: {group: {"micro": COUNTS} for group in GROUPS[1:4]} for way in ("model", "auto")},
        "parts": {"document": {"a.txt": {"sentences": 6, **dict.fromkeys(("rules", "model", "auto"), HEADLINES)}}},
        "mistakes": {"span UNIT: missed": 3},
    },
}
PARTS = ("run", "files", "export", "calibration", "scores seeds", "document seeds", "mistakes seeds")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A card with stale figures and the files they come from."""
    (tmp_path / "scores").mkdir()
    for name, content in FIGURES.items():
        (tmp_path / name).write_text(json.dumps(content), "utf-8")
    numpy_weights.save_file({"weight": np.zeros((1000, 300), np.float16)}, tmp_path / "model.safetensors")
    marked = "\n\n".join(f"<!-- begin {name} -->\nstale\n<!-- end {name} -->" for name in PARTS)
    (tmp_path / "README.md").write_text(f"# tiny\n\nProse.\n\n{marked}\n", "utf-8")
    return tmp_path


def test_figures_come_from_the_files(folder: Path) -> None:
    card = refresh(folder)
    assert card.startswith("# tiny\n\nProse.\n")
    assert "stale" not in card
    for figure in (
        "| documents | 2: 辽宁省 1, elsewhere 1 |",
        "| settings | seed 7 |",
        "| parameters | 0.3 million |",
        "| spans int8 | 0.9090 |",
        "| **facts** | 5 | 0.123 | 0.010 |",
        "| spans: micro | 10 | 0.900 (0.850–0.950) |",
        "| a.txt | 6 | 0.900 |",
        "| span UNIT: missed | 3 |",
    ):
        assert figure in card


def test_a_stale_card_is_noticed_and_renewed(folder: Path) -> None:
    with pytest.raises(SystemExit, match="out of date"):
        main([str(folder), "--check"])
    main([str(folder)])
    main([str(folder), "--check"])
    assert "README.md" in (folder / "SHA256SUMS").read_text()


@pytest.mark.skipif(shipped_folder() is None, reason="no model is shipped")
def test_the_shipped_card_says_what_its_files_say() -> None:
    main([str(shipped_folder()), "--check"])
