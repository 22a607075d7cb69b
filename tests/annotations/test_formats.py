"""Other programs' forms: what is written comes back the same, and what was changed there comes back changed."""

import json
from dataclasses import replace

import pytest
from annotation_records import marked, records
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.formats import FORMATS, form
from annotations.formats.labelstudio import tasks, write_predictions
from annotations.records import Entity, Link, dump_record, parse_record, read_records, write_records
from govie.errors import FormatError, ReadError

RELAXED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NEEDS = {"spacy": "spacy", "datasets": "pyarrow"}
ROAD = marked(
    "🏥{A1|新建}{Q1|4}{U1|条}{I1|小区配套路},{G1|区城建局}牵头。",
    *("I1 VALUE Q1 exact target 2021", "A1 ACTION I1", "I1 LEAD G1", "G1 lead"),
)
EMPTY = replace(marked("没有数字的一句。"), id="a/2")


def module(name):
    pytest.importorskip(NEEDS.get(name, "json"))
    return form(name)


@pytest.mark.parametrize("name", FORMATS)
@given(drawn=st.lists(records(), min_size=1, max_size=4))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_a_round_trip_loses_nothing(name, tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("round") / "out"
    module(name).write(drawn, path)
    assert module(name).read(path) == drawn


@given(drawn=st.lists(records(), max_size=4))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_our_own_form_loses_nothing(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("round") / "out.jsonl"
    write_records(drawn, path)
    assert read_records(path) == drawn
    assert [parse_record(dump_record(record)) for record in drawn] == drawn


@pytest.mark.parametrize("name", FORMATS)
def test_no_sentence_at_all(name, tmp_path):
    if name != "brat":  # an empty folder is a mistake more often than an empty annotation
        module(name).write([], tmp_path / "out")
        assert module(name).read(tmp_path / "out") == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1]", b"{}\n", b'{"text": "a"}\n', b"PAR1"])
def test_foreign_files_are_errors_of_ours(name, content, tmp_path):
    path = tmp_path / "foreign"
    if name == "brat":
        path.mkdir()
        (path / "a.ann").write_bytes(content or b"T1")
        (path / "a.txt").write_bytes(b"")
    else:
        path.write_bytes(content)
    if name == "doccano" and not content:
        return  # no line, no sentence
    with pytest.raises((FormatError, ReadError)):
        module(name).read(path)


@pytest.mark.parametrize("name", FORMATS)
def test_missing_files_are_named(name, tmp_path):
    with pytest.raises(ReadError, match="missing"):
        module(name).read(tmp_path / "missing")


def test_doccano_gets_its_columns_and_may_number_anew(tmp_path):
    form("doccano").write([ROAD], tmp_path / "out.jsonl")
    line = json.loads((tmp_path / "out.jsonl").read_text("utf-8"))
    assert line.keys() == {"text", "entities", "relations", "meta"}
    for entity in line["entities"]:
        entity["id"] += 700
    for relation in line["relations"]:
        relation.update(id=9, from_id=relation["from_id"] + 700, to_id=relation["to_id"] + 700)
    line.update(id=31, Comments=[], entities=line["entities"][::-1])
    (tmp_path / "back.jsonl").write_text(json.dumps(line), "utf-8")
    assert form("doccano").read(tmp_path / "back.jsonl") == [ROAD]


def test_a_moved_edge_keeps_its_fact_and_role(tmp_path):
    def moved(line):
        line["entities"][3]["start_offset"] += 2
        line["entities"][4]["end_offset"] -= 1

    (record,) = _through_doccano(tmp_path, moved)
    assert record.words(3) == "配套路"
    assert (record.facts, record.roles) == (ROAD.facts, ROAD.roles)


def test_a_deleted_relation_takes_its_fact_along_and_a_new_one_has_none(tmp_path):
    def changed(line):
        value = next(r for r in line["relations"] if r["type"] == "VALUE")
        line["relations"].remove(value)

    (record,) = _through_doccano(tmp_path, changed)
    assert record.facts == ()
    assert Link(3, 1, "VALUE") not in record.links


def _through_doccano(folder, change):
    form("doccano").write([ROAD], folder / "out.jsonl")
    line = json.loads((folder / "out.jsonl").read_text("utf-8"))
    change(line)
    (folder / "out.jsonl").write_text(json.dumps(line), "utf-8")
    return form("doccano").read(folder / "out.jsonl")


def test_label_studio_offsets_count_code_points():
    result = tasks([ROAD], "annotations")[0]["annotations"][0]["result"]
    assert result[0]["value"] == {"start": 1, "end": 3, "text": "新建", "labels": ["ACTION"]}


def test_label_studio_attributes_can_be_edited_and_cleared(tmp_path):
    task = tasks([ROAD], "annotations")[0]
    result = task["annotations"][0]["result"]
    bound = next(each for each in result if each.get("from_name") == "bound")
    bound["value"]["choices"] = ["at_least"]
    result[:] = [each for each in result if each.get("from_name") not in {"period", "role"}]
    (tmp_path / "tasks.json").write_text(json.dumps([task]), "utf-8")
    (record,) = form("labelstudio").read(tmp_path / "tasks.json")
    assert record.facts[0].attributes == {**ROAD.facts[0].attributes, "bound": "at_least", "period": None}
    assert record.roles == ()


def test_label_studio_takes_the_last_annotation_that_was_not_cancelled(tmp_path):
    (task,), (empty,) = (
        tasks([ROAD], "annotations"),
        tasks([replace(ROAD, links=(), facts=(), roles=())], "annotations"),
    )
    task["annotations"] = [*empty["annotations"], *task["annotations"], {"was_cancelled": True, "result": []}]
    (tmp_path / "tasks.json").write_text(json.dumps([task]), "utf-8")
    assert form("labelstudio").read(tmp_path / "tasks.json") == [ROAD]


def test_predictions_come_back_where_nobody_annotated(tmp_path):
    write_predictions([ROAD, EMPTY], tmp_path / "tasks.json")
    assert form("labelstudio").read(tmp_path / "tasks.json") == [ROAD, EMPTY]
    assert (tmp_path / "tasks.xml").read_text("utf-8").startswith("<View>")


def test_brat_writes_its_own_kinds_of_lines(tmp_path):
    form("brat").write([EMPTY, ROAD], tmp_path / "out")
    lines = (tmp_path / "out" / "000_dd970950b1e91c31.ann").read_text("utf-8").splitlines()
    shift = len(EMPTY.text) + 1
    assert f"T3\tACTION {shift + 1} {shift + 3}\t新建" in lines
    assert "A1\tbound T4 exact" in lines
    assert "A3\trole T7 lead" in lines
    assert "R2\taction Arg1:T3 Arg2:T6" in lines or "R1\taction Arg1:T3 Arg2:T6" in lines


def test_brat_attributes_can_be_edited(tmp_path):
    form("brat").write([ROAD], tmp_path / "out")
    path = tmp_path / "out" / "000_dd970950b1e91c31.ann"
    path.write_text(path.read_text("utf-8").replace("bound T3 exact", "bound T3 range"), "utf-8")
    (record,) = form("brat").read(tmp_path / "out")
    assert record.facts[0].attributes == {**ROAD.facts[0].attributes, "bound": "range"}


def test_brat_refuses_a_span_over_two_sentences(tmp_path):
    form("brat").write([ROAD, EMPTY], tmp_path / "out")
    with (tmp_path / "out" / "000_dd970950b1e91c31.ann").open("a", encoding="utf-8") as ann:
        ann.write("T99\tPERIOD 2 25\tx\n")
    with pytest.raises(FormatError, match="T99 does not lie within one sentence"):
        form("brat").read(tmp_path / "out")


def test_a_fused_quantity_keeps_both_facts_through_an_editor(tmp_path):
    both = marked("{Q1|3}{U1|所}{I1|学校}、{I2|幼儿园}", "I1 VALUE Q1 exact actual 2020", "I2 VALUE Q1 about target -")
    for name in ("labelstudio", "brat"):
        form(name).write([both], tmp_path / name)
        assert form(name).read(tmp_path / name) == [both]


def test_datasets_columns_can_be_trained_from(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    form("datasets").write([ROAD], tmp_path / "gold.parquet")
    (row,) = parquet.read_table(tmp_path / "gold.parquet").to_pylist()
    assert row["entities"][0] == {"start": 1, "end": 3, "label": "ACTION"}
    assert row["relations"][0] == {"head": 0, "tail": 3, "label": "ACTION"}
    assert row["facts"][0]["period"] == "2021"


def test_spacy_refuses_overlapping_entities(tmp_path):
    overlapping = replace(EMPTY, entities=(Entity(0, 3, "AGENCY"), Entity(2, 4, "AGENCY")))
    with pytest.raises(FormatError, match="overlap"):
        module("spacy").write([overlapping], tmp_path / "out.spacy")
