"""What the arbiter sees, and what it chooses among the mentions of encoder and rules."""

from itertools import chain, combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_model import arbiter as tiny_arbiter

from govie.model.arbiter import (
    _LEAST_ODDS,
    ARBITER_FEATURES,
    TRUSTED,
    Arbiter,
    Scores,
    candidates,
    sureness,
)
from govie.model.decode import log_softmax
from govie.model.features import ATTRIBUTE_FEATURES, PAIR_FEATURES, Input
from govie.model.labels import ATTRIBUTES, LINK_CLASSES, TAGS, begin_tag
from govie.rules.tagger import tag_sentence

LENGTH = 12
LABELS = ("QUANTITY", "UNIT", "INDICATOR")


@st.composite
def sides(draw):
    """One side's mentions, ordered and without overlap."""
    cuts = sorted(draw(st.sets(st.integers(0, LENGTH), max_size=8)))
    return [(draw(st.sampled_from(LABELS)), a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


def logs_of(seed):
    return log_softmax(np.random.default_rng(seed).normal(size=(LENGTH, len(TAGS))).astype(np.float32) * 3)


def arbiter_of(seed):
    return Arbiter(tiny_arbiter(np.random.default_rng(seed), trust=1.0))


def value(rows, row, name):
    return rows[row, ARBITER_FEATURES.index(name)]


def overlap(one, other):
    return one[1] < other[2] and other[1] < one[2]


@settings(max_examples=100, deadline=None)
@given(sides(), sides(), st.integers(0, 999))
def test_the_choice_is_the_best_set_without_overlap(own, rules, seed):
    logs, arbiter = logs_of(seed), arbiter_of(seed)
    chosen = arbiter.choose(logs, own, rules)
    places = [one.place for one in chosen]
    assert set(places) <= {*own, *rules}
    assert all(one[2] <= other[1] for one, other in pairwise(places))
    assert [one.source for one in chosen] == ["model" if place in own else "rule" for place in places]
    found, rows = candidates(logs, own, rules)
    weight = dict(zip(found, arbiter.log_odds(rows).tolist(), strict=True)) if found else {}
    every = chain.from_iterable(combinations(found, size) for size in range(len(found) + 1))
    best = max(sum(map(weight.get, some)) for some in every if not any(overlap(*two) for two in combinations(some, 2)))
    surer = [place for place in places if weight[place] > 0]
    assert sum(map(weight.get, surer)) == pytest.approx(best, abs=1e-6)
    assert {place[0] for place in places if weight[place] <= 0} <= {"INDICATOR"}  # a quantity needs a name
    free = [one for one in found if not any(overlap(one, other) for other in places)]
    assert all(weight[one] < _LEAST_ODDS for one in free if one[0] == "INDICATOR")


@settings(max_examples=100, deadline=None)
@given(sides(), sides(), st.integers(0, 999))
def test_features_describe_every_mention_of_either_side(own, rules, seed):
    found, rows = candidates(logs_of(seed), own, rules)
    assert found == sorted({*own, *rules}, key=lambda place: (place[1], place[2], place[0]))
    assert rows.shape == (len(found), len(ARBITER_FEATURES))
    assert np.isfinite(rows).all()
    for row, place in enumerate(found):
        rivals = [other for other in found if other != place and overlap(place, other)]
        assert value(rows, row, "rivals") == len(rivals)
        assert value(rows, row, f"is {place[0]}") == 1
        for side, mentions in (("encoder", own), ("rules", rules)):
            there = [other for other in mentions if overlap(place, other)]
            assert value(rows, row, f"{side}: same") == (place in mentions)
            assert value(rows, row, f"{side}: nothing") == (not there)
    who = sum(rows[:, ARBITER_FEATURES.index(f"{label}: both")].sum() for label in LABELS)
    assert who == len({*own} & {*rules})


def test_nobody_says_anything():
    assert arbiter_of(1).choose(logs_of(1), [], []) == []
    assert arbiter_of(1).choose(np.zeros((0, len(TAGS)), np.float32), [], []) == []


def test_one_side_alone_is_weighed_too():
    mention = ("UNIT", 2, 4)
    arbiter = Arbiter(tiny_arbiter(np.random.default_rng(0), trust=9.0))
    assert [one.source for one in arbiter.choose(logs_of(3), [], [mention])] == ["rule"]
    assert [one.source for one in arbiter.choose(logs_of(3), [mention], [mention])] == ["model"]


def test_an_agency_stays_that_the_rules_name_or_of_which_the_encoder_is_sure():
    tensors = tiny_arbiter(np.random.default_rng(0), trust=0.0)
    arbiter = Arbiter({**tensors, "arbiter.out.bias": np.float32(-90)})
    agency, begin = ("AGENCY", 1, 3), begin_tag("AGENCY")
    sure, unsure = (np.full((LENGTH, len(TAGS)), 1e-6, np.float32) for _ in range(2))
    sure[1, begin], sure[2, begin + 1] = 0.99, 0.99
    unsure[1, begin], unsure[2, begin + 1] = 0.99, 0.8
    assert [one.source for one in arbiter.choose(np.log(sure), [agency], [])] == ["model"]
    assert arbiter.choose(np.log(unsure), [agency], []) == []
    assert [one.source for one in arbiter.choose(np.log(unsure), [], [agency])] == ["rule"]
    assert arbiter.choose(np.log(sure), [("UNIT", 1, 3)], []) == []


def test_sureness_is_that_of_beginning_going_on_and_ending():
    probable = np.full((4, len(TAGS)), 0.01, np.float32)
    begin = begin_tag("UNIT")
    probable[1, begin], probable[2, begin + 1], probable[3, begin + 1] = 0.5, 0.25, 0.75
    assert sureness(np.log(probable), ("UNIT", 1, 3)) == pytest.approx(
        np.log([0.5, 0.25, 0.25, 0.25, 0.5 * 0.25 * 0.25]), abs=1e-6
    )
    assert sureness(np.log(probable), ("UNIT", 1, 4))[1:] == pytest.approx(
        [np.log(0.25), np.log(0.25 * 0.75) / 2, 0.0, np.log(0.5 * 0.25 * 0.75)], abs=1e-6
    )


def test_the_rules_word_is_weighed_where_both_sides_mark_the_mentions():
    pairs = np.zeros((3, len(PAIR_FEATURES)), np.int64)
    names = list(PAIR_FEATURES)
    pairs[:, names.index("rule_link")] = [0, 2, 2]
    pairs[:, names.index("rule_spans")] = [3, 3, 1]  # of the third pair the rules mark one end
    mentions = np.zeros((2, len(ATTRIBUTE_FEATURES)), np.int64)
    for name, values in ATTRIBUTES.items():
        mentions[:, list(ATTRIBUTE_FEATURES).index(f"rule_{name}")] = [len(values) - 1, len(values)]  # then: unknown
    scores = Scores(
        pairs,
        np.ones((3, len(LINK_CLASSES)), np.float32),
        mentions,
        np.zeros((2, sum(map(len, ATTRIBUTES.values()))), np.float32),
    )
    trust = 2.0
    tensors = tiny_arbiter(np.random.default_rng(0), trust=trust)
    tensors["arbiter.scale"][0] = 0.5
    leaning = Arbiter(tensors).lean(scores)
    assert leaning.pair_scores[:, :3].tolist() == [[2.5, 0.5, 0.5], [0.5, 0.5, 2.5], [0.5, 0.5, 0.5]]
    assert leaning.attribute_scores.sum(axis=1).tolist() == [trust * (len(TRUSTED) - 1), 0]
    ends = np.cumsum([len(values) for values in ATTRIBUTES.values()])
    assert leaning.attribute_scores[0, ends - 1].tolist() == [trust] * len(ATTRIBUTES)
    assert (scores.pair_scores == 1).all()  # what was given stays


def test_a_tagger_with_an_arbiter_takes_from_both_sides(tagger):
    plain = "预计地区生产总值完成990亿元,同比增长6%左右;新建学校12所、公园3个。" * 3
    rules = tag_sentence(plain)
    (found,) = tagger.tag([Input(plain, None, rules)])
    sources = {(one.start, one.end): one.source for one in found.mentions}
    assert set(sources.values()) == {"model", "rule"}
    theirs = {(one.start, one.end) for one in rules.mentions}
    assert {place for place, source in sources.items() if source == "rule"} <= theirs
    (alone,) = tagger.tag([Input(plain)])
    assert {one.source for one in alone.mentions} == {"model"}
