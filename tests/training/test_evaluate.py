from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("numpy", reason="the training extra is not installed")

from tagged_sentence import RIGHT, WRONG, example

from govie.errors import OptionError
from govie.model.features import Input
from govie.tags import SentenceTags
from training.evaluate import evaluate, held_out_answers, mistakes, to_markdown
from training.run import Run
from training.ways import Answers, answer, pool, scores


class Oracle:
    """Knows the answer without the rules' hints, and errs with them."""

    def tag(self, given: list[Input]) -> list[SentenceTags]:
        return [RIGHT if one.hints is None else WRONG for one in given]

    def link(self, given: list[Input], mentions: list[list[object]]) -> list[SentenceTags]:
        assert [len(each) for each in mentions] == [4] * len(given)
        return self.tag(given)


@pytest.fixture
def answers() -> Answers:
    return answer(Oracle(), [example(1, "a"), example(2, "b")])


def test_the_three_ways_are_measured_apart(answers: Answers) -> None:
    found = scores(answers)
    spans = {way: groups["spans"]["micro"]["f1"] for way, groups in found["ways"].items()}
    facts = {way: groups["facts"]["all attributes"]["f1"] for way, groups in found["ways"].items()}
    assert spans == {"rules": 0.4, "model": 1.0, "auto": 1.0}
    assert facts == {"rules": 0.0, "model": 1.0, "auto": 0.0}
    assert found["ways"]["auto"]["facts"]["pair and kind"]["f1"] == 1.0
    assert found["given_spans"]["auto"]["attributes of right pairs"]["direction"]["f1"] == 0.0
    assert found["given_spans"]["model"]["facts"]["all attributes"]["f1"] == 1.0


def test_seeds_are_pooled_within_documents(answers: Answers) -> None:
    both = scores(pool([("seed 1", answers), ("seed 2", answers)]), resamples=20)
    assert (both["sentences"], both["documents"]) == (4, 2)
    assert both["ways"]["rules"]["spans"]["micro"]["f1_interval"] == [0.4, 0.4]
    with pytest.raises(OptionError, match="twice"):
        scores(pool([("seed 1", answers), ("seed 1", answers)]))


def test_mistakes_are_counted_by_kind(answers: Answers) -> None:
    kinds = [one.kind for one in mistakes(answers)]
    assert sorted(set(kinds)) == [
        "fact direction: increase read as decrease",
        "role lead: missed",
        "role support: spurious",
    ]


def run_of(folder: Path, seed: int, documents: list[str]) -> Run:
    about = {"settings": {"seed": seed}, "held_out": {"how": "documents", "documents": documents}, "git": "x"}
    return Run(folder, about)


def test_each_run_is_asked_about_what_it_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "tagger", lambda _: Oracle())
    runs = [run_of(tmp_path / f"{document}{seed}", seed, [document]) for document in "ab" for seed in (1, 2)]
    answers = held_out_answers(runs, [example(1, "a"), example(2, "b"), example(3, "c")])
    assert sorted({one.document for one in answers.examples}) == ["a", "b"]
    found = evaluate(runs, answers, resamples=10)
    assert list(found["parts"]) == ["province", "document", "seed"]
    assert found["parts"]["document"]["a"]["sentences"] == 2
    assert found["parts"]["seed"]["seed 1"]["auto"]["spans micro"] == 1.0
    assert found["mistakes"]["role lead: missed"] == 4
    page = to_markdown(json.loads(json.dumps(found)))
    assert "| spans: INDICATOR | 4 | 1.000 (1.000–1.000) |" in page
    assert "| relations, spans given: micro | 8 |  | 1.000" in page
    with pytest.raises(OptionError, match="not seen"):
        held_out_answers([run_of(tmp_path, 1, ["d"])], answers.examples)
