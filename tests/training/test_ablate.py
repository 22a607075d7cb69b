"""Trials on the tagger: what the table says follows from the counts."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the training extra is not installed")
pytest.importorskip("transformers", reason="the training extra is not installed")
pytest.importorskip("sklearn", reason="the training extra is not installed")

from training.ablate import Ablations, main
from training.gains import gain, summary, table

ROOT = Path(__file__).parents[2]
CONFIGS, GOLD = ROOT / "training" / "configs", ROOT / "annotations" / "gold"


def test_a_gain_is_the_difference_over_all_documents() -> None:
    base = {"a": [8, 10, 10], "b": [5, 10, 10]}
    better = {"a": [9, 10, 10], "b": [6, 10, 10]}
    by, low, high = gain(better, base)
    assert by == pytest.approx(0.1)
    assert low == pytest.approx(0.1)  # alike in both documents, so every draw says the same
    assert high == pytest.approx(0.1)
    by, low, high = gain(base, {"a": [9, 10, 10], "b": [4, 10, 10]})
    assert by == pytest.approx(0)
    assert low < 0 < high


def test_nothing_changes_against_itself() -> None:
    counts = {"a": [8, 10, 10], "b": [5, 7, 10]}
    assert gain(counts, counts) == (0, 0, 0)


def test_table() -> None:
    counts = {way: {row: {"a": [9, 10, 10]} for row in ("spans", "relations", "facts")} for way in ("model", "auto")}
    worse = {way: {row: {"a": [8, 10, 10]} for row in ("spans", "relations", "facts")} for way in ("model", "auto")}
    results = {"base": {"seconds": 120, "counts": counts}, "other": {"seconds": 0, "counts": worse}}
    shown = table(summary(results, "base"))
    head, _, first, second = shown.splitlines()
    assert head == (
        "| trial | minutes | model: spans | model: relations | model: facts |"
        " auto: spans | auto: relations | auto: facts |"
    )
    assert first == "| base | 2 | 90.0 | 90.0 | 90.0 | 90.0 | 90.0 | 90.0 |"
    assert second.startswith("| other |  | -10.0 (-10.0 to -10.0) |")


def test_the_plan_that_is_kept() -> None:
    plan = Ablations.read(CONFIGS / "trials-finetune.toml")
    assert plan.config == CONFIGS / "finetune.toml"
    assert plan.baseline in plan.trials
    assert set(plan.silver) <= set(plan.trials)
    assert {member for members in plan.ensembles.values() for member in members} <= set(plan.trials)


def test_trials_are_trained_measured_and_not_done_twice(
    tiny_encoder: Path, gold_sample: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(
        f'config = "{CONFIGS / "finetune.toml"}"\nbaseline = "plain"\nsilver = ["silver"]\n'
        'common = ["settings.epochs=1"]\n[trials]\nplain = []\nsilver = []\n'
        'all = ["settings.crf=true", "settings.layer_decay=0.8", "settings.adversarial=0.5",'
        ' "settings.consistency=1.0", "settings.replace=0.5"]\n[ensembles]\nboth = ["plain", "all"]\n',
        "utf-8",
    )
    test = [str(GOLD / name) for name in ("shenyang-2024.jsonl", "zhongshan-2021.jsonl")]
    asked = [str(plan), "--base", str(tiny_encoder), gold_sample[0], *test, *gold_sample[1:], "--silver"]
    asked += [str(GOLD / "shenyang-2022.jsonl"), "--hold-out", "001_110bda27a7c53275.txt", "002_366748309c9ca2d8.txt"]
    main([*asked, "--out", str(tmp_path / "out")])
    rows = capsys.readouterr().out.strip().splitlines()[2:]
    assert [row.split(" | ")[0] for row in rows] == ["| plain", "| silver", "| all", "| both"]
    before = {path: path.stat().st_mtime_ns for path in sorted((tmp_path / "out").rglob("*")) if path.is_file()}
    main([*asked, "--out", str(tmp_path / "out")])
    changed = {path.name for path, at in before.items() if path.stat().st_mtime_ns != at}
    assert changed == {"trials.json"}


def test_one_document_is_too_few(tiny_encoder: Path, gold_sample: list[str], tmp_path: Path) -> None:
    asked = [str(CONFIGS / "trials-finetune.toml"), "--base", str(tiny_encoder), *gold_sample, "--fold", "1"]
    with pytest.raises(SystemExit, match="held out are too few"):
        main([*asked, "--out", str(tmp_path)])
