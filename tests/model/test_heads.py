"""The heads in numpy give what they give in torch."""

import numpy as np
import pytest
from tiny_model import heads as tiny_heads

from govie.model.features import ATTRIBUTE_FEATURES, PAIR_FEATURES
from govie.model.heads import FORBIDDEN, Heads, boundaries, class_mask
from govie.model.labels import LINK_CLASSES, LINKS, PAIR_TYPES
from govie.records import RELATION_ENDS, SPAN_LABELS


def inputs(count=40, mentions=6, width=8):
    rng = np.random.default_rng(3)
    pairs = [(int(rng.integers(len(PAIR_TYPES))), *map(int, rng.integers(mentions, size=2))) for _ in range(count)]
    features = np.stack([rng.integers(size, size=count) for size in PAIR_FEATURES.values()], axis=1)
    own = np.stack([rng.integers(size, size=mentions) for size in ATTRIBUTE_FEATURES.values()], axis=1)
    return rng.normal(size=(mentions, width)).astype(np.float32), pairs, features, own


def test_a_pair_can_only_have_relations_of_its_labels():
    mask = class_mask()
    for kind, ends in enumerate(PAIR_TYPES):
        possible = {LINK_CLASSES[at] for at in np.flatnonzero(mask[kind] > FORBIDDEN)}
        assert possible == {None, *(label for label in LINKS if RELATION_ENDS[label] == ends)}


def test_a_mention_is_its_first_and_its_last_token():
    rows = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert boundaries(rows, [(SPAN_LABELS[0], 0, 3)]).tolist() == [[0, 1, 10, 11]]


def test_many_pairs_are_scored_as_few_are():
    heads = Heads(
        {name: value.astype(np.float32) for name, value in tiny_heads(np.random.default_rng(1), trust=1).items()}
    )
    mentions, pairs, features, _ = inputs(count=5000)
    whole = heads.pairs(mentions, pairs, features)
    assert np.allclose(whole[4990:], heads.pairs(mentions, pairs[4990:], features[4990:]), atol=1e-5)
    assert heads.pairs(mentions, [], features[:0]).shape == (0, len(LINK_CLASSES))


def test_numpy_agrees_with_torch():
    torch = pytest.importorskip("torch", reason="the gpu extra is not installed")
    from govie.model.network import AttributeHead, PairHead

    torch.manual_seed(2)
    pair, attribute = PairHead(8, 16, 4), AttributeHead(8, 16)
    state = {
        **{f"pair.{name}": value for name, value in pair.state_dict().items()},
        **{f"attribute.{name}": value for name, value in attribute.state_dict().items()},
    }
    heads = Heads({name: value.numpy() for name, value in state.items()})
    mentions, pairs, features, own = inputs()
    with torch.no_grad():
        expected = pair(torch.from_numpy(mentions), torch.tensor(pairs), torch.from_numpy(features)).numpy()
        values = attribute(torch.from_numpy(mentions), torch.from_numpy(own)).numpy()
    assert np.abs(heads.pairs(mentions, pairs, features) - expected).max() < 1e-4
    assert np.abs(heads.attributes(mentions, own) - values).max() < 1e-4
