"""How much of this processor's matrix peak govie's encoder reaches, and where the rest of its time goes.

    python benchmarks/encoder_peak.py [MODEL]

The peaks are the best rates of ONNX Runtime's own products (MatMulInteger, MatMul) over some square sizes, in the same
run and with one thread; an operation is a multiplication or an addition. The encoder's operations are those of its
quantised layers, counted from the graph; the products inside attention, which stay float32, are told apart.
Rates count processor time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from speed import seconds

from govie.model.onnx_backend import SLOW_FUSIONS

MODEL = Path(__file__).parents[1] / "models" / "govie-zh-4x256"
SIZES = (256, 512, 1024)
WINDOWS = ((1, 34), (1, 128), (1, 256), (8, 128), (8, 256))
"""Rows and tokens of what the encoder is given: the median sentence, longer ones, and long batches."""
_PRODUCTS = {"MatMulInteger": 1, "DynamicQuantizeMatMul": 1, "MatMulIntegerToFloat": 1, "ConvInteger": 1}
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Work:
    """Operations of one token.

    Attributes:
        quantised: in layers whose weights are int8.
        per_neighbour: in the products inside attention, for each token of its window.
    """

    quantised: int
    per_neighbour: int

    def of(self, rows: int, length: int) -> int:
        """Return the operations of a batch, both kinds."""
        return rows * length * (self.quantised + self.per_neighbour * length)


def session(
    graph: str | bytes, threads: int = 1, left_out: Collection[str] = SLOW_FUSIONS, **more: object
) -> onnxruntime.InferenceSession:
    """Open a graph as govie does; ``more`` are attributes of the session's options."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    for name, value in more.items():
        setattr(options, name, value)
    return onnxruntime.InferenceSession(
        graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=set(left_out)
    )


def product(size: int, whole: bool) -> bytes:
    """Return a graph that multiplies by a square matrix: unsigned by signed int8 if ``whole``, else float32."""
    kinds = (
        (TensorProto.UINT8, np.int8, TensorProto.INT32) if whole else (TensorProto.FLOAT, np.float32, TensorProto.FLOAT)
    )
    right = numpy_helper.from_array(np.ones((size, size), kinds[1]), "right")
    node = helper.make_node("MatMulInteger" if whole else "MatMul", ["left", "right"], ["out"])
    shapes = [
        helper.make_tensor_value_info(name, kind, [size, size])
        for name, kind in (("left", kinds[0]), ("out", kinds[2]))
    ]
    graph = helper.make_graph([node], "product", shapes[:1], shapes[1:], [right])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    return bytes(model.SerializeToString())


def peak(whole: bool, runs: int) -> float:
    """Return the best rate over the sizes, in operations a second."""
    rates = []
    for size in SIZES:
        running = session(product(size, whole))
        left = np.ones((size, size), np.uint8 if whole else np.float32)
        running.run(None, {"left": left})
        spent = min(seconds(lambda r=running, x=left: r.run(None, {"left": x})) for _ in range(runs))  # type: ignore[misc]
        rates.append(2 * size**3 / spent)
    return max(rates)


def work(graph: onnx.GraphProto, layers: int, hidden: int) -> Work:
    """Count the operations of a quantised graph."""
    weights = {one.name: list(one.dims) for one in graph.initializer}
    total = 0
    for node in graph.node:
        if node.op_type in _PRODUCTS:
            total += 2 * int(np.prod(weights.get(node.input[_PRODUCTS[node.op_type]], [0])))
    return Work(total, 4 * hidden * layers)


def profile(path: Path, rows: int, length: int, runs: int) -> Counter[str]:
    """Return the share of the encoder's time by kind of node."""
    with tempfile.TemporaryDirectory() as folder:
        running = session(str(path), enable_profiling=True, profile_file_prefix=str(Path(folder) / "profile"))
        for _ in range(runs):
            running.run(None, batch(rows, length))
        events = json.loads(Path(running.end_profiling()).read_text("utf-8"))
    return shares(events)


def shares(events: Sequence[dict[str, object]]) -> Counter[str]:
    """Sum a profile's events by kind of node; the shares add up to 1."""
    spent: Counter[str] = Counter()
    for event in events:
        if event.get("cat") == "Node" and str(event["name"]).endswith("_kernel_time"):
            spent[event["args"]["op_name"]] += event["dur"]  # type: ignore[index,operator]
    whole = sum(spent.values()) or 1
    return Counter({name: dur / whole for name, dur in spent.items()})  # type: ignore[misc]


def batch(rows: int, length: int) -> dict[str, np.ndarray]:
    """Return inputs of the encoder without padding."""
    return {"ids": np.full((rows, length), 100), "real": np.ones((rows, length), np.int64)}


def main(argv: list[str] | None = None) -> int:
    """Print the peaks, the shares and the profile."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("model", type=Path, nargs="?", default=MODEL)
    parser.add_argument("--runs", type=int, default=5, help="runs of which the fastest counts")
    options = parser.parse_args(argv)
    graph = options.model / "model.onnx"
    sizes = json.loads((options.model / "config.json").read_text("utf-8"))
    counted = work(onnx.load(str(graph)).graph, sizes["num_hidden_layers"], sizes["hidden_size"])
    whole, single = peak(True, options.runs), peak(False, options.runs)
    print(f"peak, one thread: int8 {whole / 1e9:.0f}, float32 {single / 1e9:.0f} billion operations a second")
    print(
        f"encoder: {counted.quantised / 1e6:.1f} million operations a token in int8 layers, "
        f"{counted.per_neighbour} a pair of tokens in float32"
    )
    print("| rows × tokens | ms | billion a second | of int8 peak | of float32 peak |\n|---|--:|--:|--:|--:|")
    running = session(str(graph))
    for rows, length in WINDOWS:
        given = batch(rows, length)
        running.run(None, given)
        spent = min(seconds(lambda g=given: running.run(None, g)) for _ in range(options.runs))  # type: ignore[misc]
        rate = counted.of(rows, length) / spent
        print(
            f"| {rows} × {length} | {1000 * spent:.1f} | {rate / 1e9:.0f} | {rate / whole:.0%} | {rate / single:.0%} |"
        )
    for rows, length in (WINDOWS[0], WINDOWS[2]):
        most = profile(graph, rows, length, options.runs).most_common(_SHOWN)
        print(f"time at {rows} × {length}: " + ", ".join(f"{name} {share:.0%}" for name, share in most))
    return 0


if __name__ == "__main__":
    sys.exit(main())
