"""Ways to run govie's encoder on this processor, side by side: characters a second on the sentences of the seeds.

    python benchmarks/encoder_backends.py --float32 encoder.onnx [--threads 1 2]

``--float32`` names the graph before quantisation; it is written there first if there is no such file, which needs the
extra ``train``. OpenVINO takes part where it is installed (``pip install openvino nncf``). The ways are measured in
turn, several rounds, and the fastest round counts; rates are of the encoder alone, sentences with a digit only.
bf16 makes sense only on a processor that has it (amx_bf16 or avx512_bf16 among its flags).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
from encoder_peak import MODEL, session
from seedtexts import seed_texts
from speed import load_average

from govie.model.batching import batches, windows
from govie.model.vocabulary import CharacterVocabulary
from govie.reading import from_text

Feed = dict[str, np.ndarray]
Runner = Callable[[Feed], object]
_WRITE = (
    "import sys; from pathlib import Path; from govie.model.loading import open_network; "
    "from training.export import export_graph; export_graph(open_network(Path(sys.argv[1])), Path(sys.argv[2]))"
)
_LEVELS = {
    "none": onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL,
    "basic": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC,
    "extended": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
}


def feeds(model: Path, most: int, characters: int) -> list[Feed]:
    """Return the encoder's inputs for the seeds' sentences, in batches of at most so many tokens.

    Args:
        model: folder of the model.
        most: see :func:`govie.model.batching.batches`; 1 makes each window a batch.
        characters: to stop after.
    """
    words = CharacterVocabulary.load(model / "vocab.txt")
    pieces, length = [], 0
    for text in seed_texts().values():
        document = from_text(text)
        for sentence in document.sentences:
            plain = document.plain[sentence.start : sentence.end]
            if any(map(str.isdigit, plain)) and length < characters:
                pieces += [words.encode(plain[one.start : one.end]) for one in windows([len(plain)])]
                length += len(plain)
    return [_feed([pieces[i] for i in group], words) for group in batches([len(p) + 2 for p in pieces], most)]


def _feed(pieces: list[list[int]], words: CharacterVocabulary) -> Feed:
    shape = len(pieces), max(map(len, pieces)) + 2
    ids, real = np.full(shape, words.pad), np.zeros(shape, np.int64)
    for row, piece in enumerate(pieces):
        ids[row, : len(piece) + 2] = [words.begin, *piece, words.end]
        real[row, : len(piece) + 2] = 1
    return {"ids": ids, "real": real}


def onnx_ways(graphs: dict[str, Path], threads: int) -> dict[str, tuple[Runner, int]]:
    """Return ways in ONNX Runtime: the runner, and the most tokens of a batch."""
    ways: dict[str, tuple[Runner, int]] = {}
    for name, path in graphs.items():
        run = _ort(session(str(path), threads))
        ways[f"onnxruntime {name}, window by window"] = run, 1
        ways[f"onnxruntime {name}, batches of 4096"] = run, 4096
    shipped = str(next(iter(graphs.values())))
    fused = _ort(session(shipped, threads, left_out=()))
    ways["onnxruntime int8, normalisation fused with its sum, window by window"] = fused, 1
    for name, level in _LEVELS.items():
        run = _ort(session(shipped, threads, graph_optimization_level=level))
        ways[f"onnxruntime int8, optimisation {name}, window by window"] = run, 1
    return ways


def _ort(running: onnxruntime.InferenceSession) -> Runner:
    return lambda feed: running.run(None, feed)


def openvino_ways(shipped: Path, float32: Path, threads: int) -> dict[str, tuple[Runner, int]]:
    """Return ways in OpenVINO; none where it is not installed."""
    try:
        import openvino
    except ImportError:
        print("left out: OpenVINO; pip install openvino nncf")
        return {}
    core = openvino.Core()
    exact = core.read_model(str(float32))
    models = {
        "float32": (exact, {"INFERENCE_PRECISION_HINT": "f32"}),
        "int8 of the export": (core.read_model(str(shipped)), {}),
    }
    if {"amx_bf16", "avx512_bf16"} & _flags():
        models["bf16"] = exact, {"INFERENCE_PRECISION_HINT": "bf16"}
    try:
        import nncf

        small = nncf.compress_weights(core.read_model(str(float32)), mode=nncf.CompressWeightsMode.INT8_SYM)
        models["int8 dynamic"] = small, {"DYNAMIC_QUANTIZATION_GROUP_SIZE": "64", "INFERENCE_PRECISION_HINT": "f32"}
    except ImportError:
        print("left out: OpenVINO int8; pip install nncf")
    ways: dict[str, tuple[Runner, int]] = {}
    for name, (model, settings) in models.items():
        compiled = core.compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, **settings})
        ways[f"OpenVINO {name}, window by window"] = compiled.create_infer_request().infer, 1
        ways[f"OpenVINO {name}, batches of 4096"] = compiled.create_infer_request().infer, 4096
    return ways


def _flags() -> set[str]:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return set(next((line for line in lines if line.startswith("flags")), "").split())


def rates(
    ways: dict[str, tuple[Runner, int]], inputs: dict[int, list[Feed]], rounds: int
) -> dict[str, tuple[float, float]]:
    """Return characters a second by the clock and by processor time, of each way's fastest round."""
    best: dict[str, tuple[float, float]] = {}
    for way, (run, most) in [*ways.items()] * rounds:
        given = inputs[most]
        run(given[0])
        characters = sum(int(feed["real"].sum()) - 2 * len(feed["real"]) for feed in given)
        processor, wall = time.process_time(), time.perf_counter()
        for feed in given:
            run(feed)
        found = characters / (time.perf_counter() - wall), characters / (time.process_time() - processor)
        known = best.get(way, (0.0, 0.0))
        best[way] = max(known[0], found[0]), max(known[1], found[1])
    return best


def main(argv: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--float32", type=Path, required=True, help="graph before quantisation")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--characters", type=int, default=15_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(argv)
    if not options.float32.is_file():
        subprocess.run([sys.executable, "-c", _WRITE, str(options.model), str(options.float32)], check=True)
    shipped = options.model / "model.onnx"
    inputs = {most: feeds(options.model, most, options.characters) for most in (1, 4096)}
    print(f"onnxruntime {onnxruntime.__version__}, load average {load_average()}")
    print("| way | threads | characters a second | by processor |\n|---|--:|--:|--:|")
    graphs = {"int8 of the export": shipped, "float32": options.float32}
    for threads in options.threads:
        ways = {**onnx_ways(graphs, threads), **openvino_ways(shipped, options.float32, threads)}
        for way, (wall, processor) in rates(ways, inputs, options.rounds).items():
            print(f"| {way} | {threads} | {wall:,.0f} | {processor:,.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
