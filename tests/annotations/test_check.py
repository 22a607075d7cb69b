"""The check: every kind of fault is found, named with file, line and reason, and nothing else is."""

import json
import sys
from pathlib import Path

import pytest
from annotation_records import records
from hypothesis import given, settings

from annotations.check import check_file
from annotations.rules import faults
from annotations.texts import Texts
from govie.errors import FormatError, ReadError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parents[1] / "data/annotations/faults.toml").read_text("utf-8"))
GOOD = json.loads(CASES["good"])


def checked(folder, *lines):
    path = folder / "gold.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return check_file(path, Texts())


def test_the_good_line_has_no_fault(tmp_path):
    found = checked(tmp_path, json.dumps(GOOD))
    assert (found.sentences, found.compared, found.findings) == (1, 0, ())


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"].replace(" ", "-"))
def test_a_fault_is_named(tmp_path, case):
    line = json.dumps({**GOOD, "id": "a/2", **json.loads(case["change"]), "source": _source(case)})
    found = checked(tmp_path, json.dumps(GOOD), line)
    assert [finding.fault.reason for finding in found.findings] == case["reasons"]
    assert all(str(finding).startswith(f"{tmp_path}/gold.jsonl:2: ") for finding in found.findings)


def _source(case):
    """The second line stands behind the first in their document, unless the case is about its place."""
    change = json.loads(case["change"])
    if "source" in change or "text" in change:
        moved = change.get("source", GOOD["source"])
        return {**moved, "file": "another.txt"} if moved.get("file") else moved
    return {**GOOD["source"], "start": 17, "end": 34}


@pytest.mark.parametrize("line", ["{", "[]", "1", '"x"', "[" * 100_000, '{"round": 1%s}' % ("0" * 10_000)])
def test_lines_that_are_no_annotation(tmp_path, line):
    (finding,) = checked(tmp_path, line).findings
    assert (finding.line, finding.fault.kind) == (1, "form")


def test_one_broken_line_does_not_hide_the_next(tmp_path):
    found = checked(tmp_path, "{", "", json.dumps(GOOD | {"facts": []}), "{")
    assert [finding.line for finding in found.findings] == [1, 3, 4]


def test_an_id_may_occur_once_and_a_stretch_may_be_annotated_once(tmp_path):
    found = checked(tmp_path, json.dumps(GOOD), json.dumps(GOOD))
    assert [str(finding).split("gold.jsonl:")[1] for finding in found.findings] == [
        "2: a/1: the id occurs in line 1 too",
        "2: a/1: it overlaps a/1 in elsewhere.txt",
    ]


def test_words_are_compared_with_the_seed(tmp_path):
    text = (Path(__file__).parents[2] / "seeds/000_dd970950b1e91c31.txt").read_bytes().decode()
    line = {"id": "s", "text": text[1000:1030], "entities": [], "relations": []}
    line["source"] = {"seed": "000_dd970950b1e91c31.txt", "start": 1000, "end": 1030}
    found = checked(tmp_path, json.dumps(line))
    assert (found.compared, found.findings) == (1, ())


def test_files_that_cannot_be_read_are_errors_of_ours(tmp_path):
    with pytest.raises(ReadError, match="missing"):
        check_file(tmp_path / "missing", Texts())
    (tmp_path / "gbk").write_bytes("政府".encode("gbk"))
    with pytest.raises(FormatError, match="not UTF-8"):
        check_file(tmp_path / "gbk", Texts())


KEPT = sorted((Path(__file__).parents[2] / "annotations").glob("[!_]*/*.jsonl"))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_annotation_that_is_kept_has_no_fault(path):
    assert [str(finding) for finding in check_file(path, Texts()).findings] == []


@given(records())
@settings(max_examples=60, deadline=None)
def test_what_the_other_tests_draw_has_no_fault(record):
    assert [fault.reason for fault in faults(record)] == []
