"""Encoders small enough to be trained in a test."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
SHAPE = {
    "vocab_size": 500,
    "hidden_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "pad_token_id": 0,
}


def checkpoint(kind: str, folder: Path) -> Path:
    """A tiny encoder with random weights, saved as any public one is."""
    import torch
    import transformers

    more = {"electra": {"embedding_size": 12}, "roberta": {"max_position_embeddings": 514}}.get(kind, {})
    torch.manual_seed(0)
    config = transformers.AutoConfig.for_model(kind, **SHAPE, **more)
    transformers.AutoModel.from_config(config).save_pretrained(folder)
    text = "".join(path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt")))
    characters = sorted({char for char in text if not char.isspace()})[:495]
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters]) + "\n", "utf-8")
    return folder
