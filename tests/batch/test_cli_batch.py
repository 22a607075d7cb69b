"""The command: exit codes, messages, and bad input of every kind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from govie.batch.progress import Meter, shown
from govie.cli import main
from tests.batch.conftest import rows, write

SMALL = ("--mode", "rules", "--workers", "1", "--format", "jsonl")


@pytest.fixture
def run(capfd):
    """Run the command in this process; return exit code, standard output and standard error."""

    def run(*arguments):
        code = main(["batch", *SMALL, *map(str, arguments)])
        return code, *capfd.readouterr()

    return run


def test_all_is_well(run, documents, tmp_path):
    code, out, err = run(documents, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "6 documents, 12 facts, 0 tasks. New in this run: 6" in out
    assert "New in this run: 0" in run(documents, "--out", tmp_path / "out")[1]


def test_a_folder_without_documents_is_told(run, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, err = run(tmp_path / "empty", "--out", tmp_path / "out")
    assert (code, err) == (0, "govie: note: there is no document in the input\n")


def test_bad_documents_are_told_and_the_rest_is_done(run, documents, tmp_path):
    write(documents / "empty.txt", "")
    write(documents / "long.txt", "字" * 5001)
    (documents / "binary.txt").write_bytes(b"\x7fELF" + bytes(range(256)) * 9)
    (documents / "corrupt.parquet").write_bytes(b"PAR1PAR1")
    (documents / "gone.txt").symlink_to("nowhere")
    code, out, err = run(documents, "--out", tmp_path / "out", "--max-characters", 5000)
    assert code == 1
    assert "6 documents" in out
    assert "5 failed" in out
    for name, says in {
        "empty.txt (read)": "the file is empty",
        "long.txt (read)": "5001 characters",
        "binary.txt (read)": "this is a program",
        "corrupt.parquet (source)": "cannot be read",
        "gone.txt (source)": "No such file",
    }.items():
        (line,) = [line for line in err.splitlines() if name in line]
        assert says in line
    assert "Traceback" not in err
    assert run(documents, "--out", tmp_path / "out", "--max-characters", 5000)[0] == 1


def test_files_and_folders_without_permission(run, documents, tmp_path):
    (documents / "0.txt").chmod(0)
    if os.access(documents / "0.txt", os.R_OK):
        pytest.skip("who runs this may read and write everything")
    code, _, err = run(documents, "--out", tmp_path / "out")
    assert (code, "Permission denied" in err) == (1, True)
    (tmp_path / "closed").mkdir(mode=0o500)
    code, _, err = run(documents, "--out", tmp_path / "closed" / "out")
    assert (code, "cannot be written (Permission denied)" in err) == (1, True)


@pytest.mark.parametrize("out", ["/proc/govie", "/dev/null", "{tmp}/file", "{tmp}/file/out"])
def test_an_output_folder_that_cannot_be(run, documents, tmp_path, out):
    write(tmp_path / "file", "")
    code, _, err = run(documents, "--out", out.format(tmp=tmp_path))
    assert code == 1
    assert err.startswith("govie: error: ")
    assert "hint:" in err
    assert "Traceback" not in err


def test_a_folder_with_other_files_is_left_alone(run, documents, tmp_path):
    code, _, err = run(documents, "--out", tmp_path)
    assert code == 1
    assert "the folder holds other files (documents)" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["documents"]
    assert run(documents, "--out", tmp_path, "--restart")[0] == 1


def test_a_strangers_manifest_is_not_ours(run, documents, tmp_path):
    (tmp_path / "out").mkdir()
    write(tmp_path / "out" / "manifest.json", '{"name": "a web app"}')
    code, _, err = run(documents, "--out", tmp_path / "out", "--restart")
    assert (code, "not that of a batch job" in err) == (1, True)


@pytest.mark.parametrize("arguments", [("nix",), (), ("{documents}", "--workers", "0"), ("{documents}", "--mode", "x")])
def test_wrong_usage(run, documents, tmp_path, arguments):
    code, _, err = run(*(word.format(documents=documents) for word in arguments), "--out", tmp_path / "out")
    assert code == (1 if "nix" in arguments else 2)
    assert not (tmp_path / "out").exists()
    assert "Traceback" not in err


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    root = sys.platform == "linux" and os.geteuid() == 0
    if not root or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root on Linux can mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_keeps_what_is_written_and_the_job_goes_on_when_there_is_room(run, documents, small_disk):
    for number in range(100):
        write(documents / f"more-{number}.txt", f"第{number}年地区生产总值完成{number}亿元。")
    out = small_disk / "out"
    code, _, err = run(documents, "--out", out, "--part-documents", 5)
    assert code == 1
    assert "cannot be written (No space left on device)" in err
    assert "run the same command again" in err
    kept = rows(out, "documents")
    assert 0 < len(kept) < 106
    subprocess.run(["mount", "-o", "remount,size=16m", str(small_disk)], check=True)
    assert run(documents, "--out", out, "--part-documents", 5)[0] == 0
    every = rows(out, "documents")
    assert len(every) == len({row["path"] for row in every}) == 106
    assert every[: len(kept)] == kept


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_gently_it_writes_what_it_has(documents, tmp_path, number, trouble):
    write(documents / "z.txt", "HANG")
    out = tmp_path / "out"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    job = subprocess.Popen(
        [sys.executable, "-m", "govie", "batch", str(documents), "--out", str(out), *SMALL],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    _wait_for(trouble / "hangs", job)
    job.send_signal(number)
    _, err = job.communicate(timeout=30)
    assert job.returncode == 130
    assert "interrupted; what is in" in err
    assert "Traceback" not in err
    assert len(rows(out, "documents")) == 6


def _wait_for(path: Path, job):
    until = time.monotonic() + 60
    while not path.exists():
        assert job.poll() is None, job.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.05)


class _Terminal:
    """A stream that says it is a terminal, or not, and keeps what is written."""

    def __init__(self, terminal: bool):
        self.terminal, self.written = terminal, ""

    def isatty(self):
        return self.terminal

    def write(self, text):
        self.written += text

    def flush(self):
        pass


def test_progress_says_rate_and_time_left():
    meter = Meter(total=100, skipped=10, done=30, failed=2, _began=time.monotonic() - 10)
    assert meter.words() == "40 of 100 documents, 2 failed, 3.0 a second, 20 s left"
    assert Meter().words() == "0 documents, 0.0 a second"


def test_progress_is_a_bar_on_a_terminal_and_a_line_a_minute_elsewhere(monkeypatch):
    terminal, pipe = _Terminal(True), _Terminal(False)
    with shown(terminal) as meter:
        meter.done, meter.total = 3, 5
        meter.tick()
    assert "3 of 5 documents" in terminal.written
    with shown(pipe) as meter:
        meter.tick()
        assert pipe.written == ""
        now = time.monotonic()
        for second in range(0, 200, 10):
            monkeypatch.setattr("time.monotonic", lambda second=second: now + second)
            meter.tick()
    assert pipe.written.count("\n") == 3
