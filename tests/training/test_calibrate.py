from __future__ import annotations

import json
import math
import random
from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="the training extra is not installed")
pytest.importorskip("sklearn", reason="the training extra is not installed")

from tagged_sentence import PLAIN, RIGHT, WRONG, example  # noqa: E402

from govie.model.calibration import Calibration, Scale, logit  # noqa: E402
from training.calibrate import Finding, cross_fitted, findings, fit, write_calibration  # noqa: E402
from training.reliability import bins_of, error_by_chance, expected_error  # noqa: E402


def overconfident(kind: str, label: str, count: int) -> list[Finding]:
    """Findings whose true log odds are half of what is claimed."""
    source = random.Random(label)
    found = []
    for number in range(count):
        raw = source.uniform(0.5, 0.999)
        truth = 1 / (1 + math.exp(-logit(raw) / 2))
        found.append(Finding(kind, label, f"document {number % 20}", raw, source.random() < truth))
    return found


def test_expected_error() -> None:
    scores, right = np.array([0.95, 0.97, 0.12, 1.0]), np.array([True, False, False, True])
    bins = bins_of(scores, right)
    assert [one.count for one in bins] == [1, 3]
    assert expected_error(bins) == pytest.approx((0.12 + 3 * abs(2.92 / 3 - 2 / 3)) / 4)
    assert expected_error([]) == 0


def test_true_probabilities_have_an_error_by_chance_the_larger_the_fewer_there_are() -> None:
    scores = np.random.default_rng(1).uniform(0.5, 1, 4000)
    assert error_by_chance(scores) < 0.02
    assert error_by_chance(scores[:60]) > 0.05
    assert error_by_chance(np.ones(50)) == 0


def test_scales_undo_overconfidence() -> None:
    found = overconfident("spans", "UNIT", 4000)
    scale = fit(found)["spans"]["UNIT"]
    assert scale.slope == pytest.approx(0.5, abs=0.1)
    assert scale.offset == pytest.approx(0, abs=0.2)
    right = np.array([one.right for one in found])
    before = expected_error(bins_of(np.array([one.raw for one in found]), right))
    after = expected_error(bins_of(cross_fitted(found, found), right))
    assert after < 0.03 < before


def test_a_rare_label_shares_a_scale() -> None:
    rare = [Finding("spans", "PERIOD", "d", 0.9, True)] * 5
    scales = fit([*overconfident("spans", "UNIT", 500), *rare])["spans"]
    assert scales["PERIOD"].slope == pytest.approx(scales["UNIT"].slope, abs=0.1)
    assert fit(rare)["spans"]["PERIOD"](0.9) == pytest.approx(6 / 7, abs=0.001)


def test_a_scale_never_sees_the_document_it_scales() -> None:
    found = [Finding("spans", "UNIT", f"d{i % 5}", 0.8, i % 5 != 0) for i in range(500)]
    scaled = cross_fitted(found, found)
    assert scaled[0] == pytest.approx(1, abs=0.01)  # the other documents are right throughout
    assert scaled[1] == pytest.approx(0.75, abs=0.01)


def test_findings_are_strictly_right_or_wrong() -> None:
    right = {(one.kind, one.label): (one.raw, one.right) for one in findings([example(1, "a")], [RIGHT])}
    assert right["relations", "CHANGE"] == (0.5, True)
    assert right["facts", "CHANGE"] == (0.3, True)
    assert right["roles", "lead"] == (0.2, True)
    assert all(each for _, each in right.values())
    wrong = {(one.kind, one.label): one.right for one in findings([example(1, "a")], [WRONG])}
    assert wrong["relations", "CHANGE"]
    assert not wrong["facts", "CHANGE"]
    assert not wrong["roles", "support"]
    assert len(PLAIN) == 13


def test_what_is_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the training extra is not installed")
    found = [one for kind in ("spans", "relations", "facts", "roles") for one in overconfident(kind, "VALUE", 200)]
    write_calibration({"auto": found, "model": found}, ["run"], tmp_path)
    kept = json.loads((tmp_path / "calibration.json").read_text())
    assert set(kept) == {"spans", "relations", "facts", "roles"}
    assert 0 < Scale(**kept["facts"]["VALUE"]).slope < 1
    errors = json.loads((tmp_path / "scores" / "calibration.json").read_text())["auto"]["facts"]
    assert errors["after"]["error"] < errors["before"]["error"]
    assert (tmp_path / "scores" / "calibration.png").read_bytes().startswith(b"\x89PNG")
    assert "calibration.json" in (tmp_path / "SHA256SUMS").read_text()


def test_scales_reach_every_score() -> None:
    half = {label: Scale(0.0, 0.0) for label in ("INDICATOR", "CHANGE", "lead")}
    tags = Calibration(half, half, half, half).apply(RIGHT)
    assert [tags.mentions[0].score, tags.links[0].score, tags.readings[0, 1].score, tags.roles[0].score] == [0.5] * 4
    assert tags.mentions[1].score == pytest.approx(RIGHT.mentions[1].score)
