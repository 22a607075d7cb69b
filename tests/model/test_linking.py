"""Whatever the scores, what is linked keeps to the schema."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.model.features import candidate_pairs
from govie.model.heads import class_mask
from govie.model.labels import ATTRIBUTES, LINK_CLASSES
from govie.model.linking import Scored, assemble
from govie.records import RELATION_ENDS, SPAN_LABELS
from govie.tags import FACT_LINKS, Link, Mention, Reading, Role, SentenceTags, supported

VALUES = sum(map(len, ATTRIBUTES.values()))


def scored(labels, seed, spread=4.0):
    rng = np.random.default_rng(seed)
    mentions = [(label, 3 * at, 3 * at + 2) for at, label in enumerate(labels)]
    pairs = candidate_pairs(mentions)
    mask = class_mask()[[kind for kind, _, _ in pairs]]
    scores = (rng.normal(size=(len(pairs), len(LINK_CLASSES))) * spread).astype(np.float32) + mask
    ranges = [label == "QUANTITY" and bool(rng.random() < 0.5) for label in labels]
    attributes = (rng.normal(size=(len(mentions), VALUES)) * spread).astype(np.float32)
    sources = rng.choice(["model", "rule"], len(mentions)).tolist()
    return Scored(mentions, rng.random(len(mentions)).tolist(), sources, ranges, pairs, scores, attributes)


def assert_sound(tags):
    triples = {(tags.mentions[link.head].label, link.label, tags.mentions[link.tail].label) for link in tags.links}
    assert triples <= {(head, label, tail) for label, (head, tail) in RELATION_ENDS.items()}
    assert len({(link.head, link.tail, link.label) for link in tags.links}) == len(tags.links)
    facts = {(link.head, link.tail) for link in tags.links if link.label in FACT_LINKS}
    assert set(tags.readings) == facts
    needs = {
        "QUANTITY": {tail for _, tail in facts},
        "INDICATOR": {head for head, _ in facts},
        "UNIT": {link.tail for link in tags.links if link.label == "UNIT"},
        "PERIOD": {link.tail for link in tags.links if link.label in ("PERIOD", "BASE")},
        "ACTION": {link.head for link in tags.links if link.label == "ACTION"},
    }
    assert all(at in needs[mention.label] for at, mention in enumerate(tags.mentions) if mention.label != "AGENCY")
    assert all(tags.mentions[role.agency].label == "AGENCY" for role in tags.roles)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SPAN_LABELS), min_size=1, max_size=14), st.integers(0, 10_000))
def test_any_scores_make_sound_tags(labels, seed):
    given_ = scored(labels, seed)
    tags = assemble(given_)
    assert_sound(tags)
    assert len([m for m in tags.mentions if m.label == "AGENCY"]) == labels.count("AGENCY")
    units = [(link.head, link.tail) for link in tags.links if link.label == "UNIT"]
    assert len({head for head, _ in units}) == len({tail for _, tail in units}) == len(units)
    ranges = {(place[1], place[2]) for place, two in zip(given_.mentions, given_.ranges, strict=True) if two}
    for (indicator, quantity), reading in tags.readings.items():
        label = next(x.label for x in tags.links if (x.head, x.tail) == (indicator, quantity))
        where = tags.mentions[quantity]
        assert (reading.direction is None) == (label == "VALUE")
        assert (reading.bound == "range") == ((where.start, where.end) in ranges)
        assert 0 <= reading.score <= 1
    assert all(0 <= one.score <= 1 and one.source == "model" for one in (*tags.links, *tags.roles))
    source = dict(zip(given_.mentions, given_.sources, strict=True))
    assert all(one.source == source[one.label, one.start, one.end] for one in tags.mentions)


def test_nothing_but_an_agency_stands_alone():
    given_ = scored(SPAN_LABELS, 1)
    given_.pair_scores[:, 0] = 50  # nothing is linked
    assert [mention.label for mention in assemble(given_).mentions] == ["AGENCY"]


WHOLE = SentenceTags(
    tuple(
        Mention(label, at, at + 1)
        for at, label in enumerate(
            ["ACTION", "INDICATOR", "QUANTITY", "UNIT", "PERIOD", "AGENCY", "INDICATOR", "QUANTITY"]
        )
    ),
    (
        *(Link(0, 1, "ACTION"), Link(1, 2, "VALUE"), Link(1, 7, "VALUE"), Link(2, 3, "UNIT")),
        *(Link(2, 4, "PERIOD"), Link(6, 7, "CHANGE"), Link(7, 4, "BASE")),
    ),
    {pair: Reading(None, "exact", "actual") for pair in ((1, 2), (1, 7), (6, 7))},
    (Role(5, "lead"),),
)


@pytest.mark.parametrize(
    ("left_out", "standing"),
    [
        ((), "01234567"),
        ((2,), "014567"),
        ((7,), "012345"),
        ((1,), "4567"),
        ((2, 7), "5"),
        ((5,), "0123467"),
        (range(8), ""),
    ],
)
def test_what_cannot_stand_goes_with_what_is_left_out(left_out, standing):
    tags = supported(WHOLE, left_out)
    assert_sound(tags)
    assert "".join(str(mention.start) for mention in tags.mentions) == standing
    assert len(tags.roles) == ("5" in standing)


def test_an_improbable_name_goes_where_the_quantity_has_a_better_one():
    mentions = [("INDICATOR", 0, 2), ("INDICATOR", 3, 5), ("QUANTITY", 6, 7)]
    pairs = candidate_pairs(mentions)
    scores = np.zeros((len(pairs), len(LINK_CLASSES)), np.float32)
    scores[:, LINK_CLASSES.index("VALUE")] = 9.0
    attributes = np.zeros((3, VALUES), np.float32)

    def named(*confidence):
        tags = assemble(Scored(mentions, confidence, ["model"] * 3, [False] * 3, pairs, scores, attributes))
        return [mention.start for mention in tags.mentions if mention.label == "INDICATOR"]

    assert named(0.9, 0.2, 0.9) == [0]
    assert named(0.9, 0.8, 0.9) == [0, 3]
    assert named(0.3, 0.2, 0.9) == [0, 3]
