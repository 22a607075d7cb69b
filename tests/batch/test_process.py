"""One document in, rows out; whatever goes wrong is a row."""

from __future__ import annotations

import hashlib

import pytest

import govie
from govie.batch.items import Item, text_digest
from govie.batch.process import process
from govie.batch.tables import COLUMNS, TABLES
from tests.batch.conftest import write

TEXT = "2021年政府工作报告\n预计地区生产总值完成990亿元，同比增长0.2%。\n67.新建4至6条小区配套路。由区发改局牵头。\n"
EXTRACTOR = govie.load(mode="rules")


def text_item(text) -> Item:
    return Item("t.csv#1", text_digest(text), row="1", text=text)


def data_item(data, path="a.txt") -> Item:
    return Item(path, hashlib.sha256(data).hexdigest(), data=data)


def head(item, most=10_000):
    return process(item, EXTRACTOR, most).head


def test_the_rows_have_the_columns_of_their_tables_and_say_how_many_there_are():
    outcome = process(text_item(TEXT), EXTRACTOR, 10_000)
    assert outcome.facts
    for table in TABLES:
        for row in getattr(outcome, table):
            assert set(row) == set(COLUMNS[table])
    row = outcome.head
    assert (row["facts"], row["tasks"]) == (len(outcome.facts), len(outcome.tasks))
    assert row["characters"] == len(TEXT)
    assert {row["id"] for row in outcome.facts} == {row["id"]}


def test_offsets_of_a_tables_text_are_those_of_the_table():
    for row in process(text_item("\r\n  " + TEXT), EXTRACTOR, 10_000).facts:
        assert ("\r\n  " + TEXT)[row["start"] : row["end"]][0].isdigit()


def test_a_page_in_a_table_is_read_as_a_page():
    page = f"<html><body><script>9</script><p>{TEXT}</p></body></html>"
    assert "script" not in str(process(text_item(page), EXTRACTOR, 10_000).facts)
    assert head(text_item(page))["facts"] == head(text_item(TEXT))["facts"]


@pytest.mark.parametrize(
    ("item", "stage", "error", "says"),
    [
        (data_item(b""), "read", "ReadError", "empty"),
        (data_item(b" \n\t "), "read", "ReadError", "no text"),
        (text_item(""), "read", "ReadError", "no text"),
        (data_item(b"PAR1" * 9), "read", "FormatError", "Parquet"),
        (data_item(b"text", "a.docx"), "read", "FormatError", "named .docx"),
        (text_item("字" * 10_001), "read", "LimitError", "10000 are allowed"),
        (data_item("字".encode() * 20_000), "read", "LimitError", "10000 are allowed"),
        (Item("gone.txt", "0", file="/nowhere/gone.txt"), "read", "FileNotFoundError", "No such file"),
    ],
)
def test_bad_documents_are_rows(item, stage, error, says):
    row = head(item)
    assert (row["path"], row["stage"], row["error"]) == (item.path, stage, error)
    assert says in row["message"]


def test_a_long_text_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr("govie.batch.process.read", None)
    assert head(data_item(b"x" * 40_004))["error"] == "LimitError"


def test_a_file_that_changed_meanwhile_is_not_passed_off_as_the_other(tmp_path):
    path = write(tmp_path / "a.txt", TEXT)
    assert "changed while" in head(Item(str(path), text_digest("another"), file=str(path)))["message"]


def test_a_fault_of_ours_is_a_row_that_says_where():
    def broken(document):
        raise KeyError("甲")

    row = process(text_item(TEXT), broken, 10_000).head
    assert (row["stage"], row["error"]) == ("extract", "KeyError")
    assert "at test_process.py:" in row["message"]


def test_strings_can_be_written_as_utf8():
    outcome = process(text_item(TEXT.replace("亿元", "亿元\ud800")), EXTRACTOR, 10_000)
    for table in TABLES:
        str(getattr(outcome, table)).encode()
