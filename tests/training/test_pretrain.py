from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the training extra is not installed: no torch")
pytest.importorskip("transformers", reason="the training extra is not installed: no transformers")

from safetensors.torch import load_file  # noqa: E402

from training.checkpoint import latest  # noqa: E402
from training.pretrain import pretrain, write_out  # noqa: E402
from training.pretrain_config import load_config  # noqa: E402

_ROOT = Path(__file__).parents[2]
_CONFIG = """
[model]
hidden_size = 32
layers = 2
heads = 2
intermediate_size = 64
max_positions = 128
[objective]
generator_hidden = 16
[weights]
tiny = 1.0
[schedule]
total_steps = 24
decay_steps = 10
warmup_steps = 4
peak_rate = 3e-3
optimizer = "muon"
micro_batches = 2
stages = [{until = 12, length = 16, batch = 8}, {until = 99, length = 32, batch = 4}]
[run]
threads = 1
log_every = 5
eval_every = 12
eval_windows = 8
checkpoint_every = 3
"""


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.toml"
    path.write_text(_CONFIG, encoding="utf-8")
    return path


def _quiet(line: str) -> None:
    pass


def _weights(run: Path) -> dict[str, torch.Tensor]:
    return load_file(run / "model" / "model.safetensors")


def _curve(run: Path) -> list[dict[str, object]]:
    records = [json.loads(line) for line in (run / "curve.jsonl").read_text(encoding="utf-8").splitlines()]
    return [{key: value for key, value in record.items() if "seconds" not in key} for record in records]


def _start(config_file: Path, packed: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "training.pretrain", str(config_file), "--data", str(packed), "--out", str(out)]
    return subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait_for_checkpoint(process: subprocess.Popen[bytes], out: Path) -> None:
    deadline = time.monotonic() + 120
    while latest(out / "checkpoints") is None:
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline, "no checkpoint was written"
        time.sleep(0.005)


def test_killed_run_resumes_to_the_same_result(config_file: Path, packed: Path, tmp_path: Path) -> None:
    process = _start(config_file, packed, tmp_path / "killed")
    _wait_for_checkpoint(process, tmp_path / "killed")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "killed" / "model").exists()
    for name in ("killed", "whole"):
        pretrain(load_config(config_file), packed, tmp_path / name, report=_quiet)
    resumed, whole = _weights(tmp_path / "killed"), _weights(tmp_path / "whole")
    assert resumed.keys() == whole.keys()
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)
    assert _curve(tmp_path / "killed") == _curve(tmp_path / "whole")


@pytest.mark.parametrize("objective", ["mlm", "rtd", "both"])
def test_stopped_run_goes_on_as_if_it_had_not_been(
    config_file: Path, packed: Path, tmp_path: Path, objective: str
) -> None:
    chosen = f'objective.name="{objective}"'
    long = load_config(config_file, [chosen, "schedule.total_steps=8", "schedule.decay_steps=2"])
    short = load_config(config_file, [chosen, "schedule.total_steps=5", "schedule.decay_steps=0"])
    pretrain(short, packed, tmp_path / "parts", report=_quiet)
    for name in ("parts", "whole"):
        pretrain(long, packed, tmp_path / name, report=_quiet)
    parts, whole = _weights(tmp_path / "parts"), _weights(tmp_path / "whole")
    assert all(torch.equal(parts[name], whole[name]) for name in whole)


@pytest.fixture(scope="module")
def finished(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run from beginning to end."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "tiny.toml").write_text(_CONFIG, encoding="utf-8")
    overrides = (
        "schedule.total_steps=100",
        "schedule.stages=[{until=100,length=32,batch=8}]",
        "schedule.peak_rate=1e-2",
        'schedule.optimizer="adamw"',
        "run.checkpoint_every=50",
        "run.eval_every=50",
    )
    config = load_config(folder / "tiny.toml", overrides)
    pretrain(config, packed, folder / "run", report=_quiet)
    return folder / "run"


def test_heldout_loss_falls(finished: Path) -> None:
    records = [json.loads(line) for line in (finished / "curve.jsonl").read_text(encoding="utf-8").splitlines()]
    losses = [r["heldout"]["tiny"]["loss"] for r in records if "heldout" in r]
    assert losses[-1] < losses[0] - 0.2


def test_model_loads_by_name(finished: Path) -> None:
    from transformers import AutoModel, AutoModelForMaskedLM

    model = AutoModel.from_pretrained(finished / "model")
    ids = torch.tensor([[2, 6, 7, 3]])
    assert model(ids).last_hidden_state.shape == (1, 4, 32)
    _, info = AutoModelForMaskedLM.from_pretrained(finished / "model", output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]


def test_nothing_is_pickled(finished: Path) -> None:
    kinds = {path.suffix for path in finished.rglob("*") if path.is_file()}
    assert kinds == {".safetensors", ".json", ".jsonl", ".txt"}


def test_run_is_described(finished: Path, packed: Path) -> None:
    run = json.loads((finished / "run.json").read_text(encoding="utf-8"))
    meta = json.loads((packed / "meta.json").read_text(encoding="utf-8"))
    assert run["data_hash"] == meta["data_hash"]
    assert run["config"]["model"]["hidden_size"] == 32
    assert not (finished / "pretrain.pid").exists()


def test_an_unfinished_run_can_be_written_out(config_file: Path, packed: Path, tmp_path: Path) -> None:
    config = load_config(config_file, ["schedule.total_steps=3", "schedule.decay_steps=0"])
    finished = _weights(pretrain(config, packed, tmp_path / "run", report=_quiet).parent)
    longer = load_config(config_file, ["schedule.total_steps=9", "schedule.decay_steps=0"])
    written = _weights(write_out(longer, packed, tmp_path / "run").parent)
    assert all(torch.equal(written[name], finished[name]) for name in finished)


def test_other_data_are_refused_on_resume(config_file: Path, packed: Path, corpus: Path, tmp_path: Path) -> None:
    from training.pack import Source, pack

    config = load_config(config_file, ["schedule.total_steps=3", "schedule.decay_steps=0"])
    pretrain(config, packed, tmp_path / "run", report=_quiet)
    pack([Source("tiny", corpus, 5)], tmp_path / "other")
    with pytest.raises(ValueError, match="data differ"):
        pretrain(config, tmp_path / "other", tmp_path / "run", report=_quiet)


def test_rotary_positions_can_be_chosen(config_file: Path, packed: Path, tmp_path: Path) -> None:
    from transformers import AutoModel

    config = load_config(config_file, ['model.type="roformer"', "schedule.total_steps=2", "schedule.decay_steps=0"])
    folder = pretrain(config, packed, tmp_path / "run", report=_quiet)
    assert AutoModel.from_pretrained(folder).config.model_type == "roformer"
