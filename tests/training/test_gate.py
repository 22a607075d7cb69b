from __future__ import annotations

import pytest

pytest.importorskip("numpy", reason="the model's dependencies are not installed")

from govie.model.store import shipped_folder
from training.gate import annotation_digest, check, floors_toml, main
from training.tables import tomllib

FOUND = {"rules": {"spans micro": 0.9}, "auto": {"spans micro": 0.95}}


def floors(before: dict[str, object] | None = None) -> dict[str, object]:
    return tomllib.loads(floors_toml(FOUND, "model", before or {}, "annotation"))


@pytest.mark.skipif(shipped_folder() is None, reason="no model is shipped")
def test_the_gate_is_passed() -> None:
    assert main([]) == 0


def test_just_above_the_floor() -> None:
    assert check(FOUND, "model", floors(), "annotation") == []
    assert floors()["auto"] == {"spans micro": 0.947}


def test_below_the_floor() -> None:
    worse = {**FOUND, "auto": {"spans micro": 0.9469}}
    assert check(worse, "model", floors(), "annotation") == ["auto, spans micro: 0.9469 is below the floor of 0.9470"]


def test_floors_belong_to_an_annotation_and_a_model() -> None:
    assert [fault.split()[1] for fault in check(FOUND, "other", floors(), "other")] == ["annotation", "model"]


def test_writing_never_lowers_a_floor() -> None:
    assert floors({"auto": {"spans micro": 0.99}})["auto"] == {"spans micro": 0.99}
    assert floors({"auto": {"spans micro": 0.5}})["auto"] == {"spans micro": 0.947}


def test_a_row_cannot_be_dropped() -> None:
    recorded = {**floors(), "auto": {}}
    assert check(FOUND, "model", recorded, "annotation") == ["auto, spans micro: recorded and measured rows differ"]


def test_the_digest_follows_the_annotation(tmp_path) -> None:
    (tmp_path / "gold").mkdir()
    (tmp_path / "external").mkdir()
    file = tmp_path / "gold" / "a.jsonl"
    file.write_text("{}\n")
    before = annotation_digest(tmp_path)
    file.write_text("{ }\n")
    assert annotation_digest(tmp_path) != before
