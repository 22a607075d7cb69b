"""What the heads are told of pairs and mentions. Training and inference call the same functions."""

from bisect import bisect_left

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.model.features import (
    ATTRIBUTE_FEATURES,
    PAIR_FEATURES,
    Input,
    attribute_features,
    candidate_pairs,
    pair_features,
    places,
)
from govie.model.labels import LINK_CLASSES, PAIR_TYPES
from govie.rules.tagger import tag_sentence

PLAIN = "预计地区生产总值完成990亿元,同比增长6%左右;新建学校12所、公园3个。"
HINTS = tag_sentence(PLAIN)


@st.composite
def sentences(draw):
    """A sentence with mentions that do not overlap."""
    plain = draw(st.text("新建4条路,、;。", min_size=1, max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(plain)), max_size=12)))
    labels = st.sampled_from(["QUANTITY", "UNIT", "INDICATOR", "ACTION", "PERIOD", "AGENCY"])
    return plain, [(draw(labels), a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


def slow_pair(plain, mentions, head, tail):
    """Distance, marks and mentions between, one pair at a time."""
    first, second = sorted((mentions[head], mentions[tail]), key=lambda mention: mention[1])
    left, right = first[2], second[1]
    forward = first is mentions[head]
    between = [sum(m[0] == mentions[end][0] and left <= m[1] < right for m in mentions) for end in (head, tail)]
    found = [3 if c in ";。!?\n" else 2 if c in ",:" else 1 if c == "、" else 0 for c in plain[left:right]]
    distance = bisect_left((1, 2, 3, 5, 9, 17, 33, 65), right - left + 1) + 9 * forward
    return [distance, *(min(count, 3) for count in between), max(found, default=0)]


@settings(max_examples=60, deadline=None)
@given(sentences())
def test_pair_features_are_those_of_each_pair_alone(sentence):
    plain, mentions = sentence
    pairs = candidate_pairs(mentions)
    rows = pair_features(Input(plain), mentions, pairs)
    assert rows.shape == (len(pairs), len(PAIR_FEATURES))
    assert rows[:, 1:5].tolist() == [slow_pair(plain, mentions, head, tail) for _, head, tail in pairs]
    assert all((mentions[h][0], mentions[t][0]) == PAIR_TYPES[kind] for kind, h, t in pairs)


def test_the_rules_links_and_mentions_are_told():
    mentions = places(HINTS.mentions)
    pairs = candidate_pairs(mentions)
    rows = pair_features(Input(PLAIN, None, HINTS), mentions, pairs)
    linked = {(link.head, link.tail): LINK_CLASSES.index(link.label) for link in HINTS.links}
    assert linked
    assert rows[:, 5].tolist() == [linked.get(pair[1:], 0) for pair in pairs]
    assert set(rows[:, 6].tolist()) == {3}
    unknown = pair_features(Input(PLAIN), mentions, pairs)
    assert set(unknown[:, 5].tolist()) == {len(LINK_CLASSES)}
    assert (unknown[:, :5] == rows[:, :5]).all()


def test_values_are_within_their_tables():
    mentions = places(HINTS.mentions)
    for hints in (None, HINTS):
        given_ = Input(PLAIN, "plan", hints)
        rows = pair_features(given_, mentions, candidate_pairs(mentions))
        assert (rows >= 0).all()
        assert (rows < np.array(list(PAIR_FEATURES.values()))).all()
        own = attribute_features(given_, mentions)
        assert (own >= 0).all()
        assert (own < np.array(list(ATTRIBUTE_FEATURES.values()))).all()


def test_pairs_do_not_grow_with_the_square_of_a_sentence():
    def count(facts):
        mentions = [
            (label, 4 * i + k, 4 * i + k + 1) for i in range(facts) for k, label in enumerate(("INDICATOR", "QUANTITY"))
        ]
        return len(candidate_pairs(mentions))

    assert count(20) == 20 * 20
    assert count(2000) < 2.1 * count(1000)
