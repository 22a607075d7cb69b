from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the training extra is not installed: no torch")
pytest.importorskip("transformers", reason="the training extra is not installed: no transformers")

import numpy as np  # noqa: E402

from training.compare import RunCurve, table  # noqa: E402
from training.export_base import export_base  # noqa: E402
from training.heldout import EVAL_LENGTH, Part  # noqa: E402
from training.masked_accuracy import masked_accuracy  # noqa: E402
from training.muon import Muon, orthogonalise  # noqa: E402
from training.objectives import new_encoder  # noqa: E402
from training.pretrain_config import ModelConfig  # noqa: E402
from training.probe import Settings, probe  # noqa: E402
from training.text import MASK, Vocabulary  # noqa: E402

_HELD_OUT = frozenset(f"{n}.txt" for n in range(0, 60, 3))
_TINY = ModelConfig(hidden_size=32, layers=1, heads=2, intermediate_size=64)


@pytest.fixture(scope="module")
def base(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with random weights."""
    torch.manual_seed(0)
    size = len(Vocabulary.load(packed / "vocab.txt"))
    return export_base(new_encoder(_TINY, size), packed / "vocab.txt", tmp_path_factory.mktemp("base"), torch.float16)


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sentences whose digits are quantities; 60 documents."""
    path = tmp_path_factory.mktemp("annotated") / "data.jsonl"
    records = [
        {
            "text": f"新建学校{n}所",
            "entities": [{"label": "QUANTITY", "start_offset": 4, "end_offset": 4 + len(str(n))}],
            "source": {"file": f"{n}.txt"},
        }
        for n in range(60)
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_half_precision_on_disk_is_float32_in_memory(base: Path) -> None:
    from safetensors.torch import load_file
    from transformers import AutoModel

    assert {t.dtype for t in load_file(base / "model.safetensors").values()} == {torch.float16}
    assert {p.dtype for p in AutoModel.from_pretrained(base).parameters()} == {torch.float32}


def test_probe_learns_what_is_easy(base: Path, annotated: Path) -> None:
    settings = Settings(epochs=15, batch=4, rate=3e-3)
    result = probe(base, annotated, settings, _HELD_OUT)
    assert result["train_sentences"] + result["heldout_sentences"] == 60
    assert result["heldout"]["QUANTITY"] > 0.9
    assert result["heldout_sentences"] == len(_HELD_OUT)
    assert probe(base, annotated, settings, _HELD_OUT)["heldout"] == result["heldout"]


def test_spans_behind_the_cut_count_as_missed(base: Path, annotated: Path) -> None:
    assert probe(base, annotated, Settings(epochs=1, max_length=4), _HELD_OUT)["heldout"]["ALL"] == 0


def test_masked_accuracy_reports_every_source_and_text(base: Path, packed: Path, corpus: Path) -> None:
    long = corpus.parent / "long.txt"
    long.write_text("\n".join(f.read_text(encoding="utf-8") for f in sorted(corpus.glob("*.txt"))), encoding="utf-8")
    result = masked_accuracy(base, packed, ["tiny"], [long], limit=8)
    assert set(result["masked"]) == set(result["mixed"]) == {"tiny", "texts", "long"}
    assert result["masked"]["long"] == result["masked"]["texts"]


def test_a_text_shorter_than_a_window_is_left_out(base: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.txt"
    short.write_text("短", encoding="utf-8")
    assert masked_accuracy(base, None, [], [short])["masked"] == {}


def test_mixed_hiding_keeps_and_replaces_a_tenth_each() -> None:
    ids = np.random.default_rng(0).integers(5, 4000, 60_000).astype(np.uint16)
    part = Part.cut(ids, 400, mixed=True)
    chosen, gold = part.shown[part.mask], part.windows[part.mask]
    assert part.windows.shape[1] == EVAL_LENGTH
    assert (chosen == MASK).mean() == pytest.approx(0.8, abs=0.02)
    assert (chosen == gold).mean() == pytest.approx(0.1, abs=0.02)
    assert (part.shown == part.windows)[~part.mask].all()
    assert (Part.cut(ids, 400).mask == part.mask).all()


@pytest.mark.parametrize("shape", [(3, 16, 16), (2, 48, 16), (2, 16, 48)])
def test_orthogonalised_singular_values_are_near_one(shape: tuple[int, int, int]) -> None:
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonalise(torch.randn(shape)))
    assert values.min() > 0.5
    assert values.max() < 1.3


def test_muon_steps_have_the_size_of_adamws() -> None:
    torch.manual_seed(0)
    parameter = torch.nn.Parameter(torch.zeros(64, 32))
    optimizer = Muon([parameter], lr=0.01, weight_decay=0.0)
    parameter.grad = torch.randn(64, 32)
    optimizer.step()
    assert float(parameter.detach().pow(2).mean().sqrt()) == pytest.approx(0.01 * 0.2, rel=0.3)


def test_runs_are_compared_at_equal_time(tmp_path: Path) -> None:
    for name, seconds, end in (("fast", 100, 0.3), ("slow", 200, 0.4)):
        (tmp_path / name).mkdir()
        records = [
            {"step": 0, "tokens": 0, "seconds": 0, "heldout": {"gov": {"accuracy": 0.0, "loss": 8.0}}},
            {"step": 5, "tokens": 1, "seconds": 50, "loss": 1.0},
            {"step": 9, "tokens": 1000, "seconds": seconds, "heldout": {"gov": {"accuracy": end, "loss": 5.0}}},
        ]
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (tmp_path / name / "curve.jsonl").write_text(lines + '{"cut sh', encoding="utf-8")
    text = table([RunCurve.read(tmp_path / name) for name in ("slow", "fast")])
    assert text.splitlines()[2:] == [
        "| fast | 10 | 1000 | 0.3000 | 5.0000 |",
        "| slow | 5 | 1000 | 0.2000 | 6.5000 |",
    ]
