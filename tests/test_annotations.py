"""The annotation reader: what it accepts, and what it says of a broken line."""

import json
import sys
from pathlib import Path

import pytest

from govie.annotations import read_annotations
from govie.errors import FormatError, ReadError
from govie.tags import Link, Mention, Reading, Role

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

COHORTS = tomllib.loads((Path(__file__).parent / "data/scoring/broken_lines.toml").read_text("utf-8"))["cohort"]
BROKEN = [(f"{name}-{i}", case) for name, cases in COHORTS.items() for i, case in enumerate(cases)]
LINE = {
    "id": "a/1",
    "text": "新建4条路（市政府牵头）",
    "entities": [
        {"id": 9, "label": "AGENCY", "start_offset": 6, "end_offset": 9},
        {"id": 4, "label": "INDICATOR", "start_offset": 4, "end_offset": 5},
        {"id": 7, "label": "QUANTITY", "start_offset": 2, "end_offset": 3},
    ],
    "relations": [{"id": 1, "from_id": 4, "to_id": 7, "type": "VALUE"}],
    "facts": [
        {"indicator": 4, "quantity": 7, "kind": "value", "direction": None, "bound": "exact", "status": "target"},
    ],
    "roles": [{"agency": 9, "role": "lead"}],
    "source": {"file": "report.txt", "start": 10, "end": 22},
    "annotator": "a",
    "round": 2,
}


def written(path, *lines):
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def test_mentions_are_ordered_and_everything_refers_to_their_positions(tmp_path):
    (sentence,) = read_annotations(written(tmp_path / "a.jsonl", json.dumps(LINE)))
    assert (sentence.id, sentence.file, sentence.start, sentence.end) == ("a/1", "report.txt", 10, 22)
    assert (sentence.annotator, sentence.round) == ("a", 2)
    assert sentence.tags.mentions == (Mention("QUANTITY", 2, 3), Mention("INDICATOR", 4, 5), Mention("AGENCY", 6, 9))
    assert sentence.tags.links == (Link(1, 0, "VALUE"),)
    assert sentence.tags.readings == {(1, 0): Reading(None, "exact", "target")}
    assert sentence.tags.roles == (Role(2, "lead"),)


def test_facts_roles_annotator_and_round_may_be_missing_and_a_seed_names_the_file(tmp_path):
    line = {key: LINE[key] for key in ("id", "text", "entities", "relations")}
    line["source"] = {"seed": "000.txt", "start": 0, "end": 12}
    (sentence,) = read_annotations(written(tmp_path / "a.jsonl", json.dumps(line)))
    assert sentence.file == "000.txt"
    assert sentence.tags.readings == {}
    assert sentence.tags.roles == ()


def test_empty_lines_a_bom_and_line_separators_inside_strings_do_no_harm(tmp_path):
    line = json.dumps(LINE | {"id": "a\u2028b"}, ensure_ascii=False)
    (sentence,) = read_annotations(written(tmp_path / "a.jsonl", "\ufeff" + line, "", "  "))
    assert sentence.id == "a\u2028b"


@pytest.mark.parametrize("case", [case for _, case in BROKEN], ids=[name for name, _ in BROKEN])
def test_a_broken_line_is_named_with_its_reason(tmp_path, case):
    path = written(tmp_path / "gold.jsonl", json.dumps(LINE), case["line"])
    with pytest.raises(FormatError) as caught:
        read_annotations(path)
    assert caught.value.where == f"{path}:2"
    assert case["reason"] in caught.value.what


def test_an_id_may_occur_once(tmp_path):
    with pytest.raises(FormatError, match=r"gold\.jsonl:2: id 'a/1' occurs twice"):
        read_annotations(written(tmp_path / "gold.jsonl", json.dumps(LINE), json.dumps(LINE)))


def test_a_pair_makes_one_fact(tmp_path):
    with pytest.raises(FormatError, match="two facts join the same indicator and quantity"):
        read_annotations(written(tmp_path / "gold.jsonl", json.dumps(LINE | {"facts": LINE["facts"] * 2})))


def test_deep_nesting_is_an_error_of_ours(tmp_path):
    with pytest.raises(FormatError):
        read_annotations(written(tmp_path / "gold.jsonl", "[" * 100_000))


def test_a_number_of_ten_thousand_digits_is_an_error_of_ours(tmp_path):
    with pytest.raises(FormatError, match="not JSON"):
        read_annotations(written(tmp_path / "gold.jsonl", '{"round": 1%s}' % ("0" * 10_000)))


def test_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(ReadError, match="missing"):
        read_annotations(tmp_path / "missing.jsonl")
    with pytest.raises(ReadError, match=str(tmp_path.name)):
        read_annotations(tmp_path)
    (tmp_path / "gbk.jsonl").write_bytes('{"text": "政府"}'.encode("gbk"))
    with pytest.raises(FormatError, match="is not UTF-8"):
        read_annotations(tmp_path / "gbk.jsonl")
