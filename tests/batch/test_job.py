"""A job from end to end: what comes out, what a second run does, and when it refuses."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import govie
from govie.batch import job as home
from govie.batch.gather import Gatherer
from govie.batch.manifest import Manifest, deciding_files, rules_version
from govie.batch.parts import Parts
from govie.batch.process import Outcome, process
from govie.errors import MissingExtraError, ModelError, OptionError, OutputError
from tests.batch.conftest import batch, files, rows, write

PACKAGE = Path(govie.__file__).parent


class InProcess:
    """An engine without processes, as plain as one can be. Notes what it was given."""

    given: list[str]

    def __init__(self, setup, workers):
        self._extractor = setup.extractor()
        InProcess.given = []

    def run(self, items):
        for item in items:
            InProcess.given.append(item.path)
            yield None
            yield process(item, self._extractor, 10_000)


@pytest.fixture
def in_process(monkeypatch):
    """Most of what a job does is the same in every engine; this one starts at once."""
    monkeypatch.setattr(home, "LocalEngine", InProcess)


def names(table_rows) -> list[str]:
    return [row["path"].rpartition("/")[2] for row in table_rows]


def test_the_local_engine_gives_every_document_once_and_the_same_rows(documents, tmp_path, monkeypatch):
    first = batch(documents, tmp_path / "two", workers=2)
    monkeypatch.setattr(home, "LocalEngine", InProcess)
    second = batch(documents, tmp_path / "one")
    assert (first.documents, first.failed, first.new) == (6, 0, 6)
    for table in ("facts", "tasks", "documents"):
        both = [
            Counter(json.dumps(row | {"seconds": 0}) for row in rows(tmp_path / out, table)) for out in ("one", "two")
        ]
        assert both[0] == both[1]
    assert second.facts == len(rows(tmp_path / "two", "facts")) == 12


@pytest.mark.usefixtures("in_process")
def test_a_second_run_does_only_what_is_missing(documents, tmp_path):
    out = tmp_path / "out"
    batch(documents, out, part_documents=2)
    before = files(out)
    assert len(before) == 4 * 3
    assert batch(documents, out, workers=3, timeout=5.0, max_characters=9).new == 0
    assert files(out) == before
    write(documents / "new.txt", "财政收入增长3%。")
    summary = batch(documents, out)
    assert (summary.new, summary.documents) == (1, 7)
    assert InProcess.given == [str(documents / "new.txt")]
    assert {path: content for path, content in files(out).items() if path in before} == before


@pytest.mark.usefixtures("in_process")
def test_the_manifest_says_what_the_rows_are_of(documents, tmp_path):
    batch(documents, tmp_path / "out")
    first = Manifest.load(tmp_path / "out")
    assert (first.mode, first.model, first.form) == ("rules", None, "jsonl")
    assert first.rules == rules_version()
    assert first.input["documents"] == 6
    assert first.counts == {"facts": 12, "tasks": 0, "documents": 6, "errors": 0, "duplicates": 0}
    batch(documents, tmp_path / "again", workers=2)
    assert Manifest.load(tmp_path / "again").input == first.input
    write(documents / "0.txt", "另一个")
    batch(documents, tmp_path / "third")
    assert Manifest.load(tmp_path / "third").input != first.input


@pytest.mark.usefixtures("in_process")
def test_one_content_under_several_names_is_extracted_once_and_listed_for_each(documents, tmp_path):
    for name in ("copy.txt", "copy2.txt"):
        write(documents / name, (documents / "0.txt").read_text("utf-8"))
    write(documents / "bad.txt", "")
    write(documents / "bad2.txt", "")
    out = tmp_path / "out"
    summary = batch(documents, out)
    assert (summary.documents, summary.duplicates, summary.facts, summary.failed) == (8, 2, 12, 2)
    listed = [row for row in rows(out, "documents") if row["id"] == rows(out, "documents")[0]["id"]]
    assert [(row["duplicate"], row["facts"]) for row in listed] == [(False, 2), (True, 2), (True, 2)]
    assert sorted(names(rows(out, "errors"))) == ["bad.txt", "bad2.txt"]
    write(documents / "copy3.txt", (documents / "0.txt").read_text("utf-8"))
    again = batch(documents, out)
    assert (again.documents, again.duplicates, again.facts, again.new) == (9, 3, 12, 0)


@pytest.mark.usefixtures("in_process")
def test_inputs_that_overlap_count_once(documents, tmp_path):
    assert batch([documents, documents / "0.txt"], tmp_path / "out").documents == 6


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"form": "parquet"}, "--format jsonl, not parquet"),
        ({"text_column": "正文"}, "--text-column text, not 正文"),
        ({"id_column": "n"}, "--id-column None, not n"),
    ],
)
def test_rows_of_another_kind_are_refused_and_a_restart_takes_them(documents, tmp_path, options, says):
    pytest.importorskip("pyarrow")
    out = tmp_path / "out"
    batch(documents, out)
    before = files(out)
    with pytest.raises(OutputError, match=rf"{re.escape(says)}.*--restart"):
        batch(documents, out, **options)
    assert files(out) == before
    assert batch(documents, out, restart=True, **options).new == 6
    assert len(rows(out, "documents")) == 6


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(
    ("name", "what"), [("rules", "the rules of govie"), ("model", "the model"), ("mode", "--mode")]
)
def test_another_model_or_other_rules_are_refused(documents, tmp_path, name, what):
    out = tmp_path / "out"
    batch(documents, out)
    manifest = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps(manifest | {name: "another"}))
    with pytest.raises(OutputError, match=f"with {what} another, not"):
        batch(documents, out)


@pytest.mark.usefixtures("in_process")
def test_inputs_may_be_added_and_not_left_out(documents, tmp_path):
    more = write(tmp_path / "more.txt", "粮食产量达到6亿吨。")
    batch(documents, tmp_path / "out")
    assert batch([more, documents], tmp_path / "out").new == 1
    with pytest.raises(OutputError, match="results of other inputs"):
        batch(more, tmp_path / "out")


def test_rules_have_a_version_that_follows_the_code(tmp_path, monkeypatch):
    copy = tmp_path / "govie"
    shutil.copytree(PACKAGE, copy)
    monkeypatch.setattr(govie, "__file__", str(copy / "__init__.py"))
    before = rules_version()
    write(copy / "cli.py", "changed")
    write(copy / "batch" / "local_engine.py", "changed")
    assert rules_version() == before
    write(copy / "lexicon" / "units.tsv", "changed")
    assert rules_version() != before


def test_all_that_a_row_is_made_with_counts():
    code = (
        "import sys, govie, govie.batch.process as p; govie.load(mode='rules')('增长5%'); print(*sorted(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    files = {name.removeprefix("govie.").replace(".", "/") + ".py" for name in loaded if name.startswith("govie.")}
    helpers = {"batch/items.py", "batch/tables.py", "batch/options.py", "batch/forms.py", "errors.py"}
    assert {name for name in files if (PACKAGE / name).exists()} - set(deciding_files(PACKAGE)) == helpers


@pytest.mark.usefixtures("in_process")
def test_failures_stay_until_they_are_to_be_tried_again(documents, tmp_path):
    write(documents / "long.txt", "字" * 11)
    link = documents / "link.txt"
    link.symlink_to(tmp_path / "later.txt")
    out = tmp_path / "out"
    assert batch(documents, out).failed == 1  # the link; the engine of this test allows long texts
    write(tmp_path / "later.txt", "粮食产量达到6亿吨。")
    assert batch(documents, out).failed == 0
    write(documents / "empty.txt", "")
    assert (batch(documents, out).failed, batch(documents, out).new) == (1, 0)
    summary = batch(documents, out, retry_failed=True)
    assert (summary.failed, summary.new, len(rows(out, "errors"))) == (1, 1, 1)


@pytest.mark.usefixtures("in_process")
def test_an_interrupted_job_keeps_what_it_has(documents, tmp_path, monkeypatch):
    class Interrupted(InProcess):
        def run(self, items):
            for number, outcome in enumerate(super().run(items)):
                if number == 7:  # three documents, each with a tick before it
                    raise KeyboardInterrupt
                yield outcome

    monkeypatch.setattr(home, "LocalEngine", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        batch(documents, tmp_path / "out")
    assert len(rows(tmp_path / "out", "documents")) == 3
    assert Manifest.load(tmp_path / "out").finished is None
    monkeypatch.setattr(home, "LocalEngine", InProcess)
    assert batch(documents, tmp_path / "out").new == 3


@pytest.mark.parametrize(("home_of", "place"), [(Gatherer, "_count"), (Parts, "write")])
def test_an_interruption_between_two_steps_doubles_nothing(documents, tmp_path, monkeypatch, home_of, place):
    """The signal comes when the row is gathered, or when its part is written, and nobody has yet been told so."""

    real = getattr(home_of, place)

    def stopping(self, *arguments):
        real(self, *arguments)
        if len(InProcess.given) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(home, "LocalEngine", InProcess)
    with monkeypatch.context() as patch:
        patch.setattr(home_of, place, stopping)
        with pytest.raises(KeyboardInterrupt):
            batch(documents, tmp_path / "out", part_documents=1)
    kept = rows(tmp_path / "out", "documents")
    assert len(kept) == 3
    assert batch(documents, tmp_path / "out").documents == 6
    assert sorted(Counter(names(rows(tmp_path / "out", "documents"))).values()) == [1] * 6
    assert len(rows(tmp_path / "out", "facts")) == 12


def test_items_with_the_content_of_one_in_hand_wait_for_it(documents, tmp_path, monkeypatch):
    class Late(InProcess):
        """Takes all items before it gives back the first."""

        def run(self, items):
            yield from reversed([process(item, self._extractor, 10_000) for item in list(items)])

    monkeypatch.setattr(home, "LocalEngine", Late)
    write(documents / "copy.txt", (documents / "0.txt").read_text("utf-8"))
    summary = batch(documents, tmp_path / "out")
    assert (summary.documents, summary.duplicates, summary.new) == (7, 1, 6)


def test_a_second_job_in_the_same_folder_is_refused(documents, tmp_path, monkeypatch):
    class Nested(InProcess):
        def run(self, items):
            with pytest.raises(OutputError, match="another job"):
                batch(documents, tmp_path / "out")
            yield Outcome(errors=[{"id": "0", "path": "0", "stage": "read", "message": ""}])

    monkeypatch.setattr(home, "LocalEngine", Nested)
    monkeypatch.setattr(home, "_gather", lambda gatherer, sources, engine: next(engine.run(())))
    batch(documents, tmp_path / "out")


@pytest.mark.parametrize("option", ["workers", "timeout", "max_characters", "part_documents"])
def test_options_out_of_range(documents, tmp_path, option):
    with pytest.raises(OptionError, match=f"{option} is 0"):
        batch(documents, tmp_path / "out", **{option: 0})


def test_what_is_missing_is_told_before_the_folder_is_made(documents, tmp_path, monkeypatch):
    with pytest.raises(ModelError):
        batch(documents, tmp_path / "out", mode="auto", model=str(tmp_path / "nowhere"))
    monkeypatch.setattr("govie.batch.forms.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"govie\[frame\]"):
        batch(documents, tmp_path / "out", form="parquet")
    assert not (tmp_path / "out").exists()
    monkeypatch.setattr(home, "LocalEngine", InProcess)
    batch(documents, tmp_path / "out", form=None)
    assert (tmp_path / "out" / "facts" / "part-000001.jsonl").exists()
