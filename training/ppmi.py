"""Embeddings from co-occurrence counts: ``python -m training.ppmi CONFIG --data PACKED --out FOLDER [--set T.K=V]``.

Writes a model with the configuration's shape and random weights, but for its character embeddings, which are factors
of the positive pointwise mutual information of characters that stand near each other (Levy and Goldberg 2014, "Neural
word embedding as implicit matrix factorization"). ``training.pretrain --init FOLDER`` starts from it. Takes a minute or
two: every position is counted once for each distance.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from training.export_base import export_base
from training.objectives import new_encoder
from training.order import load_ids
from training.pretrain_config import load_config
from training.text import SPECIALS

__all__ = ["co_occurrences", "factors", "ppmi", "set_embeddings"]

_REACH = 4  # characters to either side: Chinese words are mostly two long, rarely above four
_SMOOTHING = 0.75  # of context frequencies (Levy, Goldberg and Dagan 2015, TACL 3, section 3.2)
_CHUNK = 1 << 22

Matrix = npt.NDArray[np.float64]


def _chunks(ids: npt.NDArray[np.uint16]) -> Iterator[npt.NDArray[np.int64]]:
    """The ids piece by piece; pieces overlap by the reach, so that no pair is lost."""
    for first in range(0, len(ids), _CHUNK):
        yield ids[first : first + _CHUNK + _REACH].astype(np.int64)


def co_occurrences(sources: Mapping[str, npt.NDArray[np.uint16]], weights: Mapping[str, float], size: int) -> Matrix:
    """How often two ids stand within reach of each other, a pair at distance d counted 1/d times.

    Args:
        sources: training ids by name.
        weights: how much each source counts.
        size: of the vocabulary.

    Returns:
        Symmetric matrix of shape (size, size); rows and columns of special tokens are 0.
    """
    counts = np.zeros(size * size)
    for name, weight in weights.items():
        for ids in _chunks(sources[name]):
            for distance in range(1, _REACH + 1):
                left = ids[:-distance][:_CHUNK]
                pairs = left * size + ids[distance : distance + len(left)]
                counts += np.bincount(pairs, minlength=size * size) * (weight / distance)
    square = counts.reshape(size, size)
    square[: len(SPECIALS)] = 0
    square[:, : len(SPECIALS)] = 0
    return square + square.T


def ppmi(counts: Matrix) -> Matrix:
    """Positive pointwise mutual information, in nats, of a matrix of counts; 0 where nothing was counted."""
    context = counts.sum(0) ** _SMOOTHING
    expected = np.outer(counts.sum(1), context / max(context.sum(), 1.0))
    ratio = np.divide(counts, expected, out=np.ones_like(counts), where=(counts > 0) & (expected > 0))
    return np.maximum(np.log(ratio), 0)


def factors(matrix: Matrix, rank: int, seed: int) -> Matrix:
    """Left singular vectors times the roots of the singular values: shape (rows, rank); rows of zeros stay so."""
    from sklearn.utils.extmath import randomized_svd

    left, values, _ = randomized_svd(matrix.astype(np.float32), rank, n_iter=4, random_state=seed)
    scaled: Matrix = np.where(matrix.any(1, keepdims=True), left * np.sqrt(values), 0.0)
    return scaled


def set_embeddings(embedding: torch.nn.Embedding, vectors: Matrix) -> None:
    """Replace the rows that have a vector, each brought to the length that random ones have on average.

    Frequent characters have the shortest vectors; left so, positions would drown them in the sum of both.

    Args:
        embedding: whose first rows are replaced.
        vectors: shape (rows, size); a row of zeros stands for no vector.
    """
    found = torch.from_numpy(vectors).float()
    lengths = found.norm(dim=1, keepdim=True)
    known = lengths.squeeze(1) > 0
    with torch.no_grad():
        rows = embedding.weight[: len(found)]
        usual = rows[known].norm(dim=1).mean()
        rows[known] = found[known] / lengths[known] * usual


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Write a model whose embeddings come from co-occurrence counts.")
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder written by training.pack")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--set", action="append", default=[], metavar="TABLE.KEY=VALUE", dest="overrides")
    options = parser.parse_args(argv)
    config = load_config(options.config, options.overrides)
    size = json.loads((options.data / "meta.json").read_text(encoding="utf-8"))["vocab_size"]
    sources = {name: load_ids(options.data, name, "train") for name in config.weights}
    torch.manual_seed(config.run.seed)
    encoder = new_encoder(config.model, size)
    vectors = factors(ppmi(co_occurrences(sources, config.weights, size)), config.model.hidden_size, config.run.seed)
    set_embeddings(encoder.get_input_embeddings(), vectors)
    print(export_base(encoder, options.data / "vocab.txt", options.out))


if __name__ == "__main__":
    main()
