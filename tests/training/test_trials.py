from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the training extra is not installed: no torch")
pytest.importorskip("transformers", reason="the training extra is not installed: no transformers")

from training.compare import RunCurve, table
from training.trials import Plan, run_trials, speeds

_CONFIG = """
[model]
hidden_size = 16
layers = 1
heads = 2
intermediate_size = 32
max_positions = 128
[weights]
tiny = 1.0
[schedule]
total_steps = 1
decay_steps = 0
peak_rate = 1e-3
stages = [{until = 999, length = 16, batch = 4}]
[run]
threads = 1
eval_windows = 4
"""
_PLAN = """
config = "tiny.toml"
seconds = 2
common = ["schedule.warmup_steps=2"]
[trials]
small = []
large = ["schedule.stages=[{until=999,length=16,batch=8}]"]
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "tiny.toml").write_text(_CONFIG, encoding="utf-8")
    (tmp_path / "plan.toml").write_text(_PLAN, encoding="utf-8")
    return Plan.read(tmp_path / "plan.toml")


def test_a_schedule_ends_when_the_seconds_are_spent(plan: Plan) -> None:
    assert plan.load("small", 320).schedule.total_steps == 10
    assert plan.load("large", 320).schedule.total_steps == 5
    assert plan.load("large", 320).schedule.decay_steps == 1
    assert plan.load("large").schedule.warmup_steps == 2


def test_speeds_are_measured_for_every_trial(plan: Plan, packed: Path) -> None:
    assert min(speeds(plan, ["small", "large"], packed).values()) > 0


def test_trials_are_comparable_undisturbed_and_not_repeated(plan: Plan, packed: Path, tmp_path: Path) -> None:
    for name, speed in (("small", 160), ("large", 320)):
        (tmp_path / "out" / name).mkdir(parents=True)
        (tmp_path / "out" / name / "speed.json").write_text(json.dumps({"tokens_per_second": speed}), encoding="utf-8")
    lines: list[str] = []
    run_trials(plan, ["small", "large"], packed, tmp_path / "out", lines.append)
    curves = [RunCurve.read(tmp_path / "out" / name) for name in ("small", "large")]
    assert [curve.spent["undisturbed_seconds"][-1] for curve in curves] == [2.0, 2.0]
    assert "| large | 320 | 640 |" in table(curves, "undisturbed_seconds")
    taken = len(lines)
    run_trials(plan, ["small"], packed, tmp_path / "out", lines.append)
    assert lines[taken:] == ["# small: 160 tokens/s"]
