"""Masked accuracy of bases: ``python -m training.masked_accuracy BASE... --data PACKED --text FILE...``.

``masked`` hides every chosen character; ``mixed`` hides them as BERT was trained (80% hidden, 10% replaced, 10% kept)
and so is higher. Both choose 18% of the characters, in spans of 1 to 4, in windows of 128.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.export_base import load_masked
from training.heldout import HeldOut
from training.order import load_ids
from training.pack import encode_document
from training.text import Vocabulary

__all__ = ["masked_accuracy"]


def _read_texts(paths: Sequence[Path], vocabulary: Vocabulary) -> dict[str, npt.NDArray[np.uint16]]:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    return {name: encode_document(text.splitlines(), vocabulary) for name, text in texts.items()}


def masked_accuracy(
    base: Path, data: Path | None, names: Sequence[str], texts: Sequence[Path], limit: int = 10_000
) -> dict[str, Any]:
    """Measure one base.

    Args:
        base: folder of a masked-LM model with its ``vocab.txt``.
        data: folder written by ``training.pack`` with the same vocabulary, or None.
        names: its sources whose held-out halves are measured.
        texts: text files measured besides, each under its name and all under ``texts``.
        limit: windows at most for each source.

    Raises:
        ValueError: the packed data have another vocabulary.
    """
    vocabulary = Vocabulary.load(base / "vocab.txt")
    if data and Vocabulary.load(data / "vocab.txt").entries != vocabulary.entries:
        raise ValueError(f"{data} was packed with another vocabulary than {base}")
    sources = _read_texts(texts, vocabulary)
    if sources:
        sources["texts"] = np.concatenate(list(sources.values()))
    if data:
        sources |= {name: load_ids(data, name, "heldout") for name in names}
    model = load_masked(base).eval()
    found = {kind: HeldOut.from_ids(sources, limit, kind == "mixed").measure(model) for kind in ("masked", "mixed")}
    return {"base": base.name, "parameters": sum(p.numel() for p in model.parameters()), **found}


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Masked accuracy of base encoders.")
    parser.add_argument("bases", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, help="folder written by training.pack")
    parser.add_argument("--source", action="append", default=[], help="packed source whose held-out half is measured")
    parser.add_argument("--text", type=Path, nargs="*", default=[])
    parser.add_argument("--limit", type=int, default=10_000, help="windows at most for each source")
    parser.add_argument("--out", type=Path, help="append the results to this file of JSON lines")
    options = parser.parse_args(argv)
    for base in options.bases:
        line = json.dumps(masked_accuracy(base, options.data, options.source, options.text, options.limit))
        print(line, flush=True)
        if options.out:
            with options.out.open("a", encoding="utf-8") as file:
                file.write(line + "\n")


if __name__ == "__main__":
    main()
