"""Inputs become items: what is one document, what it is called, and what a broken input leaves."""

from __future__ import annotations

import json
import os
import zipfile

import pytest

from govie.batch.items import Failure, Item
from govie.batch.sources import Inputs
from govie.errors import OptionError, ReadError
from tests.batch.conftest import write

TEXT = "地区生产总值增长5%。"


def items(*given, **options) -> list[Item | Failure]:
    return list(Inputs(tuple(map(str, given)), **options).items())


def named(found) -> list[str]:
    return [os.path.basename(item.path) for item in found]


def test_a_folder_is_walked_in_order_without_what_systems_leave_in_it(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("c.txt", "b/z.html", "b/a.txt", ".git/x", ".DS_Store", "Thumbs.db"):
        write(tmp_path / name, TEXT)
    assert named(items(tmp_path)) == ["a.txt", "z.html", "c.txt"]
    assert Inputs((str(tmp_path),)).count() == 3


def test_the_results_are_no_input(tmp_path):
    (tmp_path / "out").mkdir()
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "out" / "b.txt", TEXT)
    assert named(items(tmp_path, skipped=tmp_path / "out")) == ["a.txt"]
    assert named(items(tmp_path / "**" / "*.txt", skipped=tmp_path / "out")) == ["a.txt"]


def test_patterns_and_files_whose_names_look_like_patterns(tmp_path):
    for name in ("a1.txt", "a2.txt", "a[1].txt"):
        write(tmp_path / name, TEXT)
    assert named(items(tmp_path / "a?.txt")) == ["a1.txt", "a2.txt"]
    assert named(items(tmp_path / "a[1].txt")) == ["a[1].txt"]


@pytest.mark.parametrize("given", ["nix", "nix/*.txt"])
def test_an_input_that_is_not_there_is_told_at_once(tmp_path, given):
    with pytest.raises(ReadError, match="no such file or folder"):
        Inputs((str(tmp_path / given),)).check()


def test_no_input_is_told_at_once():
    with pytest.raises(OptionError):
        Inputs(()).check()


def test_an_id_depends_on_content_and_kind_alone(tmp_path):
    one, copy, page = (write(tmp_path / name, TEXT) for name in ("a.txt", "b.txt", "c.html"))
    first, second, third = items(one, copy, page)
    assert first.id == second.id != third.id
    assert first.sha256 == third.sha256
    assert len(first.id) == 24


def test_an_item_survives_json(tmp_path):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as stream:
        stream.writestr("x.txt", TEXT)
    lines = write(tmp_path / "a.jsonl", json.dumps({"text": TEXT + "\ud800"}))
    for item in items(archive, lines):
        assert Item.from_json(json.loads(json.dumps(item.to_json()))) == item


def test_jsonl_rows_and_what_is_wrong_with_some(tmp_path):
    lines = [
        "\ufeff" + json.dumps({"text": "甲", "n": "x1"}),
        *("{", "[]", json.dumps({"n": 5}), json.dumps({"text": None, "n": 6}), ""),
        json.dumps({"text": "乙", "n": 7}),
    ]
    found = items(write(tmp_path / "t.jsonl", "\n".join(lines)), id_column="n")
    assert [(item.row, item.text) for item in found if isinstance(item, Item)] == [("x1", "甲"), ("7", "乙")]
    failures = {
        failure.path.rpartition("#")[2]: str(failure.error) for failure in found if isinstance(failure, Failure)
    }
    assert list(failures) == ["2", "3", "4", "6"]
    assert "no column 'text'; there is 'n'" in failures["4"]
    assert "the text column is empty" in failures["6"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_spreadsheets(tmp_path, encoding):
    long = "很" * 200_000  # more than the csv module takes by itself
    path = tmp_path / "t.csv"
    path.write_text(f'编号,正文\r\n一,"甲\n乙"\r\n二,{long}\r\n三\r\n', encoding=encoding, newline="")
    first, second, third = items(path, text_column="正文", id_column="编号")
    assert (first.text, first.path) == ("甲\n乙", f"{path}#一")
    assert second.text == long
    assert isinstance(third, Failure)


def test_a_table_without_the_column_names_those_it_has(tmp_path):
    (failure,) = items(write(tmp_path / "t.csv", "a,b\n1,2\n"))
    assert "there is no column 'text'; there is 'a', 'b'" in str(failure.error)
    assert "--text-column" in str(failure.error)


def test_csv_that_breaks_off_keeps_the_rows_before(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(("text\n" + "甲乙\n" * 4000).encode("gb18030") + b"\xff\xff\n")
    *found, failure = items(path)
    assert isinstance(failure, Failure)
    assert f"after row {len(found)} the table cannot be read" in str(failure.error)
    assert len(found) > 1000


def test_parquet_rows_texts_and_bytes(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "t.parquet"
    parquet.write_table(pyarrow.table({"text": ["甲", None, "乙"], "page": [b"<html>", b"", b"x"]}), path)
    first, second, third = items(path)
    assert (first.text, first.path, third.row) == ("甲", f"{path}#1", "3")
    assert isinstance(second, Failure)
    assert Inputs((str(path),)).count() == 3
    assert [item.data for item in items(path, text_column="page")] == [b"<html>", b"", b"x"]


def test_corrupt_parquet_is_one_failure(tmp_path):
    pytest.importorskip("pyarrow")
    path = tmp_path / "t.parquet"
    path.write_bytes(b"PAR1" + b"\0" * 100 + b"PAR1")
    good = write(tmp_path / "good.txt", TEXT)
    failure, item = items(path, good)
    assert "the Parquet table cannot be read" in str(failure.error)
    assert isinstance(item, Item)


def test_zip_members_with_names_of_chinese_systems(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", "")
        archive.writestr("__MACOSX/x", TEXT)
        archive.writestr("报告.txt", TEXT)
        archive.writestr(zipfile.ZipInfo("XXXX.txt"), TEXT)
    # What such systems write: the name in GBK and no mark for UTF-8.
    path.write_bytes(path.read_bytes().replace(b"XXXX", "工作".encode("gbk")))
    assert sorted(named(items(path))) == ["工作.txt", "报告.txt"]
    assert Inputs((str(path),)).count() == 2


def test_damaged_archives_and_members(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bad.txt", "0123456789" * 9)
        archive.writestr("good.txt", TEXT)
    path.write_bytes(path.read_bytes().replace(b"0123456789", b"012345678X", 1))
    bad, good = items(path)
    assert isinstance(bad, Failure)
    assert isinstance(good, Item)
    (whole,) = items(write(tmp_path / "b.zip", "no zip"))
    assert "damaged zip archive" in str(whole.error)


def test_what_cannot_be_opened_is_a_failure(tmp_path):
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    link, pipe = items(tmp_path)
    assert "No such file" in str(link.error)
    assert "not a regular file" in str(pipe.error)
