from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from training.pretrain_config import PretrainConfig, Schedule, Stage, config_from, load_config

_SCHEDULE = Schedule(
    total_steps=100, decay_steps=20, warmup_steps=10, peak_rate=1.0, stages=(Stage(50, 64, 8), Stage(500, 128, 4))
)
_FOLDER = Path(__file__).parents[2] / "training" / "configs"
# The others in the folder are plans of trials and settings of fine-tuning, which have readers of their own.
_CONFIGS = sorted([*_FOLDER.glob("base-*.toml"), *_FOLDER.glob("trial-*.toml")])


def test_rate_rises_stays_and_falls() -> None:
    assert _SCHEDULE.rate(0) == pytest.approx(0.1)
    assert {_SCHEDULE.rate(step) for step in range(9, 81)} == {1.0}
    assert 1 > _SCHEDULE.rate(81) > _SCHEDULE.rate(99) > 0
    assert _SCHEDULE.rate(100) == 0


def test_stages_follow_each_other() -> None:
    assert _SCHEDULE.stage(49) == (Stage(50, 64, 8), 0)
    assert _SCHEDULE.stage(50) == (Stage(500, 128, 4), 50)
    with pytest.raises(ValueError, match="no stage covers"):
        _SCHEDULE.stage(500)


@pytest.mark.parametrize(
    ("change", "step", "message"),
    [
        ({"total_steps": 200}, 80, None),
        ({"total_steps": 200}, 85, "has been taken"),
        ({"decay_steps": 50}, 50, None),
        ({"decay_steps": 50}, 52, "has been taken"),
        ({"peak_rate": 2.0}, 1, "has been taken"),
        ({"stages": (Stage(70, 64, 8), Stage(500, 128, 4))}, 50, None),
        ({"stages": (Stage(40, 64, 8), Stage(500, 128, 4))}, 50, "has been taken"),
    ],
)
def test_a_resumed_run_may_only_change_what_lies_ahead(
    change: dict[str, object], step: int, message: str | None
) -> None:
    earlier = PretrainConfig(schedule=_SCHEDULE, weights={"gov": 1.0})
    later = replace(earlier, schedule=replace(_SCHEDULE, **change))
    if message is None:
        later.check_resumable(earlier, step)
        return
    with pytest.raises(ValueError, match=message):
        later.check_resumable(earlier, step)


def test_other_weights_or_seed_are_refused() -> None:
    earlier = PretrainConfig(schedule=_SCHEDULE, weights={"gov": 1.0})
    with pytest.raises(ValueError, match="weights"):
        replace(earlier, weights={"gov": 2.0}).check_resumable(earlier, 1)
    with pytest.raises(ValueError, match="seed"):
        replace(earlier, run=replace(earlier.run, seed=9)).check_resumable(earlier, 1)


@pytest.mark.parametrize("path", _CONFIGS, ids=lambda path: path.stem)
def test_shipped_configs_load_and_survive_json(path: Path) -> None:
    config = load_config(path, ["schedule.total_steps=321"])
    assert config.schedule.total_steps == 321
    assert config_from(config.as_dict()) == config


def test_unknown_keys_and_malformed_overrides_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        load_config(_CONFIGS[0], ["run.speed=1"])
    with pytest.raises(ValueError, match="not table"):
        load_config(_CONFIGS[0], ["run"])
