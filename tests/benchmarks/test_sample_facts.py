"""The page of sampled facts and its counter."""

from decimal import Decimal

import pytest
import sample_facts

from govie.records import Extraction, Fact, Span, Task

TEXT = "力争地区生产总值增长6%左右。由区发改局牵头。"
PLACES = [("地区生产总值", "INDICATOR"), ("6", "QUANTITY"), ("%", "UNIT"), ("区发改局", "AGENCY")]
SPANS = tuple(
    Span(i, label, TEXT.index(words), TEXT.index(words) + len(words), words, 1.0, "rule")
    for i, (words, label) in enumerate(PLACES)
)
FACT = Fact(
    0, None, 1, 2, None, None, "change", "increase", "about", "target", Decimal(6), None, Decimal(1), "%", "2024",
    (), (), "地区生产总值", "gdp", (0, 15), (), 1.0, "rule",
)  # fmt: skip
FOUND = Extraction(TEXT, SPANS, (), (FACT,), (Task("1", 0, 15, (3,), (), (0,)),))


def test_a_fact_is_shown_with_its_words_marked():
    assert sample_facts.fact_cells(FOUND, FACT) == [
        "力争【地区生产总值】增长【6】【%】左右。",
        "地区生产总值",
        "6 × 1 %",
        "change increase about target",
        "2024",
    ]
    assert sample_facts.task_cells(FOUND, FOUND.tasks[0]) == ["1", TEXT[:15], "区发改局", "—"]


PAGE = """
| item | seed | sentence | verdict |
|---|---|---|---|
| F1 | 000 | a | right |
| F2 | 000 | b | wrong: the year |
| F3 | 001 | c |  |
| F4 | 001 | d | perhaps |
| T1 | 004 | e | right |
"""


def test_verdicts_are_counted_and_the_wrong_ones_listed():
    assert sample_facts.count(PAGE).splitlines() == [
        "facts: 1 right of 2 judged, 1 open, 1 unclear",
        "tasks: 1 right of 1 judged, 0 open, 0 unclear",
        "  F2: wrong: the year",
        "  F4: perhaps",
    ]


def test_cells_cannot_break_the_table():
    written = sample_facts.table("F", ["sentence"], [("000.txt", ["a|b\nc"])])
    assert written.splitlines()[-1] == "| F1 | 000 | a／b c |  |"
    assert sample_facts.count(written).startswith("facts: 0 right of 0 judged, 1 open")


@pytest.fixture
def stubbed(monkeypatch):
    monkeypatch.setattr(sample_facts, "sample", lambda facts, tasks, seed: PAGE)


def test_a_file_with_verdicts_is_not_overwritten(tmp_path, stubbed, capsys):
    out = tmp_path / "results" / "sample.md"
    assert sample_facts.main(["--out", str(out)]) == 0
    assert sample_facts.main(["--out", str(out)]) == 1
    assert "holds verdicts" in capsys.readouterr().err
    assert sample_facts.main(["--count", str(out)]) == 0
    assert "facts: 1 right of 2 judged" in capsys.readouterr().out
