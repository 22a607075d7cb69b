"""The Ray engine gives the rows of the local engine, and trouble stays with the document that makes it."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

import govie
from govie.batch import ray_engine
from govie.batch.items import Item, text_digest
from govie.batch.ray_engine import RayEngine, RowMaker
from govie.batch.worker import Setup
from govie.errors import MissingExtraError, OptionError, OutputError
from tests.batch.conftest import batch, rows, write

FACT = "预计地区生产总值完成990亿元。"
SETUP = Setup("rules", None, max_characters=1000, timeout=60.0)


@pytest.fixture
def quiet(monkeypatch):
    """Skip where there is no Ray; what it starts here stays on the loopback address and reports to nobody."""
    for name, value in {**ray_engine._PRIVATE, "RAY_worker_niceness": "0"}.items():
        monkeypatch.setenv(name, value)
    pytest.importorskip("ray", reason="needs govie[ray]")


@pytest.fixture
def cluster(quiet, trouble, monkeypatch):
    """A Ray that was there before the job, as a cluster is. Its actors do what a document's words say."""
    import ray

    paths = (trouble.parent / "trouble", Path(govie.__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, paths)))
    ray_engine._start_here(2)
    yield
    ray.shutdown()


def counted(out, table):
    """The rows without what differs from run to run: times, and the words about a process that ended."""
    found = rows(out, table)
    told = {"seconds": 0} if table == "documents" else {}
    return Counter(
        json.dumps(row | told | ({"message": ""} if row.get("stage") == "worker" else {}), sort_keys=True)
        for row in found
    )


@pytest.mark.usefixtures("cluster")
def test_rows_are_those_of_the_local_engine_whatever_documents_do(documents, tmp_path):
    for word in ("HANG", "EXIT", "KILL", "ONCE", "MEMORY"):
        write(documents / f"{word}.txt", f"{word}\n{FACT}")
    write(documents / "empty.txt", "")
    write(documents / "copy.txt", (documents / "0.txt").read_text("utf-8"))
    write(documents / "table.jsonl", '{"text": "财政收入增长3%。"}\n{"text": 7}\n{broken\n')
    ray = batch(documents, tmp_path / "ray", engine="ray", workers=2, timeout=8.0)
    for note in (tmp_path / "notes").iterdir():
        note.unlink()
    local = batch(documents, tmp_path / "local", workers=2, timeout=8.0)
    assert (ray.documents, ray.facts, ray.failed) == (local.documents, local.facts, local.failed)
    for table in ("facts", "tasks", "documents", "errors"):
        assert counted(tmp_path / "ray", table) == counted(tmp_path / "local", table)
    stages = {row["path"].rpartition("/")[2]: row["stage"] for row in rows(tmp_path / "ray", "errors")}
    assert {name: stages[f"{name}.txt"] for name in ("HANG", "EXIT", "KILL", "MEMORY", "empty")} == {
        "HANG": "timeout",
        "EXIT": "worker",
        "KILL": "worker",
        "MEMORY": "extract",
        "empty": "read",
    }
    assert batch(documents, tmp_path / "ray", engine="local").new == 2  # what had no content is tried every time


def test_a_ray_of_its_own_ends_with_the_job_and_leaves_signals_alone(quiet, documents, tmp_path, monkeypatch):
    import ray

    started, start = [], ray_engine._start_here
    monkeypatch.setattr(ray_engine, "_start_here", lambda count: started.append(count) or start(count))
    before = signal.getsignal(signal.SIGTERM)
    assert batch(documents, tmp_path / "out", engine="ray").facts == 12
    assert (started, ray.is_initialized(), signal.getsignal(signal.SIGTERM)) == ([1], False, before)


@pytest.mark.usefixtures("cluster")
def test_closing_ends_all_work_and_another_govie_is_refused(trouble):
    other = RayEngine(SETUP, 1, None, RowMaker("another", "rules", None))
    item = Item("a", text_digest(FACT), size=1, text=FACT)
    with pytest.raises(OutputError, match="would make other rows"):
        list(other.run(iter([item])))
    same = RayEngine(SETUP, 1, None, RowMaker(ray_engine.rules_version(), "rules", None))
    hanging = Item("b", text_digest("HANG"), size=1, text="HANG")
    outcomes = same.run(iter([item, hanging]))
    while not (trouble / "hangs").exists():
        next(outcomes)
    began = time.monotonic()
    outcomes.close()
    assert time.monotonic() - began < 10
    assert not [thread for thread in threading.enumerate() if "_feed" in thread.name]
    _wait_until_free()


def _wait_until_free():
    import ray

    end = time.monotonic() + 20
    while ray.available_resources().get("CPU") != 2:
        assert time.monotonic() < end, "the actors' cores are still taken"
        time.sleep(0.1)


def test_content_travels_where_files_are_not_seen(tmp_path):
    path = write(tmp_path / "a.txt", FACT)
    data = path.read_bytes()
    item = Item(str(path), text_digest(FACT), file=str(path))
    sent = ray_engine._carrying(item)
    assert (sent.file, sent.data, sent.size, sent.id) == (None, data, len(data), item.id)


@pytest.mark.usefixtures("quiet")
def test_an_address_where_nobody_answers_is_refused(documents, tmp_path):
    with pytest.raises(OptionError, match="no Ray cluster answers at"):
        batch(documents, tmp_path / "out", engine="ray", ray_address="auto")


def test_without_ray_the_extra_is_named(documents, tmp_path, monkeypatch):
    monkeypatch.setattr(ray_engine, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"govie\[ray\]"):
        batch(documents, tmp_path / "out", engine="ray")
    assert not (tmp_path / "out").exists()


def test_an_address_without_the_engine_is_refused(documents, tmp_path):
    with pytest.raises(OptionError, match="--engine ray"):
        batch(documents, tmp_path / "out", ray_address="auto")
