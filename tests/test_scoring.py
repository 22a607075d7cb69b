"""The scorer: small cases counted by hand, and what must hold for any input."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govie.annotations import AnnotatedSentence
from govie.errors import OptionError
from govie.records import RELATION_ENDS, SPAN_LABELS, Extraction, Fact, Relation, Span, Task
from govie.scoring import (
    Counts,
    FactKey,
    RelationKey,
    RoleKey,
    ScoredSentence,
    SpanKey,
    Window,
    score,
    score_links,
    windows,
)
from govie.tags import Link, Mention, Reading, Role, SentenceTags

# 新建4条路、3座桥: two indicators, two quantities
FOUR, LANE = SpanKey(2, 3, "QUANTITY"), SpanKey(3, 4, "UNIT")
ROAD, THREE, BRIDGE = SpanKey(4, 5, "INDICATOR"), SpanKey(6, 7, "QUANTITY"), SpanKey(8, 9, "INDICATOR")
GOLD = ScoredSentence(
    "a",
    "doc",
    frozenset({FOUR, LANE, ROAD, THREE, BRIDGE}),
    frozenset({RelationKey(ROAD, FOUR, "VALUE"), RelationKey(FOUR, LANE, "UNIT"), RelationKey(BRIDGE, THREE, "VALUE")}),
    frozenset(
        {
            FactKey(ROAD, FOUR, "value", None, "exact", "target"),
            FactKey(BRIDGE, THREE, "value", None, "exact", "target"),
        }
    ),
    frozenset({RoleKey(SpanKey(10, 13, "AGENCY"), "lead")}),
)


def answer(**changed):
    """The gold sentence with some of its sets exchanged."""
    parts = {name: getattr(GOLD, name) for name in ("spans", "relations", "facts", "roles")}
    return ScoredSentence("a", "doc", **{name: frozenset(value) for name, value in (parts | changed).items()})


def test_counts_by_hand():
    counts = Counts(correct=3, predicted=4, gold=6)
    assert (counts.precision, counts.recall, counts.f1) == (0.75, 0.5, 0.6)
    assert Counts() + counts == counts


def test_nothing_to_find_and_nothing_found_is_right_and_anything_found_is_wrong():
    assert (Counts().precision, Counts().recall, Counts().f1) == (1.0, 1.0, 1.0)
    assert (Counts(0, 2, 0).precision, Counts(0, 2, 0).recall, Counts(0, 2, 0).f1) == (0.0, 0.0, 0.0)
    assert (Counts(0, 0, 2).precision, Counts(0, 0, 2).recall, Counts(0, 0, 2).f1) == (0.0, 0.0, 0.0)


def test_a_span_off_by_one_is_wrong_strictly_and_right_by_overlap():
    longer = ROAD._replace(end=6)
    report = score([GOLD], [answer(spans=GOLD.spans - {ROAD} | {longer})])
    assert report["spans"]["INDICATOR"] == Counts(1, 2, 2)
    assert report["spans"]["micro"] == Counts(4, 5, 5)
    assert report["spans overlapping"]["INDICATOR"] == Counts(2, 2, 2)


def test_a_span_with_another_label_is_wrong_either_way():
    report = score([GOLD], [answer(spans=GOLD.spans - {LANE} | {LANE._replace(label="ACTION")})])
    assert report["spans"]["UNIT"] == report["spans overlapping"]["UNIT"] == Counts(0, 0, 1)
    assert report["spans"]["ACTION"] == Counts(0, 1, 0)


def test_one_long_span_overlaps_at_most_one():
    report = score([GOLD], [answer(spans={SpanKey(0, 9, "INDICATOR")})])
    assert report["spans overlapping"]["INDICATOR"] == Counts(1, 1, 2)


def test_a_relation_needs_both_spans_and_the_type():
    relations = {
        RelationKey(ROAD, FOUR, "CHANGE"),
        RelationKey(FOUR, LANE, "UNIT"),
        RelationKey(BRIDGE._replace(start=7), THREE, "VALUE"),
    }
    report = score([GOLD], [answer(relations=relations)])
    assert report["relations"]["VALUE"] == Counts(0, 1, 2)
    assert report["relations"]["CHANGE"] == Counts(0, 1, 0)
    assert report["relations"]["micro"] == Counts(1, 3, 3)


def test_links_among_right_spans_leave_out_what_a_missed_span_made_unreachable():
    spans = GOLD.spans - {BRIDGE} | {BRIDGE._replace(start=7)}
    relations = {RelationKey(BRIDGE._replace(start=7), THREE, "VALUE"), RelationKey(ROAD, THREE, "VALUE")}
    report = score([GOLD], [answer(spans=spans, relations=relations)])
    assert report["relations"]["VALUE"] == Counts(0, 2, 2)
    assert report["relations among right spans"]["VALUE"] == Counts(0, 1, 1)


def test_relation_labels_that_the_annotation_leaves_out_can_be_left_out():
    lead = RelationKey(ROAD, SpanKey(10, 13, "AGENCY"), "LEAD")
    guess = answer(relations=GOLD.relations | {lead})
    assert score([GOLD], [guess])["relations"]["micro"] == Counts(3, 4, 3)
    assert score([GOLD], [guess], relation_labels=("VALUE", "UNIT"))["relations"]["micro"] == Counts(3, 3, 3)


def test_facts_are_counted_as_pairs_with_kind_and_with_all_attributes():
    facts = {
        FactKey(ROAD, FOUR, "value", None, "exact", "actual"),
        FactKey(BRIDGE, THREE, "change", "increase", "exact", "target"),
        FactKey(ROAD, THREE, "value", None, "exact", "target"),
    }
    report = score([GOLD], [answer(facts=facts)])
    assert report["facts"]["pair"] == Counts(2, 3, 2)
    assert report["facts"]["pair and kind"] == Counts(1, 3, 2)
    assert report["facts"]["all attributes"] == Counts(0, 3, 2)
    right = report["attributes of right pairs"]
    assert [right[name].correct for name in ("kind", "direction", "bound", "status")] == [1, 1, 2, 1]
    assert right["kind"].gold == right["kind"].predicted == 2


def test_a_role_needs_the_agency_and_the_side():
    report = score([GOLD], [answer(roles={RoleKey(SpanKey(10, 13, "AGENCY"), "support")})])
    assert report["roles"]["lead"] == Counts(0, 0, 1)
    assert report["roles"]["support"] == Counts(0, 1, 0)


def test_a_sentence_without_prediction_is_all_missed():
    report = score([GOLD], [])
    assert report["spans"]["micro"] == Counts(0, 0, 5)
    assert report["facts"]["pair"] == Counts(0, 0, 2)


def test_keys_must_be_unique_and_known():
    with pytest.raises(OptionError, match="gold holds sentence 'a' twice"):
        score([GOLD, GOLD], [])
    with pytest.raises(OptionError, match="not in gold, such as 'b'"):
        score([GOLD], [ScoredSentence("b", "doc")])


TAGS = SentenceTags(
    (Mention("QUANTITY", 2, 3), Mention("INDICATOR", 4, 5), Mention("AGENCY", 6, 9)),
    (Link(1, 0, "CHANGE"),),
    {(1, 0): Reading("increase", "about", "target")},
    (Role(2, "support"),),
)


def test_tags_become_keys():
    quantity, indicator, agency = SpanKey(2, 3, "QUANTITY"), SpanKey(4, 5, "INDICATOR"), SpanKey(6, 9, "AGENCY")
    assert ScoredSentence.from_tags("a", "doc", TAGS) == ScoredSentence(
        "a",
        "doc",
        frozenset({quantity, indicator, agency}),
        frozenset({RelationKey(indicator, quantity, "CHANGE")}),
        frozenset({FactKey(indicator, quantity, "change", "increase", "about", "target")}),
        frozenset({RoleKey(agency, "support")}),
    )


def annotated(tags=TAGS, key="a"):
    return AnnotatedSentence(key, "新增4条路（市政府）", tags, "doc", 0, 11)


def test_links_are_scored_on_the_annotated_spans():
    report = score_links([annotated()], lambda sentence: SentenceTags(sentence.tags.mentions, (Link(1, 0, "VALUE"),)))
    assert [group.name for group in report.groups] == ["relations", "facts", "attributes of right pairs"]
    assert report["relations"]["micro"] == Counts(0, 1, 1)
    assert report["facts"]["pair"] == Counts(1, 1, 1)
    assert report["facts"]["pair and kind"] == Counts(0, 1, 1)


def test_a_linker_may_drop_spans_but_not_add_any():
    assert score_links([annotated()], lambda sentence: SentenceTags())["relations"]["micro"] == Counts(0, 0, 1)
    with pytest.raises(OptionError, match="a: the linker returned spans that it was not given"):
        score_links([annotated()], lambda sentence: SentenceTags((Mention("UNIT", 0, 1),)))


def fact(indicator, quantity, lead=()):
    return Fact(
        indicator, None, quantity, None, None, None, "value", None, "exact", "actual", Decimal(4), None,
        Decimal(1), None, None, lead, (), "路", None, (0, 9), (), 1.0, "rule",
    )  # fmt: skip


def test_an_extraction_is_cut_into_windows():
    places = [(0, 1, "INDICATOR"), (1, 2, "QUANTITY"), (4, 6, "INDICATOR"), (6, 7, "QUANTITY"), (9, 11, "AGENCY")]
    text = "路4条；新路5条。市府办"
    spans = tuple(
        Span(i, label, start, end, text[start:end], 1.0, "rule") for i, (start, end, label) in enumerate(places)
    )
    extraction = Extraction(
        text,
        spans,
        (
            Relation(0, 1, "VALUE", 1.0, "rule"),
            Relation(0, 3, "VALUE", 1.0, "rule"),
            Relation(2, 4, "LEAD", 1.0, "rule"),
        ),
        (fact(0, 1), fact(0, 3, lead=(4,))),
        (Task(None, 0, 9, (), (4,), (0,)),),
    )
    first, second, third = windows(extraction, [Window("c", 8, 10), Window("a", 0, 4), Window("b", 4, 8)], "doc")
    assert [first.key, second.key, third.key] == ["a", "b", "c"]
    assert first.spans == {SpanKey(0, 1, "INDICATOR"), SpanKey(1, 2, "QUANTITY")}
    assert {relation.label for relation in first.relations} == {"VALUE"}
    # The link from 路 in the first sentence to 5 in the second belongs to the second, and cannot match there.
    assert second.relations == {RelationKey(SpanKey(-4, -3, "INDICATOR"), SpanKey(2, 3, "QUANTITY"), "VALUE")}
    assert len(first.facts) == len(second.facts) == 1
    # A span that runs over its window's end stays in it.
    assert third.spans == {SpanKey(1, 3, "AGENCY")}
    assert third.roles == {RoleKey(SpanKey(1, 3, "AGENCY"), role) for role in ("lead", "support")}


def test_what_lies_between_windows_is_left_out():
    spans = (Span(0, "AGENCY", 2, 4, "市府", 1.0, "rule"),)
    (cut,) = windows(Extraction("由于市府", spans, (), (), ()), [Window("a", 0, 2)], "doc")
    assert cut == ScoredSentence("a", "doc")


def test_the_table_and_the_json_hold_the_numbers():
    report = score([GOLD], [answer(spans=GOLD.spans - {ROAD})], resamples=20)
    table = report.to_table().splitlines()
    assert table[0] == "1 sentences of 1 documents"
    micro = next(line for line in table if line.startswith("  micro"))
    assert micro.split() == ["micro", "1.000", "0.800", "0.889", "0.889–0.889", "4", "4", "5"]
    row = json.loads(report.to_json())["groups"]["spans"]["INDICATOR"]
    assert (row["precision"], row["recall"], row["correct"], row["predicted"], row["gold"]) == (1.0, 0.5, 1, 1, 2)
    assert row["f1_interval"] == [pytest.approx(2 / 3)] * 2


def test_rows_that_occur_on_neither_side_are_not_shown():
    assert [row.name for row in score([GOLD], [GOLD])["relations"].rows] == ["VALUE", "UNIT", "micro"]
    with pytest.raises(KeyError):
        score([GOLD], [GOLD])["words"]


def test_intervals_vary_with_documents_not_with_sentences_and_follow_the_seed():
    gold = [ScoredSentence(f"{i}", f"doc{i % 5}", frozenset({SpanKey(0, 1, "UNIT")})) for i in range(40)]
    wrong = [sentence for sentence in gold if sentence.document != "doc0"]
    interval = score(gold, wrong, resamples=200, seed=3)["spans"].rows[-1].interval
    assert interval.low < 8 / 9 < interval.high
    assert interval == score(gold, wrong[::-1], resamples=200, seed=3)["spans"].rows[-1].interval
    # Scores as in one document each: no spread between documents, none in the interval.
    flat = score(gold, gold[:20:2] + gold[1:20:2], resamples=50)["spans"].rows[-1].interval
    assert flat.low == flat.high


# ---- properties -------------------------------------------------------------------------


@st.composite
def scored_spans(draw):
    """Spans of one sentence that do not overlap."""
    cuts = sorted(draw(st.sets(st.integers(0, 14), max_size=10)))
    labels = st.sampled_from(SPAN_LABELS)
    return [SpanKey(start, end, draw(labels)) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]


@st.composite
def sentences(draw, key="a"):
    spans = draw(scored_spans())
    pairs = [
        RelationKey(head, tail, label)
        for label, (head_label, tail_label) in RELATION_ENDS.items()
        for head in spans
        for tail in spans
        if (head.label, tail.label) == (head_label, tail_label)
    ]
    relations = draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    bounds = st.sampled_from(("exact", "about"))
    facts = {
        (head, tail): FactKey(head, tail, label.lower(), None, draw(bounds), "actual")
        for head, tail, label in sorted(relations)
        if label in {"VALUE", "CHANGE", "GAP"}
    }
    roles = {RoleKey(span, draw(st.sampled_from(("lead", "support")))) for span in spans if span.label == "AGENCY"}
    document = draw(st.sampled_from(("x", "y")))
    sets = (frozenset(spans), frozenset(relations), frozenset(facts.values()), frozenset(roles))
    return ScoredSentence(key, document, *sets)


batches = st.lists(sentences(), max_size=4).map(
    lambda found: [
        ScoredSentence(f"s{i}", s.document, s.spans, s.relations, s.facts, s.roles) for i, s in enumerate(found)
    ]
)


def every_row(report):
    return {(group.name, row.name): row.counts for group in report.groups for row in group.rows}


@given(batches)
def test_annotation_against_itself_is_perfect(gold):
    for counts in every_row(score(gold, gold)).values():
        assert (counts.precision, counts.recall, counts.f1) == (1.0, 1.0, 1.0)


@given(batches, batches, st.randoms())
def test_order_does_not_matter(gold, predicted, source):
    predicted = predicted[: len(gold)]
    shuffled = source.sample(gold, len(gold)), source.sample(predicted, len(predicted))
    assert score(gold, predicted, resamples=5) == score(*shuffled, resamples=5)


@given(st.lists(st.tuples(sentences("a"), sentences("a")), max_size=1))
def test_swapping_the_sides_swaps_precision_and_recall(pair):
    gold, predicted = [one for one, _ in pair], [other for _, other in pair]
    there, back = every_row(score(gold, predicted)), every_row(score(predicted, gold))
    assert there.keys() == back.keys()
    for place, counts in there.items():
        assert (counts.precision, counts.recall, counts.f1) == (
            back[place].recall,
            back[place].precision,
            back[place].f1,
        )


@given(sentences(), sentences())
def test_overlap_is_never_stricter_than_equality_and_counts_are_in_bounds(gold, predicted):
    report = score([gold], [predicted])
    for row in report["spans"].rows:
        assert row.counts.correct <= report["spans overlapping"][row.name].correct
    for counts in every_row(report).values():
        assert 0 <= counts.correct <= min(counts.predicted, counts.gold)


@given(sentences())
def test_everything_annotated_is_in_the_denominator(gold):
    report = score([gold], [])
    assert report["spans"]["micro"].gold == len(gold.spans)
    assert report["relations"]["micro"].gold == len(gold.relations)
    assert report["facts"]["all attributes"].gold == len(gold.facts)
    assert report["roles"]["micro"].gold == len(gold.roles)
