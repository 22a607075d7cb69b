"""Kill a batch job again and again, resume it, and see that every document is there exactly once.

    python benchmarks/killtest.py [--documents 2000] [--kills 30]

At random moments either the job or one of its workers gets SIGKILL. After each kill of the job, what it left is
checked before the same command goes on. POSIX only.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from manydocs import write_documents

from govie.batch.files import UNFINISHED
from govie.batch.parts import Parts
from govie.batch.tables import TABLES

__all__ = ["Report", "faults", "kill_and_resume"]

_POLL = 0.05  # seconds
_LONG = 600.0


@dataclass
class Report:
    """What happened.

    Attributes:
        documents: how many there were.
        killed: kills of the job and of workers.
        runs: how often the command was started.
        kept: documents that were safe after each kill of the job.
        faults: what was wrong; empty if all is well.
        failed: rows of the table ``errors``.
        swept: files that killed jobs left unfinished.
        rounds: folders that were worked in, each until its job was done.
    """

    documents: int
    killed: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    kept: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    failed: int = 0
    swept: int = 0
    rounds: int = 0

    def words(self) -> str:
        """Say it in a few lines."""
        kills = ", ".join(f"{count} of {whom}" for whom, count in sorted(self.killed.items()))
        return "\n".join(
            [
                f"{self.documents} documents, {sum(self.killed.values())} kills ({kills}), {self.runs} starts of the "
                f"command in {self.rounds} folders, {self.swept} unfinished files swept away",
                f"documents safe after each kill of the job: {self.kept}",
                f"rows in errors at the end: {self.failed}",
                *(self.faults or ["every document exactly once, nothing torn"]),
            ]
        )


@dataclass
class _Killer:
    """Starts jobs and kills them, until there were enough kills."""

    base: Path
    report: Report
    kills: int
    pause: float
    draw: random.Random

    @property
    def done(self) -> bool:
        return sum(self.report.killed.values()) >= self.kills

    def work_through(self, out: Path) -> None:
        """Start the job, kill it, and go on, until it ends by itself."""
        while True:
            job = self._start(out)
            while not self.done and self._strike(job):
                pass
            error = job.communicate()[1]
            if job.returncode != -signal.SIGKILL:
                self.report.faults += [f"exit code {job.returncode}: {error}"] if job.returncode else []
                return
            self.report.swept += sum(path.name.endswith(UNFINISHED) for path in out.rglob(".*"))
            if (out / "documents").is_dir():
                self.report.kept.append(sum(1 for _ in Parts(out, "parquet").rows("documents")))

    def _start(self, out: Path) -> subprocess.Popen[str]:
        self.report.runs += 1
        part = max(4, self.report.documents // 100)
        command = [sys.executable, "-m", "govie", "batch", str(self.base / "documents"), "--out", str(out)]
        command += ["--mode", "rules", "--format", "parquet", "--workers", "2", "--part-documents", str(part)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def _strike(self, job: subprocess.Popen[str]) -> bool:
        """Kill the job or a worker after a while; False if the job ended before."""
        whom = self.draw.choice(("the job", "workers"))
        workers = _wait_for(job, lambda: whom == "the job" or _children(job.pid), _LONG)
        if not workers or _wait_for(job, lambda: job.poll() is not None, self.draw.uniform(0.0, self.pause)):
            return job.poll() is None
        with suppress(ProcessLookupError, IndexError):  # it ended just now
            os.kill(job.pid if whom == "the job" else self.draw.choice(_children(job.pid)), signal.SIGKILL)
            self.report.killed[whom] += 1
        if whom == "the job":
            job.wait()
        return job.poll() is None


def kill_and_resume(base: Path, documents: int, kills: int, pause: float = 10.0, seed: int = 0) -> Report:
    """Make documents, and run jobs over them in fresh folders until there were enough kills and the last is done.

    Args:
        base: empty folder to work in.
        documents: how many documents.
        kills: how many kills.
        pause: longest time between two kills, in seconds.
        seed: of the random moments.
    """
    names = write_documents(base / "documents", documents)
    report = Report(documents)
    killer = _Killer(base, report, kills, pause, random.Random(seed))
    while not killer.done and not report.faults:
        out = base / f"results-{report.rounds}"
        report.rounds += 1
        killer.work_through(out)
        if not report.faults:
            report.faults += faults(out, names)
            report.failed += sum(1 for _ in Parts(out, "parquet").rows("errors"))
    return report


def _wait_for(job: subprocess.Popen[str], condition: Callable[[], object], seconds: float) -> bool:
    """Wait until the condition holds; False if the job ends, or the time, before it does."""
    until = time.monotonic() + seconds
    while not (met := condition()) and job.poll() is None and time.monotonic() < until:
        time.sleep(_POLL)
    return bool(met)


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (line.split() for line in listed.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


def faults(out: Path, names: list[str]) -> list[str]:
    """Check a finished folder: each document once, its facts and tasks as many as it says, every file readable."""
    parts = Parts(out, "parquet")
    rows = {table: list(parts.rows(table)) for table in TABLES}
    heads = Counter(Path(row["path"]).name for table in ("documents", "errors") for row in rows[table])
    faults = [f"{name}: {heads[name]} times" for name in names if heads[name] != 1]
    faults += [f"{name}: nobody gave this" for name in heads.keys() - set(names)]
    for table in ("facts", "tasks"):
        found = Counter(row["id"] for row in rows[table])
        said = {row["id"]: row[table] for row in rows["documents"] if row[table]}
        faults += [
            f"{table}: {found[id]} for document {id}, which has {said.get(id, 0)}"
            for id in found.keys() | said.keys()
            if found[id] != said.get(id, 0)
        ]
    whole = {parts.path(table, number) for table in TABLES for number in parts.numbers()}
    there = {path for table in TABLES for path in (out / table).iterdir()}
    faults += [f"{path}: missing" for path in whole - there]
    faults += [f"{path}: left over" for path in there - whole]
    return faults


def main(argv: list[str] | None = None) -> int:
    """Run, print the report, and return 1 if something was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as base:
        report = kill_and_resume(Path(base), options.documents, options.kills, seed=options.seed)
    print(report.words())
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
