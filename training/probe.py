"""Compare base encoders: ``python -m training.probe BASE... --data FILE``.

A plain BIO tagger (one linear layer over the encoder) is fine-tuned with the settings below, the same for every base,
and measured by strict span F1 on regions it has not seen: those of the first of three groups of provinces, each
province whole (:meth:`training.splits.Splits.province_group`). Their documents that ``training.pack`` held out as well,
by the hash of their names, are reported apart, as ``unseen``. A base is a folder with config.json, model.safetensors
and vocab.txt.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from training.bases import load_encoder
from training.bio import TAGS, SpanF1, spans_of, tags_of
from training.pack import is_held_out
from training.splits import Splits
from training.text import normalise_char

if TYPE_CHECKING:
    from transformers import PreTrainedModel

__all__ = ["Example", "Settings", "probe", "read_examples"]

_GROUP = 1, 3
_UNSEEN = 15
_IGNORED = -100


@dataclass(frozen=True)
class Settings:
    """How every base is fine-tuned: AdamW, linear warm-up over a tenth of the steps, linear decay to 0.

    ``limit`` training sentences are taken evenly from all of them; longer sentences are cut at ``max_length`` code
    points, and what is lost so counts as missed.
    """

    epochs: int = 2
    batch: int = 16
    rate: float = 5e-4
    limit: int = 5000
    max_length: int = 254
    seed: int = 1


@dataclass(frozen=True)
class Example:
    """One annotated sentence and the document it is from; spans are (label, start, end)."""

    text: str
    spans: tuple[tuple[str, int, int], ...]
    document: str


def read_examples(path: Path, held_out: Collection[str]) -> tuple[list[Example], list[Example]]:
    """Read JSON lines with ``text``, ``entities`` and ``source.file``.

    Args:
        path: the file.
        held_out: names of documents.

    Returns:
        The sentences to train on, and those held out.
    """
    halves: tuple[list[Example], list[Example]] = ([], [])
    with path.open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            spans = tuple((e["label"], e["start_offset"], e["end_offset"]) for e in record["entities"])
            example = Example(record["text"], spans, record["source"]["file"])
            halves[example.document in held_out].append(example)
    return halves


class _CharEncoder:
    """Text to ids with the vocabulary of any Chinese BERT, wherever its special tokens are."""

    def __init__(self, vocab: Path) -> None:
        """Read ``vocab.txt``."""
        entries = vocab.read_text(encoding="utf-8").rstrip("\n").split("\n")
        self._ids = {entry: i for i, entry in enumerate(entries)}
        self._frame = self._ids["[CLS]"], self._ids["[SEP]"]
        self.pad, self._unknown = self._ids["[PAD]"], self._ids["[UNK]"]

    def __call__(self, text: str) -> list[int]:
        begin, end = self._frame
        return [begin, *(self._ids.get(normalise_char(char), self._unknown) for char in text), end]


class _Tagger(torch.nn.Module):
    """An encoder and one linear layer."""

    def __init__(self, encoder: PreTrainedModel) -> None:
        """Add the layer."""
        super().__init__()
        self.encoder = encoder
        self.head = torch.nn.Linear(encoder.config.hidden_size, len(TAGS))

    def forward(self, ids: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        """Scores of the tags, shape (batch, length, tags); ``real`` is 0 at padding."""
        scores: torch.Tensor = self.head(self.encoder(ids, attention_mask=real).last_hidden_state)
        return scores


def _pad(rows: Sequence[Sequence[int]], value: int) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([[*row, *[value] * (width - len(row))] for row in rows])


def _batches(examples: Sequence[Example], size: int, rng: np.random.Generator | None) -> Iterator[list[Example]]:
    """Batches of sentences of like length, so that little is padding; in random order if there is an rng."""
    jitter = rng.random(len(examples)) * 8 if rng else np.zeros(len(examples))
    order = np.argsort([len(e.text) + j for e, j in zip(examples, jitter, strict=True)], kind="stable")
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    for k in rng.permutation(len(groups)) if rng else range(len(groups)):
        yield [examples[i] for i in groups[k]]


def _tensors(
    batch: Sequence[Example], encode: _CharEncoder, settings: Settings
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Ids, padding mask and gold tags, each of shape (batch, longest sentence + 2)."""
    cut = settings.max_length
    ids = _pad([encode(e.text[:cut]) for e in batch], encode.pad)
    gold = _pad([[_IGNORED, *tags_of(len(e.text), e.spans)[:cut], _IGNORED] for e in batch], _IGNORED)
    real = _pad([[1] * (min(len(e.text), cut) + 2) for e in batch], 0)
    return ids, real, gold


