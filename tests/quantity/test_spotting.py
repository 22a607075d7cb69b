from __future__ import annotations

import time
from itertools import pairwise

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from govie.quantity.numerals import parse_numeral
from govie.quantity.spotting import find_quantities
from govie.quantity.units import parse_unit
from quantity.marked import unmark

CASES = read_cases("quantity/spots.tsv")
PIECES = st.sampled_from([row["piece"] for row in read_cases("quantity/pieces.tsv")])


def found(text):
    spots = find_quantities(text)
    numerals = [(spot.start, spot.end) for spot in spots]
    return numerals, [(spot.unit_start, spot.unit_end) for spot in spots if spot.unit_start is not None]


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=pytest.mark.xfail(strict=True)) if case["cohort"] == "known" else case for case in CASES],
    ids=[f"{case['cohort']}-{case['sentence'][:14]}" for case in CASES],
)
def test_cases(case):
    marked = unmark(case["sentence"])
    numerals, units = found(marked.text)
    assert [marked.text[slice(*place)] for place in numerals] == [
        marked.text[slice(*place)] for place in marked.numerals
    ]
    assert (numerals, units) == (marked.numerals, marked.units)


@given(st.lists(PIECES, max_size=25).map("".join) | st.text())
def test_spots_are_valid_ordered_and_apart(text):
    spots = find_quantities(text)
    edges = [(spot.start, spot.end if spot.unit_end is None else spot.unit_end) for spot in spots]
    assert all(0 <= start < end <= len(text) for start, end in edges)
    assert all(left[1] <= right[0] for left, right in pairwise(edges))
    for spot in spots:
        assert (spot.unit_start is None) == (spot.unit_end is None)
        assert spot.unit_start is None or spot.end <= spot.unit_start < spot.unit_end
        assert not text[spot.start].isspace()
        assert not text[spot.end - 1].isspace()


@given(st.lists(PIECES, max_size=25).map("".join))
def test_numeral_is_that_of_the_words(text):
    assert find_quantities(text) == find_quantities(text)
    for spot in find_quantities(text):
        unit = parse_unit(text[spot.unit_start : spot.unit_end]) if spot.unit_start is not None else parse_unit("个")
        assert spot.numeral == parse_numeral(text[spot.start : spot.end], unit.magnitude)


@given(st.sampled_from([case["sentence"] for case in CASES if case["cohort"] != "known"]), st.integers(0, 30))
def test_offsets_move_with_the_text(sentence, shift):
    marked = unmark(sentence)
    numerals, units = found("。" * shift + marked.text)
    assert numerals == [(start + shift, end + shift) for start, end in marked.numerals]
    assert units == [(start + shift, end + shift) for start, end in marked.units]


@pytest.mark.parametrize(
    "piece",
    [
        "一",
        "1",
        "9,",
        "一万",
        "1-",
        "1 ",
        "1:",
        "1/",
        "几",
        "百分之",
        "1个(个)",
        "个/",
        "“1个",
        "点",
        "第",
        "1万",
        "二十至",
        "\ufffc",
    ],
)
def test_time_is_linear(piece):
    """Four times the text may take ten times as long; a quadratic search would take sixteen."""

    def seconds(size):
        text = piece * (size // len(piece))
        started = time.process_time()
        find_quantities(text)
        return time.process_time() - started

    seconds(1000)
    base = max(min(seconds(10_000) for _ in range(3)), 0.005)
    assert min(seconds(40_000) for _ in range(2)) < 10 * base


def test_text_without_numbers_is_fast():
    text = "坚持稳中求进工作总基调,全面深化改革开放,推动高质量发展迈出坚实步伐。" * 10_000
    started = time.process_time()
    assert find_quantities(text) == []
    assert len(text) / (time.process_time() - started) > 2_000_000
