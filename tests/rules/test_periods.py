from __future__ import annotations

import re

import pytest
from cases import read_cases

from govie.rules.periods import tag_periods

_MARK = re.compile(r"[<>【】]")


def _read_marks(sentence):
    """Return the sentence without marks, and the places of its quantities and periods."""
    plain, opened, places = "", 0, {">": [], "】": []}
    last = 0
    for mark in _MARK.finditer(sentence):
        plain += sentence[last : mark.start()]
        last = mark.end()
        if mark[0] in places:
            places[mark[0]].append((opened, len(plain)))
        else:
            opened = len(plain)
    return plain + sentence[last:], places[">"], places["】"]


def _read_links(words):
    labels = {"P": "PERIOD", "B": "BASE"}
    parts = [re.fullmatch(r"(\d+)([PB])(\d+)", word) for word in words.split()]
    return [(int(part[1]), int(part[3]), labels[part[2]]) for part in parts]


@pytest.mark.parametrize(
    "case", read_cases("period_links.tsv"), ids=lambda case: f"{case['cohort']}-{case['sentence']}"
)
def test_links(case):
    plain, quantities, periods = _read_marks(case["sentence"])
    tags = tag_periods(plain, quantities)
    assert [plain[start:end] for start, end in tags.periods] == [plain[start:end] for start, end in periods]
    assert sorted(tags.links) == sorted(_read_links(case["links"]))


def test_no_quantity_no_period():
    assert tag_periods("2021年改革不断深化。", []).periods == ()


def test_time_is_linear_in_a_clause_without_end():
    plain = "2021年比上年从5到6," * 3000
    quantities = [match.span() for match in re.finditer(r"[56]", plain)]
    tags = tag_periods(plain, quantities)
    assert len(tags.periods) == 6000
    assert max(quantity for quantity, _, _ in tags.links) == len(quantities) - 1
