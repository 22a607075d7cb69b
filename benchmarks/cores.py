"""Characters a second of whole documents on several cores: threads of one process, and processes of their own.

    python benchmarks/cores.py
    python benchmarks/cores.py report-1.txt report-2.txt --cores 4

Each way reads all documents, the seeds if none are given, some rounds; the fastest round counts, by the clock.
Processes begin each round together, all with the same documents, and the last to end counts; so work the processes of
``govie batch``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Barrier

from speed import load_average

import govie
from govie.config import MODES, Mode, cores

SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))


def round_seconds(paths: Sequence[Path], mode: Mode, threads: int, rounds: int, start: Barrier) -> list[float]:
    """Return how long each round took this process, reading the files not counted."""
    documents = [govie.read(path) for path in paths]
    extractor = govie.load(mode=mode, threads=threads)
    extractor(documents[0])
    spent = []
    for _ in range(rounds):
        start.wait()
        began = time.perf_counter()
        for document in documents:
            extractor(document)
        spent.append(time.perf_counter() - began)
    return spent


def rate(paths: Sequence[Path], mode: Mode, *, processes: int, threads: int, rounds: int) -> float:
    """Return characters a second of all processes together, in their fastest round.

    Args:
        paths: documents; each process reads all of them.
        mode: of the extractor.
        processes: how many at the same time.
        threads: of each.
        rounds: how many.
    """
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(processes) as pool:
        start = manager.Barrier(processes)
        spent = pool.starmap(round_seconds, [(paths, mode, threads, rounds, start)] * processes, chunksize=1)
    slowest = [max(together) for together in zip(*spent, strict=True)]
    return processes * sum(len(govie.read(path).text) for path in paths) / min(slowest)


def main(argv: list[str] | None = None) -> int:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("paths", type=Path, nargs="*", default=SEEDS, metavar="FILE")
    parser.add_argument("--mode", choices=MODES, default="auto")
    parser.add_argument("--cores", type=int, default=cores())
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(argv)
    characters = sum(len(govie.read(path).text) for path in options.paths)
    print(
        f"mode {options.mode}, {len(options.paths)} documents, {characters:,} characters; load average {load_average()}"
    )
    for processes, threads in ((1, 1), (1, options.cores), (options.cores, 1)):
        found = rate(options.paths, options.mode, processes=processes, threads=threads, rounds=options.rounds)
        print(f"{processes} processes of {threads} threads: {found:,.0f} characters a second", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
