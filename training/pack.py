"""Text to packed ids: ``python -m training.pack OUT --source corpus=FILE --source gov=FOLDER``.

A source is a folder of ``.txt`` files, each one document, or one ``.txt`` or ``.txt.xz`` file with a paragraph
a line, cut into blocks of lines that serve as documents. Every paragraph ends with ``[SEP]``. A document is held
out iff the SHA-256 of its name, as a number, is divisible by the source's modulus; so a document never moves
between the halves when others are added. What is written:

=====================  ==================================================================
``vocab.txt``          one entry a line
``NAME.train.npy``     uint16 ids of the source's training documents, to be memory-mapped
``NAME.heldout.npy``   the same of its held-out documents
``meta.json``          sizes, held-out names and a hash of all ids (``data_hash``)
=====================  ==================================================================
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.text import SEP, UNK, Vocabulary

__all__ = ["Source", "encode_document", "is_held_out", "pack"]

_BLOCK_LINES = 500
_DEFAULT_MODULUS = 15

Ids = npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Source:
    """One named body of text.

    Args:
        name: what its arrays are called and how the training config refers to it.
        path: a folder of ``.txt`` files, or a ``.txt`` or ``.txt.xz`` file.
        modulus: about one document in so many is held out.
    """

    name: str
    path: Path
    modulus: int = _DEFAULT_MODULUS

    @classmethod
    def parse(cls, option: str) -> Source:
        """Read ``NAME=PATH`` or ``NAME:MODULUS=PATH``."""
        head, _, path = option.partition("=")
        name, _, modulus = head.partition(":")
        if not name or not path:
            raise argparse.ArgumentTypeError(f"{option!r} is not NAME[:MODULUS]=PATH")
        return cls(name, Path(path), int(modulus or _DEFAULT_MODULUS))

    def documents(self) -> Iterator[tuple[str, list[str]]]:
        """Pairs of document name and its lines, in a fixed order."""
        if self.path.is_dir():
            for file in sorted(self.path.glob("*.txt")):
                yield file.name, file.read_text(encoding="utf-8").splitlines()
            return
        opener = lzma.open if self.path.suffix == ".xz" else open
        with opener(self.path, "rt", encoding="utf-8") as lines:
            for number, block in enumerate(iter(lambda: list(islice(lines, _BLOCK_LINES)), [])):
                yield f"{self.path.name}#{number}", block


def is_held_out(name: str, modulus: int) -> bool:
    """Whether the document of that name is kept out of training."""
    return int(hashlib.sha256(name.encode("utf-8")).hexdigest(), 16) % modulus == 0


def encode_document(lines: Iterable[str], vocabulary: Vocabulary) -> Ids:
    """Ids of a document: its non-empty lines, stripped, each closed by ``[SEP]``."""
    paragraphs = [line.strip() for line in lines if line.strip()]
    ids = vocabulary.encode("\n".join([*paragraphs, ""])).copy()
    ids[np.cumsum([len(p) + 1 for p in paragraphs], dtype=np.int64) - 1] = SEP
    return ids


def _pack_source(source: Source, vocabulary: Vocabulary, out: Path) -> dict[str, object]:
    """Write the two arrays of a source; returns its entry in ``meta.json``."""
    halves: dict[str, list[Ids]] = {"train": [], "heldout": []}
    held_out: list[str] = []
    for name, lines in source.documents():
        apart = is_held_out(name, source.modulus)
        halves["heldout" if apart else "train"].append(encode_document(lines, vocabulary))
        if apart:
            held_out.append(name)
    entry: dict[str, object] = {"modulus": source.modulus, "heldout_documents": held_out}
    for half, parts in halves.items():
        ids = np.concatenate(parts) if parts else np.zeros(0, np.uint16)
        np.save(out / f"{source.name}.{half}.npy", ids)
        entry[half] = {
            "documents": len(parts),
            "tokens": len(ids),
            "unknown": int((ids == UNK).sum()),
            "sha256": hashlib.sha256(ids.tobytes()).hexdigest(),
        }
    return entry


def _all_text(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        for _, lines in source.documents():
            yield from (line.strip() for line in lines)


def pack(sources: Sequence[Source], out: Path, vocab: Path | None = None, vocab_size: int = 4352) -> dict[str, object]:
    """Encode the sources into ``out``.

    Args:
        sources: the bodies of text, with distinct names.
        out: folder to write; made if missing.
        vocab: an existing ``vocab.txt`` to use; built from the sources if None.
        vocab_size: entries at most of a vocabulary that is built.

    Returns:
        What was written to ``meta.json``.

    Raises:
        ValueError: two sources share a name, or the vocabulary is malformed.
    """
    if len({source.name for source in sources}) != len(sources):
        raise ValueError("two sources share a name")
    out.mkdir(parents=True, exist_ok=True)
    vocabulary = Vocabulary.load(vocab) if vocab else Vocabulary.build(_all_text(sources), vocab_size)
    vocabulary.save(out / "vocab.txt")
    entries = {source.name: _pack_source(source, vocabulary, out) for source in sources}
    digest = hashlib.sha256(json.dumps([vocabulary.entries, entries], sort_keys=True).encode()).hexdigest()
    meta: dict[str, object] = {"data_hash": digest, "vocab_size": len(vocabulary), "sources": entries}
    (out / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return meta


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Encode text for pretraining.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--source", type=Source.parse, action="append", required=True, metavar="NAME[:MODULUS]=PATH")
    parser.add_argument("--vocab", type=Path, help="use this vocab.txt instead of building one")
    parser.add_argument("--vocab-size", type=int, default=4352)
    options = parser.parse_args(argv)
    meta = pack(options.source, options.out, options.vocab, options.vocab_size)
    print(json.dumps(meta, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
