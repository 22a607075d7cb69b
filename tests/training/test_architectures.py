from __future__ import annotations

from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

torch = pytest.importorskip("torch", reason="the training extra is not installed: no torch")
pytest.importorskip("transformers", reason="the training extra is not installed: no transformers")

from training.export_base import export_base, load_masked  # noqa: E402
from training.objectives import new_encoder  # noqa: E402
from training.pretrain_config import ModelConfig  # noqa: E402

_TYPES = get_args(get_type_hints(ModelConfig)["type"])
_STEMMED = [name for name in _TYPES if name.startswith("stem-")]
_SHAPE = {"hidden_size": 32, "layers": 1, "heads": 2, "intermediate_size": 64, "max_positions": 64}


def _model(kind: str) -> Any:
    torch.manual_seed(0)
    return new_encoder(ModelConfig(type=kind, **_SHAPE), 64).eval()


@pytest.fixture(params=_TYPES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Any, Path]:
    """A model with random weights, and where it was written."""
    vocab = tmp_path / "vocab.txt"
    vocab.write_text("[PAD]\n", encoding="utf-8")
    model = _model(request.param)
    return model, export_base(model, vocab, tmp_path / "base")


def test_loads_by_name_to_the_same_scores(folder: tuple[Any, Path]) -> None:
    from transformers import AutoModel

    model, path = folder
    assert not list(path.glob("*.py"))
    ids = torch.randint(5, 64, (2, 7))
    with torch.no_grad():
        assert torch.equal(load_masked(path).eval()(ids).logits, model(ids).logits)
        encoder = AutoModel.from_pretrained(path).eval()
        assert torch.equal(encoder(ids).last_hidden_state, model.base_model(ids).last_hidden_state)


@torch.no_grad()
@pytest.mark.parametrize("kind", _STEMMED)
def test_stem_looks_at_neighbours_within_its_width_and_not_at_padding(kind: str) -> None:
    embeddings = _model(kind).base_model.embeddings
    ids = torch.randint(5, 64, (1, 12))
    other = ids.clone()
    other[0, 6] = 5 if ids[0, 6] != 5 else 6
    moved = (embeddings(input_ids=ids) != embeddings(input_ids=other)).any(-1)[0]
    assert moved.nonzero().flatten().tolist() == [4, 5, 6, 7, 8]
    padded = torch.cat([ids, torch.zeros(1, 3, dtype=torch.long)], 1)
    torch.testing.assert_close(embeddings(input_ids=padded)[:, :12], embeddings(input_ids=ids))


class _Encode(torch.nn.Module):
    """An encoder with its two inputs in order, as it is exported."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Any, real: Any) -> Any:
        return self.encoder(input_ids=ids, attention_mask=real).last_hidden_state


@torch.no_grad()
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", _TYPES)
def test_onnx_gives_what_torch_gives(kind: str, tmp_path: Path) -> None:
    for name in ("onnx", "onnxscript"):
        pytest.importorskip(name, reason=f"the training extra is not installed: no {name}")
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    encode = _Encode(_model(kind).base_model).eval()
    axes = {0: torch.export.Dim("batch", max=64), 1: torch.export.Dim("length", min=2, max=64)}
    example = torch.ones(2, 9, dtype=torch.long)
    torch.onnx.export(
        encode,
        (example, example.clone()),  # one tensor given twice would become one input
        tmp_path / "encoder.onnx",
        input_names=["ids", "real"],
        dynamic_shapes=(axes, axes),
        dynamo=True,
        verbose=False,
        external_data=False,
    )
    session = runtime.InferenceSession(tmp_path / "encoder.onnx", providers=["CPUExecutionProvider"])
    for batch, length in ((1, 5), (3, 20)):
        ids = torch.randint(5, 64, (batch, length))
        ids[0, length - 2 :] = 0
        real = (ids != 0).long()
        (found,) = session.run(None, {"ids": ids.numpy(), "real": real.numpy()})
        seen = real.bool()
        torch.testing.assert_close(torch.from_numpy(found)[seen], encode(ids, real)[seen], atol=1e-4, rtol=1e-4)
