from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the training extra is not installed: no torch")
for name in ("transformers", "onnx", "onnxscript", "onnxruntime"):
    pytest.importorskip(name, reason=f"the training extra is not installed: no {name}")

import numpy as np  # noqa: E402
import transformers  # noqa: E402
from torch.nn import functional  # noqa: E402

from govie.model.loading import open_model, open_network  # noqa: E402
from govie.model.network import Convolutions, Network, Sizes  # noqa: E402
from govie.model.onnx_backend import OnnxEncoder  # noqa: E402
from govie.model.store import write_sums  # noqa: E402
from govie.model.torch_backend import TorchEncoder  # noqa: E402
from govie.rules.tagger import tag_sentence  # noqa: E402
from training.export import export_graph, quantise  # noqa: E402
from training.saving import halve, save_model  # noqa: E402

PLAIN = "预计地区生产总值完成990亿元,同比增长6%左右;新建学校12所。"
SIZES = Sizes(boundary=6, hidden=8, product=4, local=10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network with random weights in a model's folder, and its graph in float32."""
    out = tmp_path_factory.mktemp("model")
    characters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *dict.fromkeys(PLAIN)]
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(characters), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    network = Network(transformers.BertModel(config, add_pooling_layer=False), SIZES).eval()
    halve(network)
    (out / "vocab.txt").write_text("\n".join(characters) + "\n", "utf-8")
    save_model(network, out / "vocab.txt", out)
    export_graph(network, out / "model.onnx")
    write_sums(out)
    return out


@pytest.mark.filterwarnings("ignore")
def test_both_backends_agree(folder: Path) -> None:
    exact, graph = TorchEncoder(open_network(folder)), OnnxEncoder(folder / "model.onnx", 1)
    rng = np.random.default_rng(0)
    for batch, length in ((1, 2), (3, 40), (2, 256)):
        ids, real = rng.integers(4, 20, (batch, length)), np.ones((batch, length), np.int64)
        real[0, length // 2 + 1 :] = 0
        for one, other in zip(exact(ids, real), graph(ids, real), strict=True):
            assert one.shape == other.shape
            assert np.abs(one - other)[real == 1].max() < 1e-3


@pytest.mark.parametrize("length", [1, 3, 17])
def test_the_convolutions_are_convolutions(length: int) -> None:
    torch.manual_seed(0)
    ours, rows = Convolutions(3, 4, 5), torch.randn(2, length, 3)
    theirs = rows.transpose(1, 2)
    for one in (ours.first, ours.second):
        theirs = functional.gelu(functional.conv1d(theirs, one.weight, one.bias, padding="same"))
    found = ours(rows, torch.ones(2, length, dtype=torch.long))
    assert torch.allclose(found, theirs.transpose(1, 2), atol=1e-6)


def test_padding_changes_nothing(folder: Path) -> None:
    encoder = OnnxEncoder(folder / "model.onnx", 1)
    ids = np.random.default_rng(1).integers(4, 20, (1, 9))
    padded = np.concatenate([ids, np.zeros((1, 5), np.int64)], axis=1)
    alone = encoder(ids, np.ones_like(ids))
    together = encoder(padded, (np.arange(14) < 9).astype(np.int64)[None])
    for one, other in zip(alone, together, strict=True):
        assert np.abs(one - other[:, :9]).max() < 1e-4


def test_the_int8_form_is_a_model(folder: Path, tmp_path: Path) -> None:
    quantise(folder / "model.onnx", tmp_path / "small.onnx")
    (folder / "model.onnx").write_bytes((tmp_path / "small.onnx").read_bytes())
    write_sums(folder)
    tagger, _ = open_model(str(folder), "cpu", 1)
    from govie.model.features import Input

    assert len(tagger.tag([Input(PLAIN, None, tag_sentence(PLAIN))])) == 1
