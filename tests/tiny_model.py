"""A tiny model of no skill, made on the spot: its folder is real, its scores are any, so it tries out everything else.

It is built rather than kept in the repository because its shape follows the labels and features of the version under
test; the onnx package, which writes the graph, is needed for nothing else.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from robustness_texts import FRAGMENTS
from safetensors.numpy import save_file

from govie.model.arbiter import ARBITER_FEATURES, ARBITER_TENSORS, TRUSTED
from govie.model.calibration import Calibration
from govie.model.features import ATTRIBUTE_FEATURES, PAIR_FEATURES
from govie.model.labels import ATTRIBUTES, LINK_CLASSES, TAGS
from govie.model.store import calibration_dict, expected_labels, write_sums

WIDTH, HIDDEN, PRODUCT = 4, len(LINK_CLASSES), 4
CHARACTERS = sorted({char for piece in FRAGMENTS for char in piece if char.isprintable() and char != " "})
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *dict.fromkeys("".join(CHARACTERS).lower())]


def make_model(folder: Path, *, trust: float = 4.0, seed: int = 5) -> Path:
    """Write a model's folder and return it.

    Args:
        folder: is made.
        trust: how much the rules' mentions and links weigh against the noise.
        seed: of the noise.
    """
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    write_graph(folder / "model.onnx", rng)
    save_file(heads(rng, trust=trust), folder / "model.safetensors")
    save_file(arbiter(rng, trust=trust), folder / "arbiter.safetensors")
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    (folder / "config.json").write_text("{}", encoding="utf-8")
    (folder / "README.md").write_text("A model of no skill.", encoding="utf-8")
    write_json(folder / "labels.json", expected_labels())
    write_json(folder / "calibration.json", calibration_dict(Calibration()))
    write_sums(folder)
    return folder


def write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


def write_graph(path: Path, rng: np.random.Generator, *, size: int = len(VOCABULARY)) -> None:
    """Write a graph in which a character's row is its own."""
    tables = {
        "characters": rng.normal(size=(size, len(TAGS))),
        "places": rng.normal(size=(size, 2 * WIDTH)),
    }
    nodes = [
        helper.make_node("Gather", ["characters", "ids"], ["tags"]),
        helper.make_node("Gather", ["places", "ids"], ["rows"]),
        helper.make_node("Identity", ["real"], ["unused"]),
    ]
    given = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in ("ids", "real")]
    made = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "length", None]) for name in ("tags", "rows")
    ]
    weights = [numpy_helper.from_array(table.astype(np.float32), name) for name, table in tables.items()]
    graph = helper.make_graph(nodes, "tiny", given, made, weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


def heads(rng: np.random.Generator, *, trust: float) -> dict[str, np.ndarray]:
    """Return the tensors of the heads, in torch's layout."""
    mention, values = 2 * WIDTH, sum(map(len, ATTRIBUTES.values()))
    shapes = {
        "pair.head.weight": (HIDDEN, mention),
        "pair.head.bias": (HIDDEN,),
        "pair.tail.weight": (HIDDEN, mention),
        "pair.left.weight": (PRODUCT, mention),
        "pair.right.weight": (PRODUCT, mention),
        "pair.product.weight": (HIDDEN, PRODUCT),
        **{f"pair.features.{name}.weight": (size, HIDDEN) for name, size in PAIR_FEATURES.items()},
        "pair.out.weight": (len(LINK_CLASSES), HIDDEN),
        "pair.out.bias": (len(LINK_CLASSES),),
        "attribute.mention.weight": (HIDDEN, mention),
        "attribute.mention.bias": (HIDDEN,),
        **{f"attribute.features.{name}.weight": (size, HIDDEN) for name, size in ATTRIBUTE_FEATURES.items()},
        "attribute.out.weight": (values, HIDDEN),
        "attribute.out.bias": (values,),
    }
    tensors = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    told = 2 * trust * np.eye(len(LINK_CLASSES))
    tensors["pair.features.rule_link.weight"][: len(LINK_CLASSES)] += told
    tensors["pair.out.weight"] += told
    return {name: tensor.astype(np.float16) for name, tensor in tensors.items()}


def arbiter(rng: np.random.Generator, *, trust: float) -> dict[str, np.ndarray]:
    """Return the tensors of an arbiter that believes the rules, and the encoder where nothing stands against it."""
    marked = np.zeros((2, len(ARBITER_FEATURES)))
    marked[0, ARBITER_FEATURES.index("rules: same")] = 1
    marked[1] = rng.normal(size=len(ARBITER_FEATURES)) / len(ARBITER_FEATURES)
    marked[1, ARBITER_FEATURES.index("encoder: same")] += 2
    marked[1, ARBITER_FEATURES.index("rivals")] -= 3
    equal = np.ones(len(TRUSTED))
    tensors = (marked, np.zeros(2), np.array([trust, 1.0]), np.array(-0.1), equal, trust * equal)
    return {name: value.astype(np.float32) for name, value in zip(ARBITER_TENSORS, tensors, strict=True)}
