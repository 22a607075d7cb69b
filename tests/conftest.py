"""A small extraction made by hand, so that what shows results is tested without what finds them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from govie.document import Document, Metadata, Region, Sentence
from govie.records import Extraction, Fact, Relation, Span, Task

TEXT = """打印 关闭
一、2020年工作回顾
预计地区生产总值完成990亿元，同比增长0.2%左右。
二、2021年工作安排
1.新建4至6条小区配套路，区发改局牵头，区商务局配合。
"""
WORDS = (
    *(("INDICATOR", "地区生产总值"), ("QUANTITY", "990"), ("UNIT", "亿元"), ("QUANTITY", "0.2"), ("UNIT", "%")),
    *(("ACTION", "新建"), ("QUANTITY", "4至6"), ("UNIT", "条"), ("INDICATOR", "小区配套路")),
    *(("AGENCY", "区发改局"), ("AGENCY", "区商务局")),
)
REVIEW, PLAN = "一、2020年工作回顾", "二、2021年工作安排"


def _spans():
    end = 0
    for index, (label, words) in enumerate(WORDS):
        start = TEXT.index(words, end)
        end = start + len(words)
        yield Span(index, label, start, end, words, 0.9, "rule")


def _line(words):
    start = TEXT.index(words)
    return start, TEXT.index("\n", start) + 1


LEVEL = Fact(
    indicator=0,
    action=None,
    quantity=1,
    unit=2,
    period_span=None,
    base_span=None,
    kind="value",
    direction=None,
    bound="exact",
    status="estimate",
    value=Decimal("990"),
    value_max=None,
    magnitude=Decimal(10**8),
    base_unit="元",
    period="2020",
    lead=(),
    support=(),
    name="地区生产总值",
    indicator_id="gdp",
    sentence=_line("预计"),
    section=(REVIEW,),
    score=0.9,
    source="rule",
)
CHANGE = replace(
    LEVEL,
    quantity=3,
    unit=4,
    kind="change",
    direction="increase",
    bound="about",
    value=Decimal("0.2"),
    magnitude=Decimal(1),
    base_unit="%",
)
ROADS = replace(
    LEVEL,
    indicator=8,
    action=5,
    quantity=6,
    unit=7,
    bound="range",
    status="target",
    value=Decimal("4"),
    value_max=Decimal("6"),
    magnitude=Decimal(1),
    base_unit="条",
    period="2021",
    lead=(9,),
    support=(10,),
    name="新建小区配套路",
    indicator_id=None,
    sentence=_line("1."),
    section=(PLAN,),
)


@pytest.fixture
def sample() -> Extraction:
    relations = (Relation(0, 1, "VALUE", 0.9, "rule"), Relation(0, 3, "CHANGE", 0.9, "rule"))
    task = Task("1", TEXT.index("新建"), TEXT.index("，区发改局"), (9,), (10,), (2,))
    return Extraction(TEXT, tuple(_spans()), relations, (LEVEL, CHANGE, ROADS), (task,), title="沈河区政府工作报告")


@pytest.fixture
def sample_document() -> Document:
    lines = [_line(words) for words in ("打印", "一、", "预计", "二、", "1.")]
    sections = ((), (), (REVIEW,), (), (PLAN,))
    pairs = zip(lines, sections, strict=True)
    sentences = (Sentence(*line, section, noise=line == lines[0]) for line, section in pairs)
    metadata = Metadata(
        title="沈河区政府工作报告", region=Region("辽宁省", "沈阳市", "沈河区"), year=2021, kind="work_report"
    )
    return Document(TEXT, TEXT, metadata, tuple(sentences))
