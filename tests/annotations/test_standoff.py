"""Standoff: no words are kept, the texts bring them back, other texts are noticed."""

import json
from dataclasses import replace
from hashlib import sha1

import pytest
from annotation_records import marked, records
from hypothesis import given, settings

from annotations.check import check_file
from annotations.external import document_lines, load, province, write_standoff
from annotations.load import load_records
from annotations.standoff import StandoffReader, standoff_lines
from annotations.texts import CORPUS_VARIABLE, Texts
from govie.errors import FormatError

ROAD = marked("🏥{A1|新建}{Q1|4}{U1|条}{I1|路}", "I1 VALUE Q1 exact target 2021", "A1 ACTION I1")
INDEX = "file\trepo\tregion\tlevel\tyear\n报告.txt\ta/b\t广东省深圳市\t市\t2021\n"


def external(record, file="报告.txt", start=3):
    source = {"file": file, "repo": "a/b", "path": "p", "commit": "c", "start": start, "end": start + len(record.text)}
    return replace(record, source={**source, "sha1": sha1(record.text.encode()).hexdigest()})


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "报告.txt").write_bytes(f"前\r\n{ROAD.text}\n".encode())
    (folder / "INDEX.tsv").write_text(INDEX, "utf-8")
    return folder


def test_words_are_left_out_and_come_back(tmp_path, corpus):
    record = external(ROAD)
    (path,) = write_standoff([record], tmp_path / "external", corpus)
    assert path.name == "广东省.jsonl"
    assert not any(words in path.read_text("utf-8") for words in ("新建", "条", "路"))
    found = load(corpus, tmp_path / "external")
    assert (list(found), found.missing) == ([record], {})
    checked = check_file(path, Texts([corpus]))
    assert (checked.sentences, checked.compared, checked.findings) == (1, 1, ())


def test_a_line_is_short_and_readable(tmp_path, corpus):
    (path,) = write_standoff([external(ROAD)], tmp_path, corpus)
    document, sentence = map(json.loads, path.read_text("utf-8").splitlines())
    assert (document["document"], document["region"], document["year"]) == (1, "广东省深圳市", "2021")
    assert document["characters"] == len(ROAD.text) + 4
    assert sentence["spans"] == [["ACTION", 1, 3], ["QUANTITY", 3, 4], ["UNIT", 4, 5], ["INDICATOR", 5, 6]]
    assert sentence["links"] == [[1, "ACTION", 4], [2, "UNIT", 3], [4, "VALUE", 2]]
    assert sentence["facts"] == [[4, 2, "value", None, "exact", "target", {"period": "2021"}]]
    assert "roles" not in sentence
    assert document_lines(tmp_path)[0]["sentences"] == 1


@given(records())
@settings(max_examples=60, deadline=None)
def test_a_round_trip_loses_nothing(record):
    record = external(record, start=0)

    class Kept(Texts):
        def get(self, name):
            return record.text if name == "报告.txt" else None

    reader = StandoffReader(Kept())
    lines = [json.loads(line) for line in standoff_lines([record], {}, Kept())]
    assert [reader.read(line) for line in lines] == [(None, False), (record, True)]


def test_missing_texts_are_skipped_with_a_message(tmp_path, corpus, monkeypatch, caplog):
    write_standoff([external(ROAD)], tmp_path / "external", corpus)
    monkeypatch.delenv(CORPUS_VARIABLE, raising=False)
    found = load(folder=tmp_path / "external")
    assert (found.records, found.missing) == ((), {"报告.txt": 1})
    assert "1 sentences of 1 documents skipped, GOVIE_CORPUS names no folder" in caplog.text
    (corpus / "报告.txt").unlink()
    monkeypatch.setenv(CORPUS_VARIABLE, str(corpus))
    assert load(folder=tmp_path / "external").records == ()
    assert f"{corpus} does not hold them" in caplog.text


def test_without_texts_the_labels_can_still_be_checked_and_counted(tmp_path, corpus):
    (path,) = write_standoff([external(replace(ROAD, facts=()))], tmp_path / "external", corpus)
    (finding,) = check_file(path, Texts([])).findings
    assert "have 1 relations and 0 facts" in finding.fault.reason
    (record,) = load_records(path, Texts([]))
    assert record.text == "□" * len(ROAD.text)


def test_another_edition_of_a_text_is_noticed(tmp_path, corpus):
    (path,) = write_standoff([external(ROAD)], tmp_path / "external", corpus)
    (corpus / "报告.txt").write_bytes(f"前\r\n{ROAD.text[:-1]}桥".encode())
    with pytest.raises(FormatError, match=r"广东省\.jsonl:2: 报告\.txt has other words at 3"):
        load(corpus, tmp_path / "external")
    (finding,) = check_file(path, Texts([corpus])).findings
    assert finding.line == 2


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{}",
        '{"id": "a", "in": 7, "at": [0, 1], "sha1": ""}',
        '{"id": "a", "in": 1, "at": [0], "sha1": ""}',
        '{"id": "a", "in": 1, "at": [0, 1], "spans": [["UNIT"]], "sha1": ""}',
        '{"id": "a", "in": 1, "at": ["0", "1"], "sha1": ""}',
        '{"id": "a", "in": 1, "at": [5, 5], "sha1": ""}',
        '{"id": "a", "in": 1, "at": [0, 1], "facts": [[1]], "sha1": ""}',
        '{"id": "a", "in": [], "at": [0, 1], "sha1": ""}',
    ],
)
def test_broken_lines_are_errors_of_ours(line, tmp_path):
    path = tmp_path / "broken.jsonl"
    path.write_text(f'{{"document": 1, "file": "x.txt"}}\n{line}\n', "utf-8")
    with pytest.raises(FormatError, match=r"broken\.jsonl:2: "):
        load_records(path, Texts([]))


@pytest.mark.parametrize(
    ("region", "first"),
    [
        ("广东省深圳市南山区", "广东省"),
        ("广西壮族自治区", "广西壮族自治区"),
        ("北京市", "北京市"),
        ("国务院", "国务院"),
        ("", ""),
    ],
)
def test_the_province_of_a_region(region, first):
    assert province(region) == first
