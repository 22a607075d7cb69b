"""Silver annotation, with the rules in the place of trained runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the training extra is not installed")
pytest.importorskip("transformers", reason="the training extra is not installed")

import govie
from annotations.records import write_records
from govie.errors import ReadError
from govie.model.features import Input
from govie.tags import SentenceTags
from training.examples import load_examples
from training.silver import Known, annotate

TEXT = "全市地区生产总值增长6%左右。新增城镇就业12万人。大力弘扬优良传统。由市发展改革委牵头，新建学校3所。"


class Rules:
    """A tagger that says what the rules say, with one score for all mentions."""

    def __init__(self, score: float) -> None:
        self.score = score

    def tag(self, sentences: Sequence[Input]) -> list[SentenceTags]:
        said = [one.hints or SentenceTags() for one in sentences]
        return [
            replace(one, mentions=tuple(replace(mention, score=self.score) for mention in one.mentions)) for one in said
        ]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(TEXT + "\n", "utf-8")
    return path


def silver(report: Path, known: Known, score: float = 0.9) -> list[str]:
    return [one.text for one in annotate(govie.read(report), report.name, Rules(score), known)]  # type: ignore[arg-type]


def test_what_can_hold_something_is_annotated(report: Path) -> None:
    found = silver(report, Known(frozenset(), {}))
    assert found == ["全市地区生产总值增长6%左右。", "新增城镇就业12万人。", "由市发展改革委牵头，新建学校3所。"]


def test_what_is_annotated_by_hand_is_left_out(report: Path, tmp_path: Path) -> None:
    start = TEXT.index("由市")
    line = {"id": "1", "text": TEXT[start:], "entities": [], "relations": [], "annotator": "a", "round": 1}
    source = {"file": "report.txt", "start": start + 3, "end": len(TEXT)}
    elsewhere = {
        **line,
        "id": "2",
        "text": "新增城镇就业12万人。",
        "source": {"file": "other.txt", "start": 0, "end": 12},
    }
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(json.dumps(each) for each in ({**line, "source": source}, elsewhere)), "utf-8")
    assert silver(report, Known.read([gold])) == ["全市地区生产总值增长6%左右。"]


def test_an_unsure_sentence_is_left_out(report: Path) -> None:
    assert silver(report, Known(frozenset(), {}), score=0.5) == []


def test_it_can_be_trained_on(report: Path, tmp_path: Path) -> None:
    records = list(annotate(govie.read(report), report.name, Rules(0.9), Known(frozenset(), {})))  # type: ignore[arg-type]
    out = tmp_path / "silver.jsonl"
    write_records(records, out)
    first, second, third = load_examples([out], [tmp_path])
    for one in (first, second, third):
        assert [(m.label, m.start, m.end) for m in one.gold.mentions] == [
            (m.label, m.start, m.end) for m in (one.given.hints or SentenceTags()).mentions
        ]
        assert one.gold.readings
    assert first.document == "report.txt"
    assert third.gold.roles


def test_gold_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ReadError):
        Known.read([tmp_path / "missing.jsonl"])
