"""Small documents, and a worker that can be told by a document's words to hang, to die, or to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from govie.batch import BatchOptions, run_batch
from govie.batch.forms import read_rows
from govie.batch.tables import TABLES

# Found by every worker on its path before anything else is imported.
TROUBLE = '''
import os, re, signal
from pathlib import Path
import govie.batch.process as home

real = home.process

def once(item):
    """True the first time this item is met by any worker."""
    try:
        Path(os.environ["TROUBLE_NOTES"], item.id).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True

def process(item, extractor, max_characters):
    data = item.data if item.file is None else Path(item.file).read_bytes()
    words = item.text or (data or b"").decode("utf-8", "ignore")
    if "HANG" in words:
        Path(os.environ["TROUBLE_NOTES"], "hangs").touch()
        re.match("(a|a)+$", "a" * 64 + "b")  # holds the interpreter for ever
    if "EXIT" in words:
        os._exit(7)
    if "KILL" in words or ("ONCE" in words and once(item)):
        os.kill(os.getpid(), signal.SIGKILL)
    if "PRINT" in words:
        print("{}", flush=True)
    if "MEMORY" in words:
        extractor = Greedy()
    return real(item, extractor, max_characters)

class Greedy:
    def __call__(self, document):
        raise MemoryError("too much")

home.process = process
'''


@pytest.fixture
def trouble(tmp_path, monkeypatch) -> Path:
    """Let the words HANG, EXIT, KILL, ONCE, PRINT and MEMORY in a document do in the worker what they say.

    Return the folder in which a file ``hangs`` appears when one hangs.
    """
    folder, notes = tmp_path / "trouble", tmp_path / "notes"
    folder.mkdir()
    notes.mkdir()
    (folder / "sitecustomize.py").write_text(TROUBLE, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("TROUBLE_NOTES", str(notes))
    return notes


@pytest.fixture
def documents(tmp_path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(6):
        write(folder / f"{number}.txt", f"预计地区生产总值完成{990 + number}亿元，同比增长0.2%。")
    return folder


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def batch(inputs, out, **options):
    """Run a small job by rules on one worker."""
    settings = {"mode": "rules", "workers": 1, "form": "jsonl", "timeout": 60.0} | options
    return run_batch(inputs, out, BatchOptions(**settings))


def rows(out: Path, table: str) -> list[dict]:
    return [row for path in sorted((out / table).iterdir()) for row in read_rows(path.suffix[1:], path)]


def files(out: Path) -> dict[str, bytes]:
    """What a results folder holds, but for the manifest's time."""
    return {str(path.relative_to(out)): path.read_bytes() for table in TABLES for path in (out / table).iterdir()}
