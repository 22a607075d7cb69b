from __future__ import annotations

import itertools

import pytest
from cases import read_cases

from govie.lexicon import load_toml
from govie.quantity.periods import find_periods, resolve_period

FIND = read_cases("periods_find.tsv")
RESOLVE = read_cases("periods_resolve.tsv")


@pytest.mark.parametrize("case", FIND, ids=lambda case: f"{case['cohort']}-{case['sentence'][:12]}")
def test_find(case):
    found = [case["sentence"][spot.start : spot.end] for spot in find_periods(case["sentence"])]
    assert found == ([words for words in case["spans"].split("|") if words])


@pytest.mark.parametrize("case", RESOLVE, ids=lambda case: "-".join(filter(None, case.values())) or "nothing")
def test_resolve(case):
    year = int(case["year"]) if case["year"] else None
    period = resolve_period(case["words"] or None, year=year, stance=case["stance"] or None)
    assert period == (case["period"] or None)


def test_spots_are_ordered_and_apart():
    spots = find_periods("2021年上半年、下半年,改革开放以来,“十三五”时期和近5年,1-9月;" * 20)
    assert all(left.end <= right.start for left, right in itertools.pairwise(spots))
    assert len(spots) == 120


@pytest.mark.parametrize("text", ["", " ", "年", "月" * 5000, "2" * 50000, "以来," * 5000, "一" * 50000, "《" * 5000])
def test_strange_text(text):
    assert find_periods(text) == []


def test_plans_follow_each_other():
    plans = sorted(load_toml("periods.toml")["plans"].values())
    assert all(last - first == 4 for first, last in plans)
    gaps = {first: first - before for (_, before), (first, _) in itertools.pairwise(plans)}
    assert {year for year, gap in gaps.items() if gap != 1} == {1966}


def test_lexicon_shape():
    lexicon = load_toml("periods.toml")
    assert all(set(offsets) == {"review", "plan"} for offsets in lexicon["deictic"].values())
    assert all(1 <= first <= last <= 12 for first, last in lexicon["parts"].values())
    assert all(words and len(set(words)) == len(words) for words in lexicon["cues"].values())
