"""Documents that hang, kill their worker or fill its memory: each is a row of errors, and the others are done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from govie.batch import local_engine, pool
from govie.batch.items import Item
from govie.batch.pool import WorkerDied, WorkerTimeout
from govie.batch.worker import Setup
from govie.batch.worker_process import WorkerProcess
from tests.batch.conftest import batch, rows, write

SETUP = Setup("rules", None, max_characters=1000, timeout=60.0)
FACT = "预计地区生产总值完成990亿元。"


@pytest.mark.usefixtures("trouble")
def test_every_kind_of_trouble_is_recorded_and_the_rest_is_done(documents, tmp_path):
    for word in ("HANG", "EXIT", "KILL", "ONCE", "PRINT", "MEMORY"):
        write(documents / f"{word}.txt", f"{word}\n{FACT}")
    summary = batch(documents, tmp_path / "out", workers=2, timeout=8.0)
    errors = {row["path"].rpartition("/")[2]: row for row in rows(tmp_path / "out", "errors")}
    assert {name: (row["stage"], row["error"]) for name, row in errors.items()} == {
        "HANG.txt": ("timeout", "WorkerTimeout"),
        "EXIT.txt": ("worker", "WorkerDied"),
        "KILL.txt": ("worker", "WorkerDied"),
        "MEMORY.txt": ("extract", "MemoryError"),
    }
    assert "no result after 8 seconds" in errors["HANG.txt"]["message"]
    assert "exit code 7" in errors["EXIT.txt"]["message"]
    assert "SIGKILL, most often because memory ran out" in errors["KILL.txt"]["message"]
    assert (summary.documents, summary.failed) == (8, 4)  # a document whose worker was killed once is tried again


class Instant:
    """A worker without a process."""

    def __init__(self, setup):
        pass

    def start(self):
        pass

    def ask(self, plain):
        return {"documents": [{"path": plain["path"]}]}

    kill = stop = start


@pytest.mark.parametrize(("size", "most"), [(0, 2 * 3), (pool._BYTES_AHEAD // 2, 3)])
def test_few_documents_and_few_bytes_are_held_at_a_time(monkeypatch, size, most):
    monkeypatch.setattr(local_engine, "WorkerProcess", Instant)
    taken = []

    def items():
        for number in range(50):
            taken.append(number)
            yield Item(str(number), "0", size=size, text="")

    finished = []
    for outcome in local_engine.LocalEngine(SETUP, workers=3).run(items()):
        assert len(taken) - len(finished) <= most
        if outcome is not None:
            finished.append(outcome.head["path"])
    assert sorted(finished, key=int) == [str(number) for number in range(50)]


def test_what_a_worker_that_cannot_start_had_in_hand_goes_to_the_others():
    class Broken(Instant):
        def start(self):
            raise WorkerDied("no memory")

    items = [Item(str(number), "0", text="") for number in range(20)]
    outcomes = pool.Pool([Broken(SETUP), Instant(SETUP), Broken(SETUP)]).run(iter(items))
    assert sorted(int(outcome.head["path"]) for outcome in outcomes if outcome) == list(range(20))
    with pytest.raises(WorkerDied, match="no memory"):
        list(pool.Pool([Broken(SETUP), Broken(SETUP)]).run(iter(items)))


def test_a_worker_that_was_killed_idle_is_replaced(documents):
    worker = WorkerProcess(SETUP)
    worker.start()
    assert worker._process is not None
    first = worker._process.pid
    os.kill(first, signal.SIGKILL)
    worker._process.wait()
    worker.start()
    assert worker._process.pid != first
    worker.stop()


def test_a_worker_that_is_stopped_does_not_stop_the_job():
    worker = WorkerProcess(replace(SETUP, timeout=1.0))
    worker.start()
    assert worker._process is not None
    os.kill(worker._process.pid, signal.SIGSTOP)
    with pytest.raises(WorkerTimeout):
        worker.ask({"long": "x" * 10_000_000})  # more than a pipe holds: the write blocks, not only the read
    worker.stop()


def test_workers_that_cannot_start_end_the_job_with_their_last_words(documents, tmp_path, monkeypatch):
    folder = tmp_path / "broken"
    folder.mkdir()
    write(folder / "sitecustomize.py", "import os, sys\nprint('no such library', file=sys.stderr)\nos._exit(3)\n")
    monkeypatch.syspath_prepend(folder)
    before = threading.active_count()
    with pytest.raises(WorkerDied, match="exit code 3: no such library"):
        batch(documents, tmp_path / "out")
    assert threading.active_count() <= before + 1  # the thread that counts documents may still be at it


def test_a_worker_cannot_outlive_the_job(documents):
    worker = WorkerProcess(SETUP)
    worker.start()
    process = worker._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 cannot keep the current folder off the path")
def test_the_same_names_in_the_users_folder_do_no_harm(documents, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "json.py", "raise SystemExit('not this one')")
    assert batch(documents, tmp_path / "out").failed == 0


def test_a_script_needs_no_main_guard(documents, tmp_path):
    script = write(
        tmp_path / "script.py",
        "import sys\nfrom govie.batch import BatchOptions, run_batch\n"
        "print(run_batch(sys.argv[1], sys.argv[2], BatchOptions(mode='rules', workers=2)).documents)\n",
    )
    command = [sys.executable, str(script), str(documents), str(tmp_path / "out")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "6"
