from __future__ import annotations

import sys
from dataclasses import replace
from decimal import Decimal

import pytest

from govie.errors import MissingExtraError, OptionError
from govie.rows import FACT_COLUMNS, SOURCE_COLUMNS, TASK_COLUMNS, fact_rows, frame, source_columns, storable, task_rows


def test_a_row_has_the_declared_columns_in_order(sample):
    assert [tuple(row) for row in fact_rows(sample)] == [(*SOURCE_COLUMNS, *FACT_COLUMNS)] * 3
    assert [tuple(row) for row in task_rows(sample)] == [(*SOURCE_COLUMNS, *TASK_COLUMNS)]


def test_a_fact_row_reads_without_the_extraction(sample):
    row = fact_rows(sample, region="辽宁省沈阳市沈河区", year=2021)[2]
    expected = {
        "document": "沈河区政府工作报告",
        "region": "辽宁省沈阳市沈河区",
        "year": 2021,
        "name": "新建小区配套路",
        "indicator": "小区配套路",
        "action": "新建",
        "value": "4",
        "value_max": "6",
        "unit": "条",
        "bound": "range",
        "status": "target",
        "period": "2021",
        "lead": "区发改局",
        "support": "区商务局",
        "section": "二、2021年工作安排",
        "sentence": "1.新建4至6条小区配套路，区发改局牵头，区商务局配合。",
    }
    assert {name: row[name] for name in expected} == expected
    assert sample.text[row["start"] : row["end"]] == "4至6"


def test_amounts_are_exact_and_in_the_base_unit(sample):
    row = fact_rows(sample)[0]
    assert (row["value"], row["unit"], row["amount"], row["base_unit"]) == ("990", "亿元", "99000000000", "元")
    assert row["amount_max"] is None
    odd = replace(sample, facts=(replace(sample.facts[0], value=Decimal("-0.1"), magnitude=Decimal(10**4)),))
    assert fact_rows(odd)[0]["amount"] == "-1000"


def test_sections_and_agencies_are_joined(sample):
    fact = replace(sample.facts[2], section=("二、安排", "（一）道路"), lead=(9, 10), support=())
    row = fact_rows(replace(sample, facts=(fact,)))[0]
    assert (row["section"], row["lead"], row["support"]) == ("二、安排 > （一）道路", "区发改局、区商务局", None)


def test_a_task_row_holds_its_words_and_facts(sample):
    row = task_rows(sample)[0]
    assert (row["number"], row["text"], row["lead"]) == ("1", "新建4至6条小区配套路", "区发改局")
    assert row["facts"] == "新建小区配套路 4至6条"


def test_further_source_columns_come_first(sample):
    row = sample.to_rows(path="a.txt", document="甲")[0]
    assert list(row)[:3] == ["path", "document", "region"]
    assert (row["path"], row["document"]) == ("a.txt", "甲")


def test_a_source_column_cannot_hide_a_fact_column(sample):
    with pytest.raises(OptionError, match="'value' is already there"):
        fact_rows(sample, value=1)


def test_source_columns_come_from_the_metadata(sample_document):
    expected = {"document": "沈河区政府工作报告", "region": "辽宁省沈阳市沈河区", "year": 2021}
    assert source_columns(sample_document) == expected


def test_a_frame_has_numbers_where_numbers_stand(sample):
    table = sample.to_frame(year=2021)
    assert table["value"].tolist() == [990.0, 0.2, 4.0]
    assert table["amount"].sum() == 99000000004.2
    assert table["value_max"].isna().tolist() == [True, True, False]
    assert table["year"].dtype.name == "Int64"
    assert table.loc[table["status"] == "target", "name"].tolist() == ["新建小区配套路"]


@pytest.mark.parametrize("columns", [(*SOURCE_COLUMNS, *FACT_COLUMNS), (*SOURCE_COLUMNS, *TASK_COLUMNS)])
def test_an_empty_frame_has_all_columns_and_types(sample, columns):
    full = frame(fact_rows(sample) if "value" in columns else task_rows(sample))
    empty = frame([], columns)
    assert list(empty.columns) == list(columns)
    assert [dtype.name for dtype in empty.dtypes[1:]] == [dtype.name for dtype in full.dtypes[1:]]


def test_without_pandas_the_error_says_what_to_install(sample, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'govie\[frame\]'"):
        sample.to_frame()


def test_storable_keeps_the_length():
    assert storable("甲\ud800乙\x00丙") == "甲\ufffd乙\ufffd丙"
