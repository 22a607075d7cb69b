"""Mention replacement, and the adversary's step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from govie.rules.tagger import tag_sentence
from training.examples import Example, load_examples
from training.replacing import indicator_names, replaced

GOLD = Path(__file__).parents[2] / "annotations" / "gold"


def words(example: Example) -> list[tuple[str, str]]:
    """Labels and words of what is annotated."""
    return [(one.label, example.given.plain[one.start : one.end]) for one in example.gold.mentions]


@pytest.mark.parametrize("seed", range(3))
def test_one_indicator_gets_another_name(seed: int) -> None:
    rng = np.random.default_rng(seed)
    changed = 0
    for example in load_examples([min(GOLD.glob("*.jsonl"))]):
        varied = replaced(example, ["新名称"], rng)
        before, after = words(example), words(varied)
        indicators = sum(label == "INDICATOR" for label, _ in before)
        assert len(before) == len(after)
        assert sum(one != two for one, two in zip(before, after, strict=True)) == min(indicators, 1)
        assert varied.gold.links == example.gold.links
        if indicators:
            changed += 1
            assert ("INDICATOR", "新名称") in after
            assert varied.given.hints == tag_sentence(varied.given.plain, varied.given.stance, varied.year)
        else:
            assert varied is example
    assert changed > 20


def test_names_come_from_the_lexicon() -> None:
    names = indicator_names()
    assert {"地区生产总值", "第三产业增加值"} <= set(names)
    assert not any(set(name) & set("+~;|") for name in names)


def test_an_adversary_moves_embeddings_and_puts_them_back() -> None:
    torch = pytest.importorskip("torch", reason="the training extra is not installed")
    transformers = pytest.importorskip("transformers", reason="the training extra is not installed")
    from govie.model.network import Network
    from training.adversary import moved

    torch.manual_seed(0)
    shape = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    network = Network(transformers.BertModel(transformers.BertConfig(vocab_size=20, **shape)))
    table = network.encoder.get_input_embeddings().weight
    before = table.detach().clone()
    torch.autograd.backward(network(torch.arange(6)[None], torch.ones(1, 6, dtype=torch.long))[0].square().sum())
    with moved(network, 0.5):
        step = (table - before).detach()
    assert float(step.norm()) == pytest.approx(0.5, rel=1e-4)
    assert float((step * table.grad).sum()) > 0
    assert torch.equal(table, before)
