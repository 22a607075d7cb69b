from __future__ import annotations

import re

import pytest
from cases import read_cases

from govie.lexicon import load_toml
from govie.quantity.status import status_of


@pytest.mark.parametrize("case", read_cases("status.tsv"), ids=lambda case: f"{case['cohort']}-{case['sentence']}")
def test_status(case):
    start, end = (mark.start() for mark in re.finditer("[<>]", case["sentence"]))
    plain = re.sub("[<>]", "", case["sentence"])
    year = int(case["year"]) if case["year"] else None
    assert status_of(plain, start, end - 1, stance=case["stance"] or None, year=year) == case["status"]


def test_every_cue_counts():
    assert all(type(weight) is int and weight != 0 for weight in load_toml("status.toml")["cues"].values())


@pytest.mark.parametrize("table", ["estimate", "ahead", "present", "step", "year"])
def test_word_lists_hold_no_word_twice(table):
    lists = load_toml("status.toml")[table].values()
    assert all(words and len(set(words)) == len(words) for words in lists)


def test_time_does_not_grow_with_the_sentence():
    plain = "预计增长5%和6%、" * 40_000
    assert status_of(plain, len(plain) - 5, len(plain) - 4, stance="review") == "estimate"
