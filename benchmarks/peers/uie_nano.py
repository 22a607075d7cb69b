"""A torch model in the shape of UIE-nano, with random weights, asked in UIE's way: ``uie_nano.py THREADS``.

UIE (Lu et al., ACL 2022, in PaddleNLP's form) reads the text once for each question: the question and as much text as
fits go in together, and two layers mark where answers start and end. Entities are one question a label; relations one
question a relation and head found, here one a relation in all, which is the least there can be. The shape is that of
config.json in PaddlePaddle/uie-nano on the Hugging Face hub: 4 layers, hidden 312, 12 heads, inner 1248, vocabulary
40,000, task embeddings; 512 tokens at most. Texts are documents.
"""

from __future__ import annotations

import sys

import torch
from common import Found, run
from transformers import ErnieConfig, ErnieModel

MOST_TOKENS = 512
BATCH = 16
THRESHOLD = 0.5
LABELS = ("数值", "单位", "指标", "动作", "时间", "责任单位")
RELATIONS = ("的数值", "的变化", "的差距", "的单位", "的动作", "的时间", "的基期", "的责任单位")
HEAD = "地区生产总值"
"""Stands for a mention that a relation is asked of."""

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
config = ErnieConfig(
    vocab_size=40000,
    hidden_size=312,
    num_hidden_layers=4,
    num_attention_heads=12,
    intermediate_size=1248,
    max_position_embeddings=2048,
    type_vocab_size=4,
    task_type_vocab_size=16,
    use_task_id=True,
)
encoder = ErnieModel(config, add_pooling_layer=False).eval()
ends = torch.nn.Linear(config.hidden_size, 2)
torch.nn.init.constant_(ends.bias, -10.0)  # no answers: what is done with them is not measured


def _ids(text: str) -> list[int]:
    return [3 + ord(char) % (config.vocab_size - 3) for char in text]


def _row(question: str, text: str) -> tuple[list[int], list[int]]:
    """Return ids and segments of [CLS] question [SEP] text [SEP]."""
    first, second = [1, *_ids(question), 2], [*_ids(text), 2]
    return first + second, [0] * len(first) + [1] * len(second)


def _rows(text: str) -> list[tuple[list[int], list[int]]]:
    rows = []
    for question in (*LABELS, *(HEAD + relation for relation in RELATIONS)):
        room = MOST_TOKENS - 3 - len(question)
        rows += [_row(question, text[at : at + room]) for at in range(0, len(text), room)]
    return sorted(rows, key=lambda row: len(row[0]))  # of like length together, so that little is padded


@torch.inference_mode()
def find(text: str) -> list[Found]:
    """Ask everything of a document, and report nothing: the speed is asked for."""
    rows = _rows(text)
    for at in range(0, len(rows), BATCH):
        batch = rows[at : at + BATCH]
        longest = max(len(ids) for ids, _ in batch)
        shown = torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in batch])
        ids = torch.tensor([ids + [0] * (longest - len(ids)) for ids, _ in batch])
        segments = torch.tensor([kinds + [0] * (longest - len(kinds)) for _, kinds in batch])
        states = encoder(input_ids=ids, attention_mask=shown, token_type_ids=segments).last_hidden_state
        (torch.sigmoid(ends(states)) > THRESHOLD).nonzero()
    return []


run("transformers", find)
