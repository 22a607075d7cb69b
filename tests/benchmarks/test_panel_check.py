"""How the check of the panel judges rows."""

import pytest
from panel_check import LEADING, Verdict, gold_rows, judge, plain

GOLD = {
    **{"document": "a.txt", "status": "target", "indicator_id": "gdp", "year": "2026", "basis": "annual"},
    **{"kind": "change", "direction": "increase", "value": "5", "value_max": "", "unit": "%", "bound": "about"},
    "relative": "",
}
INCOME = {**GOLD, "indicator_id": "disposable_income", "value": "", "unit": "", "relative": "与经济增长同步"}


@pytest.mark.parametrize(
    ("change", "verdicts"),
    [
        ({}, ["found"]),
        ({"value": "5.5"}, ["missed", "wrong"]),
        ({"bound": "at_least"}, ["missed", "wrong"]),
        ({"basis": "average"}, ["missed", "wrong"]),
        ({"status": "actual", "year": "2025"}, ["missed", "open"]),
        ({"indicator_id": "retail_sales"}, ["missed"]),
    ],
)
def test_a_row_is_judged_by_what_stands_in_its_place(change, verdicts):
    assert [each.verdict for each in judge([GOLD], [GOLD | change])] == verdicts


def test_a_target_without_a_number_is_judged_by_its_words():
    assert list(judge([INCOME], [INCOME])) == [Verdict(INCOME, "found")]
    told = [each.verdict for each in judge([INCOME], [INCOME | {"relative": "高于经济增速"}])]
    assert told == ["missed", "wrong"]


def test_the_figures_are_complete_rows_of_the_leading_indicators():
    rows = gold_rows()
    assert {row["indicator_id"] for row in rows} >= LEADING
    assert all(row["value"] or row["relative"] for row in rows)
    assert len({tuple(row.values()) for row in rows}) == len(rows)


def test_nothing_is_written_for_nothing():
    assert [plain(cell) for cell in (None, float("nan"), 2026)] == ["", "", "2026"]
