"""Tasks put together from rows, spans and facts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from govie.facts.tasks import build_tasks
from govie.records import Fact, Span, Task
from govie.rules.duties import Unit
from govie.rules.tasktable import TaskRow

TEXT = "1.新增企业20家,新建公园3个。区工信局、区财政局\n2.办好赛事。区文旅局\n"
WORDS = [
    *[("INDICATOR", "企业"), ("QUANTITY", "20"), ("INDICATOR", "公园"), ("QUANTITY", "3")],
    *[("AGENCY", "区工信局"), ("AGENCY", "区财政局"), ("AGENCY", "区文旅局")],
]


def place(words):
    return TEXT.index(words), TEXT.index(words) + len(words)


SPANS = [Span(at, label, *place(words), words, 1.0, "rule") for at, (label, words) in enumerate(WORDS)]
FACT = Fact(
    *(0, None, 1, None, None, None, "value", None, "exact", "target"),
    *(Decimal(20), None, Decimal(1), None, None, (), (), "企业", None, (0, 18), (), 1.0, "rule"),
)
FACTS = [FACT, replace(FACT, indicator=2, quantity=3, value=Decimal(3))]


def row(number, text, **units):
    agencies = [Unit(*place(unit), role) for role, names in units.items() for unit in names]
    return TaskRow(number, *place(text), tuple(agencies))


FIRST = row("1", "新增企业20家,新建公园3个。", lead=["区工信局"], support=["区财政局"])
SECOND = row("2", "办好赛事。", lead=["区文旅局"])


def test_a_task_holds_its_agencies_and_the_facts_inside():
    assert build_tasks([FIRST], SPANS, FACTS) == (Task("1", FIRST.start, FIRST.end, (4,), (5,), (0, 1)),)


def test_tasks_are_ordered_by_offset_and_may_hold_no_fact():
    tasks = build_tasks([SECOND, FIRST], SPANS, FACTS)
    assert [(task.number, task.lead, task.facts) for task in tasks] == [("1", (4,), (0, 1)), ("2", (6,), ())]


def test_a_fact_outside_the_text_of_the_task_is_not_its_own():
    short = replace(FIRST, end=FIRST.start + len("新增企业20家"))
    assert build_tasks([short], SPANS, FACTS)[0].facts == (0,)


def test_an_agency_named_twice_counts_once():
    twice = replace(SECOND, agencies=SECOND.agencies * 2)
    assert build_tasks([twice], SPANS, FACTS)[0].lead == (6,)


def test_an_agency_that_is_no_span_is_an_error():
    with pytest.raises(KeyError):
        build_tasks([FIRST], [span for span in SPANS if span.label != "AGENCY"], FACTS)


def test_no_rows_no_tasks():
    assert build_tasks([], SPANS, FACTS) == ()
