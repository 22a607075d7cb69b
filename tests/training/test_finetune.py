from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the training extra is not installed")
transformers = pytest.importorskip("transformers", reason="the training extra is not installed")

from tiny_encoder import SHAPE, checkpoint  # noqa: E402

import govie  # noqa: E402
from govie.errors import ModelError, OptionError, ReadError  # noqa: E402
from govie.model.network import Sizes  # noqa: E402
from training.bases import base_vocabulary, load_base  # noqa: E402
from training.finetune import Settings  # noqa: E402
from training.run import Run, load_settings, main  # noqa: E402

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "training" / "configs" / "finetune.toml"
QUICK = ["--set", "settings.epochs=1", "--threads", "1"]


@pytest.fixture(scope="module")
def finished(tiny_encoder: Path, gold_sample: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that held one of the two seeds out."""
    out = tmp_path_factory.mktemp("run")
    main([str(CONFIG), "--base", str(tiny_encoder), *gold_sample, "--fold", "1", "--out", str(out), *QUICK])
    return out


def test_a_run_says_what_it_did(finished: Path) -> None:
    about = json.loads((finished / "run.json").read_text("utf-8"))
    assert about["settings"]["seed"] == 1
    assert about["held_out"]["documents"] == ["000_dd970950b1e91c31.txt"]
    assert about["trained_on"] == ["004_8f7669790fd4255f.txt"]
    assert about["data"]["sentences"] == 40
    assert len(about["data"]["sha256"]) == 64
    assert about["environment"]["torch"] == torch.__version__
    found = json.loads((finished / "scores.json").read_text("utf-8"))
    assert found["sentences"] == about["held_out"]["sentences"] == 40
    assert set(found["ways"]) == {"rules", "model", "auto"}
    assert found["ways"]["rules"]["spans"]["micro"]["f1"] > 0.9
    assert set(found["given_spans"]["auto"]) == {"relations", "facts", "attributes of right pairs"}


def test_a_run_is_a_model(finished: Path) -> None:
    extractor = govie.load(finished, mode="model")
    assert extractor.model_hash
    assert extractor("地区生产总值增长5%。").text


def test_same_seed_same_run(finished: Path, tiny_encoder: Path, gold_sample: list[str], tmp_path: Path) -> None:
    for seed in (1, 2):
        more = ["--set", f"settings.seed={seed}"]
        main(
            [
                str(CONFIG),
                "--base",
                str(tiny_encoder),
                *gold_sample,
                "--fold",
                "1",
                "--out",
                str(tmp_path / str(seed)),
                *QUICK,
                *more,
            ]
        )
    weights = [(folder / "model.safetensors").read_bytes() for folder in (finished, tmp_path / "1", tmp_path / "2")]
    assert weights[0] == weights[1] != weights[2]
    assert (finished / "scores.json").read_bytes() == (tmp_path / "1" / "scores.json").read_bytes()


@pytest.mark.parametrize("kind", ["electra", "roberta"])
def test_other_encoders(kind: str, gold_sample: list[str], tmp_path: Path) -> None:
    base = checkpoint(kind, tmp_path / "base")
    main([str(CONFIG), "--base", str(base), *gold_sample, "--out", str(tmp_path / "run"), *QUICK])
    assert Run.read(tmp_path / "run").about["environment"]["transformers"] == transformers.__version__
    assert json.loads((tmp_path / "run" / "scores.json").read_text("utf-8")) == {}
    assert govie.load(tmp_path / "run", mode="model")("增长5%。").text


def test_going_on_from_a_run(finished: Path, gold_sample: list[str], tmp_path: Path) -> None:
    out = tmp_path / "more"
    main([str(CONFIG), "--init", str(finished), *gold_sample, "--fold", "1", "--out", str(out), *QUICK])
    about = Run.read(out).about
    assert about["continued_from"]["run"] == finished.name
    assert about["base"] == Run.read(finished).about["base"]
    assert (out / "model.safetensors").read_bytes() != (finished / "model.safetensors").read_bytes()


def test_a_document_seen_before_cannot_be_held_out(finished: Path, gold_sample: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="was trained on 1 documents held out"):
        main([str(CONFIG), "--init", str(finished), *gold_sample, "--fold", "5", "--out", str(tmp_path), *QUICK])


@pytest.mark.parametrize("kind", ["bert", "roberta"])
def test_positions_begin_where_the_encoder_was_trained_to(kind: str, tmp_path: Path) -> None:
    network = load_base(str(checkpoint(kind, tmp_path)), Sizes(), 0.0).eval()
    ids, real = torch.tensor([[2, 7, 8, 3]]), torch.ones(1, 4, dtype=torch.long)
    with torch.no_grad():
        plain, counted = network(ids, real), network(ids, real, torch.arange(4)[None])
    assert torch.equal(plain[0], counted[0])


@pytest.mark.parametrize(
    ("overrides", "problem"),
    [
        (["settings.epoch=1"], "unknown: epoch"),
        (["training.epochs=1"], "unknown: training"),
        (["epochs=1"], "not table"),
    ],
)
def test_unknown_settings(overrides: list[str], problem: str) -> None:
    with pytest.raises(OptionError, match=problem):
        load_settings(CONFIG, overrides)


def test_settings_are_read() -> None:
    assert load_settings(CONFIG, ["settings.epochs=3"]) == Settings(**{**vars(load_settings(CONFIG)), "epochs": 3})
    with pytest.raises(ReadError):
        load_settings(CONFIG.with_name("none.toml"))


def test_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no encoder"):
        load_base(str(tmp_path), Sizes(), 0.1)
    with pytest.raises(ModelError, match="no vocabulary"):
        base_vocabulary(str(tmp_path))
    checkpoint("bert", tmp_path)
    transformers.AutoModel.from_config(
        transformers.AutoConfig.for_model("bert", **SHAPE, max_position_embeddings=100)
    ).save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="reads 100 tokens"):
        load_base(str(tmp_path), Sizes(), 0.1)
