"""What the training tests share: a tiny corpus, packed once, a tiny encoder, and a little annotation."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

# training/ is not part of the installed package, so its parent has to be on the path.
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

_PARAGRAPHS = (
    "地区生产总值增长百分之五，达到990亿元。",
    "新建学校12所，增加学位２万个。",
    "由区发改局牵头，各街道配合。",
)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 40 small documents."""
    folder = tmp_path_factory.mktemp("corpus")
    for number in range(40):
        lines = [f"第{number}号{_PARAGRAPHS[(number + k) % 3]}" for k in range(12)]
        (folder / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def packed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus as ``training.pack`` writes it."""
    pytest.importorskip("numpy", reason="the training extra is not installed")
    from training.pack import Source, pack

    out = tmp_path_factory.mktemp("packed")
    pack([Source("tiny", corpus, 4)], out)
    return out


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT with random weights."""
    pytest.importorskip("transformers", reason="the training extra is not installed")
    from tiny_encoder import checkpoint

    return checkpoint("bert", tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="session")
def gold_sample(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options that name the annotation of two seeds, 40 sentences of each that hold something."""
    folder = tmp_path_factory.mktemp("data")
    for path in sorted((ROOT / "annotations" / "gold").glob("*.jsonl"))[:2]:
        lines = [line for line in path.read_text("utf-8").splitlines() if json.loads(line)["entities"]]
        (folder / path.name).write_text("\n".join(lines[:40]) + "\n", "utf-8")
    return ["--data", *map(str, sorted(folder.glob("*.jsonl"))), "--texts", str(ROOT / "seeds")]