def _fine_tune(tagger: _Tagger, train: Sequence[Example], encode: _CharEncoder, settings: Settings) -> None:
    optimizer = torch.optim.AdamW(tagger.parameters(), lr=settings.rate, weight_decay=0.01)
    total = settings.epochs * -(-len(train) // settings.batch)
    warmup = total / 10
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warmup, (total - step) / (total - warmup))
    )
    for epoch in range(settings.epochs):
        for batch in _batches(train, settings.batch, np.random.default_rng([settings.seed, epoch])):
            ids, real, gold = _tensors(batch, encode, settings)
            loss = functional.cross_entropy(tagger(ids, real).flatten(0, 1), gold.flatten(), ignore_index=_IGNORED)
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()


@torch.no_grad()
def _measure(
    tagger: _Tagger, heldout: Sequence[Example], encode: _CharEncoder, settings: Settings
) -> dict[str, dict[str, float]]:
    everything, unseen = SpanF1(), SpanF1()
    for batch in _batches(heldout, 64, None):
        ids, real, _ = _tensors(batch, encode, settings)
        for example, tags in zip(batch, tagger(ids, real).argmax(-1).tolist(), strict=True):
            found = spans_of(tags[1 : min(len(example.text), settings.max_length) + 1])
            everything.add(example.spans, found)
            if is_held_out(example.document, _UNSEEN):
                unseen.add(example.spans, found)
    return {"heldout": everything.table(), "unseen": unseen.table()}


def probe(
    base: Path, data: Path, settings: Settings, held_out: Collection[str], random: bool = False
) -> dict[str, Any]:
    """Fine-tune and measure one base.

    Args:
        base: folder of the encoder.
        data: annotated sentences.
        settings: the same for all bases that are compared.
        held_out: names of the documents that are measured on.
        random: start from random weights of the base's shape instead.

    Returns:
        Settings, sizes, seconds, and F1 tables ``heldout`` and ``unseen``.
    """
    torch.manual_seed(settings.seed)
    train, heldout = read_examples(data, held_out)
    picked = np.linspace(0, len(train) - 1, min(settings.limit, len(train))).astype(int)
    encode = _CharEncoder(base / "vocab.txt")
    tagger = _Tagger(load_encoder(str(base), dropout=0.0, random=random))  # no dropout, as all are compared
    began = time.perf_counter()
    _fine_tune(tagger, [train[i] for i in picked], encode, settings)
    tables = _measure(tagger.eval(), heldout, encode, settings)
    return {
        "base": f"random ({base.name})" if random else base.name,
        "settings": asdict(settings),
        "train_sentences": len(picked),
        "heldout_sentences": len(heldout),
        "seconds": round(time.perf_counter() - began),
        **tables,
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Strict span F1 of a plain tagger over each base.")
    parser.add_argument("bases", type=Path, nargs="*")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--random", type=Path, action="append", default=[], help="also random weights of this shape")
    parser.add_argument("--out", type=Path, help="append the results to this file of JSON lines")
    parser.add_argument("--threads", type=int, default=0)
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    options = parser.parse_args(argv)
    if options.threads:
        torch.set_num_threads(options.threads)
    settings = Settings(**{name: getattr(options, name) for name in asdict(Settings())})
    held_out = Splits().province_group(*_GROUP)
    for base, random in [*((b, False) for b in options.bases), *((b, True) for b in options.random)]:
        line = json.dumps(probe(base, options.data, settings, held_out, random))
        print(line, flush=True)
        if options.out:
            with options.out.open("a", encoding="utf-8") as file:
                file.write(line + "\n")


if __name__ == "__main__":
    main()
