"""The transformers pipeline on govie's encoder: ``token_pipeline.py THREADS FOLDER``, a sentence at a time.

What one would write who has a tagging model and no more: float32 in torch, the pipeline's own batching (none) and its
own grouping of tokens. The tagging layer has random weights and a bias towards no label, so that grouping costs little.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
import transformers
from common import Found, run
from safetensors.torch import load_file
from transformers import BertConfig, BertForTokenClassification, BertTokenizerFast, pipeline

LABELS = 13
"""One for no label, two for each kind of span."""
_PREFIXES = ("encoder.", "bert.")

threads, folder = int(sys.argv[1]), Path(sys.argv[2])
torch.set_num_threads(threads)
transformers.logging.set_verbosity_error()


def _tagger() -> BertForTokenClassification:
    model = BertForTokenClassification(BertConfig.from_pretrained(folder, num_labels=LABELS, dtype="float32"))
    tensors = load_file(folder / "model.safetensors")
    prefix = next(one for one in _PREFIXES if any(name.startswith(f"{one}embeddings") for name in tensors))
    encoder = {name.removeprefix(prefix): value.float() for name, value in tensors.items() if name.startswith(prefix)}
    missing = model.bert.load_state_dict(encoder, strict=False).missing_keys
    if missing:
        sys.exit(f"{folder} has no {missing[0]}")
    torch.nn.init.constant_(model.classifier.bias[:1], 10.0)
    return model


tokenizer = BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=512)
tag = pipeline("token-classification", _tagger(), tokenizer=tokenizer, aggregation_strategy="simple", device="cpu")


def find(text: str) -> list[Found]:
    """Tag, and report nothing: the speed is asked for."""
    if text.strip():
        tag(text)
    return []


run("transformers", find)
