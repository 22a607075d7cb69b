from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from training.bio import LABELS, TAGS, SpanF1, spans_of, tags_of


@st.composite
def _disjoint_spans(draw: st.DrawFn) -> tuple[int, list[tuple[str, int, int]]]:
    edges = sorted(draw(st.sets(st.integers(0, 30), max_size=12)))
    spans = [(draw(st.sampled_from(LABELS)), a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    return 30, spans


@given(_disjoint_spans())
def test_round_trip(case: tuple[int, list[tuple[str, int, int]]]) -> None:
    length, spans = case
    assert spans_of(tags_of(length, spans)) == spans


def test_adjacent_spans_stay_apart() -> None:
    spans = [("UNIT", 0, 2), ("UNIT", 2, 3)]
    assert spans_of(tags_of(3, spans)) == spans


def test_an_inside_tag_without_begin_opens_a_span() -> None:
    tags = [TAGS.index("I-UNIT"), TAGS.index("I-AGENCY"), 0]
    assert spans_of(tags) == [("UNIT", 0, 1), ("AGENCY", 1, 2)]


def test_only_exact_matches_count() -> None:
    score = SpanF1()
    score.add([("UNIT", 0, 2), ("ACTION", 3, 5)], [("UNIT", 0, 2), ("ACTION", 3, 4)])
    assert score.f1("UNIT") == 1
    assert score.f1("ACTION") == 0
    assert score.f1() == 0.5
    assert score.f1("PERIOD") == 0
