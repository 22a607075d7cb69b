"""Calibration keeps the order of scores and their range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govie.model.calibration import Calibration, Scale
from govie.tags import Link, Mention, Reading, Role, SentenceTags

scores = st.floats(0, 1)
TAGS = SentenceTags(
    (Mention("INDICATOR", 0, 1, 0.6, "model"), Mention("QUANTITY", 1, 2, 0.6, "model"), Mention("AGENCY", 2, 3, 0.6)),
    (Link(0, 1, "VALUE", 0.6, "model"),),
    {(0, 1): Reading(None, "exact", "actual", score=0.6)},
    (Role(2, "lead", 0.6, "model"),),
)


@given(scores, scores, st.floats(0.1, 5), st.floats(-5, 5))
def test_a_scale_is_monotone_and_gives_probabilities(one, other, slope, offset):
    low, high = sorted((one, other))
    scale = Scale(slope, offset)
    assert 0 <= scale(low) <= scale(high) <= 1


@given(st.floats(1e-5, 1 - 1e-5))
def test_without_a_scale_scores_stay(raw):
    assert Scale()(raw) == pytest.approx(raw)


def test_each_kind_has_its_own_scale():
    low = {"VALUE": Scale(1, -9)}
    found = Calibration({"INDICATOR": Scale(1, 9)}, low, {}, {"lead": Scale(1, 9)}).apply(TAGS)
    assert found.mentions[0].score > 0.99
    assert found.mentions[1].score == pytest.approx(0.6)
    assert found.links[0].score < 0.01
    assert found.readings[0, 1].score == pytest.approx(0.6)
    assert found.roles[0].score > 0.99
    assert Calibration(facts=low).apply(TAGS).readings[0, 1].score < 0.01
