from __future__ import annotations

import pytest

np = pytest.importorskip("numpy", reason="the training extra is not installed")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from training.masking import span_mask, start_rate  # noqa: E402
from training.text import SPECIALS  # noqa: E402


@settings(max_examples=25, deadline=None)
@given(share=st.floats(0.05, 0.6), longest=st.integers(1, 8), seed=st.integers(0, 99))
def test_share_is_met(share: float, longest: int, seed: int) -> None:
    ids = np.full((64, 512), 9)
    mask = span_mask(ids, share, longest, np.random.default_rng(seed))
    # The first few positions of a window can be reached by fewer spans, hence the slack.
    assert abs(mask[:, longest:].mean() - share) < 0.02


@settings(max_examples=25, deadline=None)
@given(ids=st.lists(st.integers(0, 9), min_size=8, max_size=40), seed=st.integers(0, 99))
def test_specials_are_never_masked(ids: list[int], seed: int) -> None:
    windows = np.array([ids])
    mask = span_mask(windows, 0.5, 4, np.random.default_rng(seed))
    assert not mask[windows < len(SPECIALS)].any()


def test_same_seed_same_mask() -> None:
    ids = np.full((4, 64), 9)
    first, again, other = (span_mask(ids, 0.2, 4, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_single_token_spans_start_at_the_share() -> None:
    assert start_rate(0.25, 1) == pytest.approx(0.25)


@pytest.mark.parametrize(("share", "longest"), [(0.0, 4), (1.0, 4), (0.2, 0)])
def test_impossible_settings_are_refused(share: float, longest: int) -> None:
    with pytest.raises(ValueError, match="no span masking"):
        start_rate(share, longest)
