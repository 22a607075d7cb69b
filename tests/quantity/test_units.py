from __future__ import annotations

from decimal import Decimal

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from govie.errors import LexiconError
from govie.quantity import units
from govie.quantity.units import Unit, parse_unit, unit_kind, unit_words

CASES = read_cases("quantity/units.tsv")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["unit"])
def test_cases(case):
    assert parse_unit(case["unit"]) == Unit(case["unit"], Decimal(case["magnitude"]), case["base"])
    assert (unit_kind(case["base"]) or "") == case["kind"]


@given(st.sampled_from(sorted(unit_words())), st.sampled_from(["", "万", "亿", "万亿"]))
def test_multiplier_comes_off_every_unit(word, scale):
    powers = {"": 0, "万": 4, "亿": 8, "万亿": 12}
    assert parse_unit(scale + word) == Unit(scale + word, Decimal(10) ** powers[scale], word)


@given(st.text(max_size=20))
def test_any_text(text):
    assert parse_unit(text).text == text


@pytest.mark.parametrize("row", [("个", "count", "any"), ("碗", "soup", "any"), ("碗", "count", "some")])
def test_lexicon_is_validated(monkeypatch, row):
    rows = [dict(zip(("unit", "kind", "numerals"), values, strict=True)) for values in (("个", "count", "any"), row)]
    monkeypatch.setattr(units, "load_table", lambda _: [entry | {"not_before": ""} for entry in rows])
    unit_words.cache_clear()
    with pytest.raises(LexiconError, match=r"units\.tsv"):
        unit_words()
    unit_words.cache_clear()
