from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="the training extra is not installed")

from training.pack import Source, is_held_out, pack  # noqa: E402
from training.text import SEP, Vocabulary  # noqa: E402


def _decode(packed: Path, half: str) -> str:
    vocabulary = Vocabulary.load(packed / "vocab.txt")
    ids = np.load(packed / f"tiny.{half}.npy")
    return "".join("\n" if i == SEP else vocabulary.entries[i] for i in ids)


def test_every_paragraph_is_packed_once_in_one_half(corpus: Path, packed: Path) -> None:
    for half, apart in (("train", False), ("heldout", True)):
        files = [f for f in sorted(corpus.glob("*.txt")) if is_held_out(f.name, 4) == apart]
        expected = "".join(f.read_text(encoding="utf-8") + "\n" for f in files)
        assert _decode(packed, half) == expected.replace("２", "2").replace("，", ",")


def test_meta_counts_what_was_written(packed: Path) -> None:
    meta = json.loads((packed / "meta.json").read_text(encoding="utf-8"))
    entry = meta["sources"]["tiny"]
    assert entry["train"]["tokens"] == len(np.load(packed / "tiny.train.npy"))
    assert entry["train"]["documents"] + entry["heldout"]["documents"] == 40
    assert entry["heldout"]["documents"] == len(entry["heldout_documents"]) > 0


def test_same_text_same_hash_and_other_text_another(corpus: Path, packed: Path, tmp_path: Path) -> None:
    first = json.loads((packed / "meta.json").read_text(encoding="utf-8"))["data_hash"]
    assert pack([Source("tiny", corpus, 4)], tmp_path / "again")["data_hash"] == first
    assert pack([Source("tiny", corpus, 5)], tmp_path / "other")["data_hash"] != first


def test_compressed_file_is_cut_into_blocks(tmp_path: Path) -> None:
    with lzma.open(tmp_path / "lines.txt.xz", "wt", encoding="utf-8") as file:
        file.writelines(f"第{i}行\n" for i in range(1200))
    names = [(name, len(lines)) for name, lines in Source("x", tmp_path / "lines.txt.xz").documents()]
    assert names == [("lines.txt.xz#0", 500), ("lines.txt.xz#1", 500), ("lines.txt.xz#2", 200)]


def test_existing_vocabulary_is_kept(corpus: Path, packed: Path, tmp_path: Path) -> None:
    pack([Source("tiny", corpus)], tmp_path, vocab=packed / "vocab.txt")
    assert (tmp_path / "vocab.txt").read_bytes() == (packed / "vocab.txt").read_bytes()


def test_source_option() -> None:
    assert Source.parse("gov:7=a=b") == Source("gov", Path("a=b"), 7)


def test_sources_with_one_name_are_refused(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="share a name"):
        pack([Source("a", corpus), Source("a", corpus)], tmp_path)
