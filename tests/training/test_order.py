from __future__ import annotations

import pytest

np = pytest.importorskip("numpy", reason="the training extra is not installed")

from training.order import WindowOrder, heldout_windows  # noqa: E402
from training.text import CLS  # noqa: E402

_SOURCES = {"a": np.arange(1000, 2000, dtype=np.uint16), "b": np.arange(5000, 5400, dtype=np.uint16)}


def test_batches_do_not_depend_on_what_was_read_before() -> None:
    first = WindowOrder(_SOURCES, {"a": 1.0, "b": 2.0}, 11, seed=3)
    again = WindowOrder(_SOURCES, {"a": 1.0, "b": 2.0}, 11, seed=3)
    far = 3 * first.windows_per_epoch + 5
    assert (np.concatenate([first.batch(far, 4), first.batch(far + 4, 4)]) == again.batch(far, 8)).all()


def test_windows_are_contiguous_text_behind_a_cls() -> None:
    windows = WindowOrder(_SOURCES, {"a": 1.0, "b": 1.0}, 11, seed=3).batch(0, 200)
    assert (windows[:, 0] == CLS).all()
    assert (np.diff(windows[:, 1:], axis=1) == 1).all()


def test_an_epoch_passes_over_a_source_as_often_as_its_weight() -> None:
    order = WindowOrder(_SOURCES, {"a": 0.5, "b": 2.0}, 11, seed=3)
    windows = order.batch(0, order.windows_per_epoch)
    assert (windows[:, 1] < 5000).sum() == round(99 * 0.5)
    assert (windows[:, 1] >= 5000).sum() == 2 * 39
    starts = windows[windows[:, 1] < 5000, 1]
    assert len(set(starts.tolist())) == len(starts)


def test_epochs_differ() -> None:
    order = WindowOrder(_SOURCES, {"a": 1.0}, 11, seed=3)
    assert (order.batch(0, 20) != order.batch(order.windows_per_epoch, 20)).any()


def test_sources_shorter_than_a_window_are_refused() -> None:
    with pytest.raises(ValueError, match="as long as one window"):
        WindowOrder({"a": np.zeros(5, np.uint16)}, {"a": 1.0}, 11, seed=3)


def test_heldout_windows_are_spread_over_the_text() -> None:
    windows = heldout_windows(_SOURCES["a"], 11, 5)
    assert windows.shape == (5, 11)
    assert windows[0, 1] == 1000
    assert windows[-1, -1] == 1999
