from __future__ import annotations

from decimal import Decimal

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from govie.quantity.numerals import Numeral, fold, fraction_unit, parse_numeral

CASES = read_cases("quantity/numerals.tsv")
DIGITS = "零一二三四五六七八九"


def in_chinese(number: int) -> str:
    """Write a number below 10**12 in Chinese numerals."""
    for power, scale in ((8, "亿"), (4, "万"), (3, "千"), (2, "百"), (1, "十")):
        head, tail = divmod(number, 10**power)
        if head:
            gap = "零" if 0 < tail < 10 ** (power - 1) else ""
            return in_chinese(head) + scale + gap + (in_chinese(tail) if tail else "")
    return DIGITS[number]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['cohort']}-{case['text']}")
def test_cases(case):
    numeral = parse_numeral(case["text"], *([Decimal(case["magnitude"])] if case["magnitude"] else []))
    if not case["value"]:
        assert numeral is None
        return
    high = Decimal(case["max"]) if case["max"] else None
    assert numeral == Numeral(Decimal(case["value"]), high, bool(case["open"]))


@given(st.decimals(min_value=0, max_value=10**15, places=4))
def test_arabic_round_trip(number):
    assert parse_numeral(f"{number:f}") == Numeral(number)
    assert parse_numeral(f"{number:,f}") == Numeral(number)


@given(st.integers(0, 10**12 - 1))
def test_chinese_round_trip(number):
    assert parse_numeral(in_chinese(number)) == Numeral(Decimal(number))


@given(st.integers(1, 9999), st.integers(0, 99))
def test_chinese_decimals(whole, part):
    written = f"{in_chinese(whole)}点{DIGITS[part // 10]}{DIGITS[part % 10]}"
    assert parse_numeral(written) == Numeral(Decimal(f"{whole}.{part:02}"))


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.sampled_from("-—~至到–～"))
def test_ranges(low, span, dash):
    assert parse_numeral(f"{low}{dash}{low + span}") == Numeral(Decimal(low), Decimal(low + span))


@given(st.text(alphabet="0123456789一二三十百千万亿点分之余多几半/:.,-% 至", max_size=30))
def test_any_numeral_characters(text):
    numeral = parse_numeral(text)
    assert numeral is None or numeral.value_max is None or numeral.value <= numeral.value_max


@given(st.text())
def test_fold_keeps_length(text):
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_no_number_is_rounded():
    assert parse_numeral("1" * 60 + "亿") == Numeral(Decimal("1" * 60 + "0" * 8))


def test_hostile_length_is_no_numeral():
    assert parse_numeral("9" * 10_000) is None


@pytest.mark.parametrize(("text", "unit"), [("百分之五", "%"), ("千分之三", "‰"), ("六分之一", None), ("5", None)])
def test_fraction_unit(text, unit):
    assert fraction_unit(text) == unit
