"""The encoder in ONNX Runtime: the default, on a processor and without torch."""

from __future__ import annotations

from pathlib import Path

from govie.config import cores
from govie.errors import ModelError
from govie.model.arrays import Floats, Integers

__all__ = ["SLOW_FUSIONS", "OnnxEncoder"]

SLOW_FUSIONS = frozenset({"SkipLayerNormFusion"})
"""Rewritings of ONNX Runtime to leave out: its kernel for a sum with its normalisation takes several times as long as
the two do one by one (``benchmarks/encoder_backends.py``)."""


class OnnxEncoder:
    """Runs an exported graph, one window a call.

    The graph takes the scale of a layer's int8 values from all of a batch, so that the neighbours of a sentence would
    change what is read from it. On a processor a batch of one is as quick as a large one.

    Args:
        path: the .onnx file.
        threads: how many windows are read at the same time; None for one a core.

    Raises:
        ModelError: the file is no graph that this runtime reads.
    """

    batch_tokens = 1

    def __init__(self, path: Path, threads: int | None = None) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            hint = "Install it with: pip install onnxruntime"
            raise ModelError(f"ONNX Runtime cannot be used ({error})", hint=hint) from None
        options = onnxruntime.SessionOptions()
        # A window is too small to be shared between threads; each has one of its own instead, so that the number of
        # threads changes no result, and the session has none that a forked process would lack.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=set(SLOW_FUSIONS)
            )
        except Exception as error:  # the runtime's own exceptions share no public base
            raise ModelError(f"the graph cannot be loaded ({error})", where=str(path)) from None
        self.calls = threads or cores()

    def __call__(self, ids: Integers, real: Integers) -> tuple[Floats, Floats]:
        """Return tag scores and boundary rows."""
        tags, rows = self._session.run(["tags", "rows"], {"ids": ids, "real": real})
        return tags, rows
