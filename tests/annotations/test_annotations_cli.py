"""The command line, and the parts that it alone puts together."""

import json
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from annotation_records import marked

from annotations import figures
from annotations.cli import main
from annotations.records import Entity, dump_record, parse_record, read_records, write_records
from annotations.splits import splits_toml
from govie.annotations import read_annotations
from govie.errors import FormatError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds/003_2843d9040c2a1b1a.txt"
TYPED = """# the third of ten livelihood matters
@ shenyang/3 {start} {end}
{{A1|改造}}{{I1|老旧小区}}{{Q1|475}}{{U1|个}};
A1 ACTION I1
I1 VALUE Q1 exact target 2022
"""


@pytest.fixture
def typed(tmp_path):
    """A typed file of one sentence of a seed, and its JSONL."""
    start = SEED.read_text("utf-8").index("改造老旧小区475个;")
    (tmp_path / "list.b.txt").write_text(TYPED.format(start=start, end=start + 11), "utf-8")
    return tmp_path / "list.b.txt"


@pytest.fixture
def gold(typed):
    out = typed.parent / "gold.jsonl"
    assert main(["import", "--from", "marked", "--source", str(SEED), str(typed), str(out)]) == 0
    return out


def test_typed_marks_become_a_line_that_the_package_reads(gold):
    (sentence,) = read_annotations(gold)
    assert (sentence.text, sentence.annotator, sentence.file) == ("改造老旧小区475个;", "b", SEED.name)
    (record,) = read_records(gold)
    assert record.facts[0].attributes["period"] == "2022"
    assert parse_record(dump_record(record)) == record


def test_faults_of_a_typed_file_are_all_named(typed, capsys):
    typed.write_text(typed.read_text("utf-8").replace("exact target 2022", "exact"), "utf-8")
    assert main(["import", "--from", "marked", "--source", str(SEED), str(typed), str(typed.parent / "o")]) == 1
    assert "line 2, shenyang/3: VALUE needs period, status" in capsys.readouterr().err


def test_check_says_file_line_and_reason(gold, capsys):
    assert main(["check", str(gold)]) == 0
    assert "1 sentences, 1 compared with their document, 0 with faults" in capsys.readouterr().err
    (record,) = read_records(gold)
    write_records([replace(record, links=())], gold)
    assert main(["check", str(gold)]) == 1
    assert f"{gold}:1: shenyang/3: QUANTITY 475 has no INDICATOR" in capsys.readouterr().out.splitlines()
    assert main(["check", "--by-kind", str(gold)]) == 1
    assert capsys.readouterr().out.split() == ["4", "orphan", "1", "fact"]


def test_stats_count_by_label_relation_and_attribute(gold, capsys):
    assert main(["stats", str(gold)]) == 0
    lines = capsys.readouterr().out.splitlines()
    for line in ("| sentences | 1 |", "| INDICATOR | 1 |", "| VALUE | 1 |", "| target | 1 |", "| GAP | 0 |"):
        assert line in lines


def test_agree_prints_tables(gold, capsys):
    assert main(["agree", str(gold), str(gold)]) == 0
    assert "1 of them identical" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["doccano", "labelstudio", "brat", "datasets"])
def test_export_and_import(name, gold, tmp_path):
    out, back = tmp_path / "exported", tmp_path / "back.jsonl"
    assert main(["export", "--to", name, str(gold), str(out)]) == 0
    assert main(["import", "--from", name, str(out), str(back)]) == 0
    assert back.read_bytes() == gold.read_bytes()


@pytest.mark.parametrize("name", ["004_8f7669790fd4255f.txt", "003_2843d9040c2a1b1a.txt"])
def test_what_the_rules_find_has_no_fault_and_does_not_differ_from_itself(name, tmp_path, capsys):
    out = tmp_path / "pre.jsonl"
    assert main(["pre-annotate", "--to", "jsonl", str(ROOT / "seeds" / name), str(out)]) == 0
    assert main(["check", str(out)]) == 0
    capsys.readouterr()
    assert main(["disagreements", str(out)]) == 0
    assert capsys.readouterr().out == ""
    if name.startswith("004"):
        row = next(record for record in read_records(out) if record.text.startswith("9.促进文体旅"))
        assert [role.label for role in row.roles][:2] == ["lead", "support"]
        assert {link.label for link in row.links} >= {"VALUE", "LEAD", "SUPPORT"}


