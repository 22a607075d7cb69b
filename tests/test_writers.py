from __future__ import annotations

import csv
import json
import os
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from govie.errors import MissingExtraError
from govie.rows import FACT_COLUMNS, SOURCE_COLUMNS, TASK_COLUMNS
from govie.writers import WRITERS, Result, open_output, require_parquet, safe_cell

CELLS = Path(__file__).parent / "data" / "cells.tsv"


def _cells():
    lines = [line for line in CELLS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for line in lines[1:]:
        column, cell, written, cohort = line.split("\t")
        unescaped = [text.replace("\\t", "\t").replace("\\r", "\r").replace("\\n", "\n") for text in (cell, written)]
        yield pytest.param(column, *unescaped, id=f"{cohort}-{column}-{cell}")


@pytest.fixture
def result(sample, sample_document) -> Result:
    return Result("报告.txt", sample_document, sample)


def _written(form, results, content="facts"):
    out = BytesIO()
    WRITERS[form](results, out, content)
    return out.getvalue()


@pytest.mark.parametrize(("column", "cell", "written"), list(_cells()))
def test_cells_are_safe_in_a_spreadsheet(column, cell, written):
    assert safe_cell(column, cell) == written


def test_cells_that_are_no_text_stay_what_they_are():
    assert [safe_cell("year", None), safe_cell("year", 2021), safe_cell("score", 0.5)] == ["", 2021, 0.5]


def test_csv_reads_back(result):
    data = _written("csv", [result, result])
    assert data.startswith(b"\xef\xbb\xbfpath,document,region,year,name,")
    rows = list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["name"] for row in rows] == ["地区生产总值", "地区生产总值", "新建小区配套路"] * 2
    assert (rows[2]["value"], rows[2]["value_max"], rows[2]["path"]) == ("4", "6", "报告.txt")


def test_csv_of_tasks_and_of_nothing(result):
    tasks = list(csv.DictReader(StringIO(_written("csv", [result], "tasks").decode("utf-8-sig"), newline="")))
    assert [(task["number"], task["lead"], task["support"]) for task in tasks] == [("1", "区发改局", "区商务局")]
    header = ",".join(("path", *SOURCE_COLUMNS, *TASK_COLUMNS))
    assert _written("csv", [], "tasks").decode("utf-8-sig") == header + "\r\n"


def test_jsonl_is_the_whole_extraction_and_its_path(result):
    lines = _written("jsonl", [result, result]).decode().splitlines()
    assert [json.loads(line) for line in lines] == [{"path": "报告.txt"} | result.extraction.to_dict()] * 2


def test_jsonl_keeps_a_lone_surrogate(result):
    odd = replace(result, path="\udcff.txt")
    assert json.loads(_written("jsonl", [odd]))["path"] == "\udcff.txt"


@pytest.mark.parametrize("form", ["csv", "parquet", "html"])
def test_text_that_utf8_cannot_hold_is_written_readably(result, form):
    odd = replace(
        result, path="\udcff.txt", extraction=replace(result.extraction, text="\ud800" + result.extraction.text[1:])
    )
    assert _written(form, [odd])


def test_parquet_has_numbers_as_numbers(result):
    pandas = pytest.importorskip("pandas")
    table = pandas.read_parquet(BytesIO(_written("parquet", [result])))
    assert list(table.columns) == ["path", *SOURCE_COLUMNS, *FACT_COLUMNS]
    assert table["amount"].tolist() == [99000000000.0, 0.2, 4.0]
    assert pandas.read_parquet(BytesIO(_written("parquet", []))).columns.tolist() == list(table.columns)


def test_parquet_without_its_libraries_is_refused_before_the_work(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="Parquet"):
        require_parquet()


def _write_half(path):
    with open_output(path) as stream:
        stream.write(b"half")
        raise KeyboardInterrupt


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    path = tmp_path / "facts.csv"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        _write_half(path)
    assert path.read_text() == "old"
    with open_output(path) as stream:
        stream.write(b"whole")
    assert path.read_text() == "whole"
    assert [entry.name for entry in tmp_path.iterdir()] == ["facts.csv"]


def test_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path):
    (tmp_path / "there").mkdir()
    link = tmp_path / "facts.csv"
    link.symlink_to(tmp_path / "there" / "facts.csv")
    with open_output(link) as stream:
        stream.write(b"whole")
    assert link.is_symlink()
    assert (tmp_path / "there" / "facts.csv").read_bytes() == b"whole"


def test_a_new_file_has_the_usual_permissions(tmp_path):
    usual = tmp_path / "usual"
    usual.touch()
    with open_output(tmp_path / "new"):
        pass
    assert (tmp_path / "new").stat().st_mode == usual.stat().st_mode


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with open_output(pipe) as stream:
        stream.write(b"through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert pipe.is_fifo()
