"""What must hold of the extraction of any text."""

import json
import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from robustness_texts import texts

import govie
from govie.records import RELATION_ENDS, SPAN_LABELS, Bound, Direction, Kind, Status

EXAMPLES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# The shape that SCHEMA section 4 fixes: these keys, in this order.
KEYS = {
    "spans": ["id", "label", "start", "end", "text", "score", "source"],
    "relations": ["head", "tail", "label", "score", "source"],
    "facts": [
        "indicator", "action", "quantity", "unit", "period_span", "base_span",
        "kind", "direction", "bound", "status",
        "value", "value_max", "magnitude", "base_unit", "period",
        "lead", "support", "name", "indicator_id", "sentence", "section",
        "score", "source",
    ],
    "tasks": ["number", "start", "end", "lead", "support", "facts"],
}  # fmt: skip
NOTHING = {"text": "", "spans": [], "relations": [], "facts": [], "tasks": []}
RICH = """2024年政府工作报告主要工作任务分解表

主要工作任务

牵头单位

责任单位

1.新建4条小区配套路，力争地区生产总值增长6%左右。

区发改局

区工信局、区商务局
"""


@EXAMPLES
@given(texts)
def test_spans_are_the_words_they_say_in_order_without_overlap(text):
    found = govie.extract(text)
    assert found.text == text
    for position, span in enumerate(found.spans):
        assert span.id == position
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        assert span.text == span.text.strip()
        assert span.label in SPAN_LABELS
        assert 0 <= span.score <= 1
    for before, after in pairwise(found.spans):
        assert before.end <= after.start


@EXAMPLES
@given(texts)
def test_relations_join_spans_that_may_be_joined(text):
    found = govie.extract(text)
    for relation in found.relations:
        ends = found.spans[relation.head].label, found.spans[relation.tail].label
        assert min(relation.head, relation.tail) >= 0
        assert ends == RELATION_ENDS[relation.label]
    triples = Counter((relation.head, relation.tail, relation.label) for relation in found.relations)
    assert not [triple for triple, times in triples.items() if times > 1]


@EXAMPLES
@given(texts)
def test_every_span_but_an_agency_is_linked(text):
    """A quantity has an indicator, an indicator a quantity, an action an indicator, a unit and a period a quantity."""
    found = govie.extract(text)
    heads, tails = ({(getattr(r, end), r.label) for r in found.relations} for end in ("head", "tail"))
    facts = {"VALUE", "CHANGE", "GAP"}
    for span in found.spans:
        as_head = {label for id_, label in heads if id_ == span.id}
        as_tail = {label for id_, label in tails if id_ == span.id}
        linked = {
            "QUANTITY": as_tail & facts,
            "INDICATOR": as_head & facts,
            "ACTION": as_head & {"ACTION"},
            "UNIT": as_tail & {"UNIT"},
            "PERIOD": as_tail & {"PERIOD", "BASE"},
            "AGENCY": {"stands on its own"},
        }
        assert linked[span.label], span


@EXAMPLES
@given(texts)
def test_facts_agree_with_the_relations(text):
    found = govie.extract(text)
    relations = {(relation.head, relation.tail, relation.label) for relation in found.relations}
    pairs = [(fact.indicator, fact.quantity, fact.kind.upper()) for fact in found.facts]
    assert sorted(pairs) == sorted(triple for triple in relations if triple[2] in {"VALUE", "CHANGE", "GAP"})
    for fact in found.facts:
        optional = [
            (fact.action, fact.indicator, "ACTION"),
            (fact.quantity, fact.unit, "UNIT"),
            (fact.quantity, fact.period_span, "PERIOD"),
            (fact.quantity, fact.base_span, "BASE"),
        ]
        assert all(triple in relations for triple in optional if None not in triple)
        assert fact.unit is not None or not any(h == fact.quantity and label == "UNIT" for h, _, label in relations)
        assert {found.spans[agency].label for agency in (*fact.lead, *fact.support)} <= {"AGENCY"}
        assert not set(fact.lead) & set(fact.support)


@EXAMPLES
@given(texts)
def test_facts_have_values_within_the_schema(text):
    found = govie.extract(text)
    for fact in found.facts:
        assert fact.kind in get_args(Kind)
        assert fact.bound in get_args(Bound)
        assert fact.status in get_args(Status)
        assert (fact.direction is None) if fact.kind == "value" else fact.direction in (None, *get_args(Direction))
        assert fact.value.is_finite()
        assert fact.magnitude > 0
        assert fact.value_max is None or fact.value_max >= fact.value
        assert (fact.value_max is not None) == (fact.bound == "range")
        assert fact.name
        start, end = fact.sentence
        assert 0 <= start <= found.spans[fact.quantity].start < found.spans[fact.quantity].end <= end <= len(text)
        assert fact.period is None or re.fullmatch(r"\d{4}(-\d{2}|-Q[1-4]|-H[12])?(/\d{4}(-\d{2})?)?", fact.period)
    assert list(found) == sorted(
        found.facts, key=lambda fact: (found.spans[fact.quantity].start, found.spans[fact.indicator].start)
    )


@EXAMPLES
@given(texts)
def test_tasks_point_to_agencies_and_facts_inside(text):
    found = govie.extract(text)
    for task in found.tasks:
        assert 0 <= task.start <= task.end <= len(text)
        assert {found.spans[agency].label for agency in (*task.lead, *task.support)} <= {"AGENCY"}
        for index in task.facts:
            assert task.start <= found.spans[found.facts[index].quantity].start < task.end
    for before, after in pairwise(found.tasks):
        assert before.start <= after.start


@EXAMPLES
@given(texts)
def test_extraction_repeats_itself_and_a_document_gives_the_same(text):
    first = govie.extract(text)
    assert govie.extract(text) == first
    assert govie.extract(first.text) == first


@EXAMPLES
@given(texts)
def test_the_dict_is_plain_and_survives_json(text):
    found = govie.extract(text)
    plain = found.to_dict()
    assert json.loads(found.to_json()) == plain
    again = govie.Extraction.from_dict(plain)
    assert again == found
    assert [str(fact.magnitude) for fact in again] == [str(fact.magnitude) for fact in found]
    assert list(plain) == ["text", *KEYS]
    for name, keys in KEYS.items():
        for record in plain[name]:
            assert list(record) == keys
    for fact, record in zip(found.facts, plain["facts"], strict=True):
        assert Decimal(record["value"]) == fact.value
        assert Decimal(record["magnitude"]) == fact.magnitude


def test_the_properties_are_not_empty():
    """The checks above would pass on extractions that hold nothing."""
    plain = govie.load(mode="rules")(RICH).to_dict()
    assert all(plain[name] for name in KEYS)


@pytest.mark.parametrize("plain", [{}, {"text": "", "spans": None}, {**NOTHING, "facts": [{"value": "five"}]}, "text"])
def test_a_dict_of_another_form_is_refused(plain):
    with pytest.raises(govie.OptionError, match=r"not an extraction .*to_dict"):
        govie.Extraction.from_dict(plain)


@settings(max_examples=25, deadline=None)
@given(texts, texts)
def test_a_stream_gives_what_single_calls_give(one, other):
    extractor = govie.load(mode="rules")
    assert list(extractor.pipe(iter([one, other]), batch_size=1)) == [extractor(one), extractor(other)]
