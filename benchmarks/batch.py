"""Speed and memory of ``govie batch``: how time grows with the number of documents.

    python benchmarks/batch.py [--mode rules] [--largest 10000] [--workers 2]

Prints a table: documents, seconds of the whole command, documents a second, processor time of job and workers for
each document (that of starting left out), the peak memory of the job and of its largest worker, and the seconds of a
second run that finds nothing to do. POSIX only.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from manydocs import write_documents
from speed import exponent

from govie.config import MODES

COUNTS = (100, 300, 1_000, 3_000, 10_000)
CHARACTERS = 400
_POLL = 0.1


@dataclass(frozen=True)
class Run:
    """What one run of the command took.

    Attributes:
        seconds: wall clock.
        processor: processor seconds of the job and all workers.
        job: peak memory of the job, in MB.
        worker: peak memory of its largest worker, in MB.
    """

    seconds: float
    processor: float
    job: float
    worker: float


def measure(documents: Path, out: Path, workers: int, mode: str = "rules") -> Run:
    """Run the command and watch it."""
    command = [sys.executable, "-m", "govie", "batch", str(documents), "--out", str(out), "--mode", mode]
    began = time.perf_counter()
    job = subprocess.Popen([*command, "--workers", str(workers)], stdout=subprocess.DEVNULL)
    job_peak = worker_peak = 0
    while not (ended := os.wait4(job.pid, os.WNOHANG))[0]:
        sizes = _sizes(job.pid)
        job_peak = max(job_peak, sizes.pop(job.pid, 0))
        worker_peak = max([worker_peak, *sizes.values()])
        time.sleep(_POLL)
    if ended[1]:
        raise SystemExit(f"the command failed: {ended[1]}")
    job.returncode = 0  # waited for above, because only that tells the processor time of this process and its workers
    spent = ended[2].ru_utime + ended[2].ru_stime
    return Run(time.perf_counter() - began, spent, job_peak / 1024, worker_peak / 1024)


def _sizes(job: int) -> dict[int, int]:
    """Return the resident sizes in kB of the job and its workers, by process number."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    found = (map(int, line.split()) for line in listed.splitlines())
    return {pid: size for pid, parent, size in found if job in {pid, parent}}


def _runs(count: int, workers: int, mode: str) -> tuple[Run, Run]:
    """Run twice over so many documents: the second run has nothing to do."""
    with tempfile.TemporaryDirectory() as base:
        documents, out = Path(base, "documents"), Path(base, "out")
        write_documents(documents, count, CHARACTERS)
        return measure(documents, out, workers, mode), measure(documents, out, workers, mode)


def main(argv: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--mode", choices=MODES, default="rules")
    parser.add_argument("--largest", type=int, default=COUNTS[-1], help="most documents")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(argv)
    counts = [count for count in COUNTS if count <= options.largest]
    first, _ = _runs(2 * options.workers, options.workers, options.mode)  # all workers have something to start for
    start = first.processor
    print(f"mode {options.mode}, documents of about {CHARACTERS} characters, {options.workers} workers")
    print(f"{start:.1f} s to start")
    print("documents  seconds a second  ms each  job MB worker MB  again s")
    times = []
    for count in counts:
        run, again = _runs(count, options.workers, options.mode)
        times.append(run.processor - start)
        print(
            f"{count:>9} {run.seconds:>8.1f} {count / run.seconds:>8.1f} {1000 * times[-1] / count:>8.1f} "
            f"{run.job:>7.0f} {run.worker:>9.0f} {again.seconds:>8.1f}",
            flush=True,
        )
    if len(counts) > 1:
        print(f"processor time past the start grows with documents to the power {exponent(counts, times):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