def test_pages_leave_the_text_that_offsets_count_in(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<html><body><p>新建<b>4</b>条小区配套路。</p><p>发放补贴3万元。</p></body></html>", "utf-8")
    out = tmp_path / "out.json"
    assert main(["pre-annotate", "--to", "labelstudio", str(page), str(out)]) == 0
    tasks = json.loads(out.read_text("utf-8"))
    assert all(task["predictions"] and "annotations" not in task for task in tasks)
    text = (tmp_path / "out.json.txt").read_bytes().decode()
    source = json.loads(tasks[0]["data"]["meta"])["source"]
    assert text[source["start"] : source["end"]] == tasks[0]["data"]["text"]


def test_disagreements_show_both_sides_and_change_nothing(gold, capsys):
    (record,) = read_records(gold)
    entities = tuple(replace(e, label="PERIOD") if e.label == "ACTION" else e for e in record.entities)
    write_records([replace(record, entities=entities, links=record.links[1:])], gold)
    before = gold.read_bytes()
    assert main(["disagreements", str(gold)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert "- PERIOD 改造" in printed
    assert "+ ACTION 改造" in printed
    assert gold.read_bytes() == before


def test_usage_and_errors_are_words_not_tracebacks(gold, tmp_path, capsys):
    assert main(["check", str(tmp_path / "missing")]) == 2
    assert main(["import", "--from", "marked", str(gold), str(tmp_path / "o")]) == 2
    (tmp_path / "broken").write_text("{", "utf-8")
    assert main(["stats", str(tmp_path / "broken")]) == 1
    assert "broken:1: not JSON" in capsys.readouterr().err


def test_splits_hold_every_seed_once_with_its_hash():
    splits = tomllib.loads(splits_toml())
    assert [fold["test"] for fold in splits["fold"]] == sorted(path.name for path in (ROOT / "seeds").glob("*.txt"))
    for fold in splits["fold"]:
        assert fold["sha256"] == sha256((ROOT / "seeds" / fold["test"]).read_bytes()).hexdigest()


def test_the_written_splits_are_up_to_date():
    assert (ROOT / "annotations/splits.toml").read_text("utf-8") == splits_toml()


def test_held_out_is_the_rule_of_the_benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from splits import part_of

    splits = tomllib.loads(splits_toml())
    documents = [document for region in splits["region"] for document in region["documents"]]
    assert len({document["file"] for document in documents}) == len(documents) > 0
    assert all(document["held_out_for_rules"] == (part_of(document["file"]) == "held") for document in documents)


def test_figures_are_written_between_their_markers(tmp_path, monkeypatch):
    record = marked("{G1|区政府}", seed=SEED.name)
    for name, start in (("FIRST", 0), ("SECOND", 1)):
        (tmp_path / name).mkdir()
        write_records([replace(record, entities=(Entity(start, 3, "AGENCY"),))], tmp_path / name / "x.jsonl")
        monkeypatch.setattr(figures, name, tmp_path / name)
    page = tmp_path / "README.md"
    page.write_text("before\n<!-- figures: between-annotators -->\nold\n<!-- end -->\nafter\n", "utf-8")
    figures.update_readme(page)
    written = page.read_text("utf-8")
    assert "1 sentences of 1 documents read by both, 0 of them identical" in written
    assert "old" not in written
    assert written.startswith("before\n<!--")
    assert written.endswith("<!-- end -->\nafter\n")
    page.write_text("<!-- figures: nonsense -->\n<!-- end -->", "utf-8")
    with pytest.raises(FormatError, match="no figures 'nonsense'"):
        figures.update_readme(page)
