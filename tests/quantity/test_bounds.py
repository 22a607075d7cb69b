from __future__ import annotations

from typing import get_args

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from govie.lexicon import load_toml
from govie.quantity.bounds import bound_of
from govie.quantity.spotting import find_quantities
from govie.records import Bound
from quantity.marked import unmark

CASES = read_cases("quantity/bounds.tsv")
PIECES = st.sampled_from([row["piece"] for row in read_cases("quantity/pieces.tsv")])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['cohort']}-{case['sentence'][:14]}")
def test_cases(case):
    marked = unmark(case["sentence"])
    [spot] = [spot for spot in find_quantities(marked.text) if (spot.start, spot.end) in marked.numerals]
    assert bound_of(marked.text, spot) == case["bound"]


@given(st.lists(PIECES, max_size=25).map("".join))
def test_every_spot_has_a_bound(text):
    assert all(bound_of(text, spot) in get_args(Bound) for spot in find_quantities(text))


def test_lexicon_names_bounds_only():
    groups = [group for place, group in load_toml("bounds.toml").items() if place not in ("fillers", "shared")]
    assert {bound for group in groups for bound in group} <= set(get_args(Bound))
