"""Export a trained model: ``python -m training.export RUN models/NAME --data FILE... [--texts FOLDER]``.

The encoder goes to ONNX and is quantised to int8 (dynamic: weights ahead, activations as they come; per channel).
The export is refused where the int8 model's F1 on the data given falls more than 0.3 points below the network's.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch

from govie.model.calibration import Calibration
from govie.model.heads import Heads
from govie.model.loading import open_network
from govie.model.network import Network
from govie.model.onnx_backend import OnnxEncoder
from govie.model.store import ModelFolder, write_sums
from govie.model.tagger import Encoder, ModelTagger
from govie.model.torch_backend import TorchEncoder, head_tensors
from training.examples import Example, load_examples
from training.files import write_atomically
from training.measure import measure

__all__ = ["DROP", "export_graph", "quantise"]

log = logging.getLogger("govie.training")

DROP = 0.003
"""The most F1 that quantisation may cost."""
_OPSET = 23  # the first that has attention as one operator
_QUANTISED = ("MatMul", "Gather")  # the quantiser takes attention for an operator of ONNX Runtime's own of that name
_KEPT = (
    "model.safetensors",
    "config.json",
    "vocab.txt",
    "labels.json",
    "calibration.json",
    "arbiter.safetensors",
    "run.json",
)


def export_graph(network: Network, path: Path) -> None:
    """Write the encoder and the layers over each token as an ONNX graph, float32, batch and length free.

    Args:
        network: in evaluation mode.
        path: of the .onnx file.
    """
    shape = 2, 8
    example = (torch.full(shape, 5), torch.ones(shape, dtype=torch.long))
    batch, length = torch.export.Dim("batch", min=1), torch.export.Dim("length", min=2)
    names = ("ids", "real")
    torch.onnx.export(
        network.eval(),
        example,
        str(path),
        input_names=list(names),
        output_names=["tags", "rows"],
        dynamic_shapes={name: {0: batch, 1: length} for name in names},
        opset_version=_OPSET,
        external_data=False,
        dynamo=True,
        verbose=False,
    )


def quantise(graph: Path, out: Path) -> None:
    """Write the int8 form of a float32 graph."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(graph), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            prepared, out, op_types_to_quantize=list(_QUANTISED), per_channel=True, weight_type=QuantType.QInt8
        )


def _tagger(encoder: Encoder, network: Network, folder: ModelFolder) -> ModelTagger:
    heads = Heads(head_tensors(network))
    return ModelTagger(encoder, folder.vocabulary(), heads, Calibration(), folder.arbiter())


def export(run: Path, folder: Path, examples: Sequence[Example]) -> dict[str, float]:
    """Export a run into a model's folder.

    Returns:
        F1 of all spans and of facts with all attributes, before and after quantisation.

    Raises:
        SystemExit: quantisation costs too much; nothing is left in ``folder``.
    """
    network = open_network(run)
    made = ModelFolder(run)
    with tempfile.TemporaryDirectory() as work:
        exact, small = Path(work) / "float32.onnx", Path(work) / "model.onnx"
        export_graph(network, exact)
        quantise(exact, small)
        before = measure(_tagger(TorchEncoder(network), network, made), examples)
        after = measure(_tagger(OnnxEncoder(small), network, made), examples)
        scores = {f"{name} {when}": got[name] for when, got in (("float32", before), ("int8", after)) for name in got}
        for name in before:
            if after[name] < before[name] - DROP:
                raise SystemExit(f"refused: int8 lowers {name} from {before[name]:.4f} to {after[name]:.4f}")
        folder.mkdir(parents=True, exist_ok=True)
        for name in _KEPT:
            if (run / name).is_file():
                shutil.copyfile(run / name, folder / name)
        shutil.copyfile(small, folder / "model.onnx")
    (folder / "scores").mkdir(exist_ok=True)
    write_atomically(folder / "scores" / "export.json", json.dumps(scores, indent=1) + "\n")
    write_sums(folder)
    return scores


def main(argv: Sequence[str] | None = None) -> int:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Export a trained model to ONNX int8.")
    parser.add_argument("run", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="annotation that int8 is checked on")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="folders of its documents")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for name, value in export(options.run, options.folder, load_examples(options.data, options.texts)).items():
        log.info("%s %.4f", name, value)
    return 0


if __name__ == "__main__":
    sys.exit(main())
