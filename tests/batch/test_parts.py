"""A part is there whole or not at all, wherever its writing stops."""

from __future__ import annotations

import errno

import pytest

from govie.batch import parts as home
from govie.batch.files import locked
from govie.batch.forms import FORMS
from govie.batch.parts import Parts
from govie.batch.tables import COLUMNS, TABLES
from govie.errors import OutputError
from tests.batch.conftest import files

STEPS = 3 * len(TABLES)  # written, named and synced, each for every table


def rows(mark: int):
    """A row for each table; numbers where Parquet has numbers."""
    numbers = {"year", "start", "end", "characters", "quantities"}
    plain = {t: {c: mark if c in numbers else str(mark) for c in COLUMNS[t]} for t in TABLES}
    plain["documents"] |= {"facts": 1, "tasks": 1, "seconds": 0.5, "duplicate": False}
    for table in ("facts", "tasks"):
        plain[table] |= {"score": 0.9} if "score" in plain[table] else {}
    return {table: [row] for table, row in plain.items()}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_read(tmp_path, form):
    pytest.importorskip("pyarrow")
    parts = Parts(tmp_path, form)
    parts.write(rows(1))
    parts.write(rows(2))
    assert parts.numbers() == [1, 2]
    assert [row["path"] for row in parts.rows("documents")] == ["1", "2"]
    (first, _) = parts.rows("facts")
    assert first["value"] == (1.0 if form == "parquet" else "1")


@pytest.mark.parametrize("step", range(STEPS))
def test_a_stop_at_any_step_leaves_the_part_out_or_in(tmp_path, monkeypatch, step):
    parts = Parts(tmp_path, "jsonl")
    parts.write(rows(1))
    before = files(tmp_path)
    left = iter(range(step))
    for name in ("write_unfinished", "finish", "sync_folder"):
        monkeypatch.setattr(home, name, stopping(getattr(home, name), left))
    with pytest.raises(KeyboardInterrupt):
        parts.write(rows(2))
    monkeypatch.undo()
    again = Parts(tmp_path, "jsonl")
    again.sweep()
    if again.numbers() == [1]:
        assert files(tmp_path) == before
    else:
        assert [list(again.rows(table))[1:] for table in TABLES] == [rows(2)[table] for table in TABLES]


def stopping(real, left):
    def step(*arguments):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return real(*arguments)

    return step


def test_a_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch):
    parts = Parts(tmp_path, "jsonl")
    monkeypatch.setattr(home, "write_rows", full_at("documents", home.write_rows))
    with pytest.raises(OSError, match="No space"):
        parts.write(rows(1))
    assert files(tmp_path) == {}


def full_at(name, real):
    def write(form, table, *rest):
        if table == name:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(form, table, *rest)

    return write


@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_part_is_named(tmp_path, form):
    pytest.importorskip("pyarrow")
    parts = Parts(tmp_path, form)
    parts.write(rows(1))
    path = parts.path("documents", 1)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(OutputError, match=rf"{path.name}: a part is damaged"):
        list(parts.rows("documents"))


def test_errors_are_dropped_and_the_rest_stays(tmp_path):
    parts = Parts(tmp_path, "jsonl")
    parts.write(rows(1))
    parts.write(rows(2))
    parts.drop_errors(lambda row: row["path"] == "1")
    assert [row["path"] for row in parts.rows("errors")] == ["2"]
    assert len(list(parts.rows("documents"))) == 2


def test_a_folder_has_one_writer(tmp_path):
    with locked(tmp_path), pytest.raises(OutputError, match="another job"), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass
