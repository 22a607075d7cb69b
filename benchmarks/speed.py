"""Speed and memory of the rules alone, in one process; growth with length in any mode.

    python benchmarks/speed.py
    python benchmarks/speed.py --growth --mode auto --largest 1000000

Prints characters a second on the seeds concatenated (median of runs, warm), the share of
each stage, how time grows with length, and how peak memory grows when documents are streamed;
with ``--growth`` only how time grows with length, and the peak memory after each.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import chain, repeat

from seedtexts import seed_texts

from govie.config import MODES, Mode
from govie.pipeline import load
from govie.reading import from_text
from govie.rules.tagger import tag_sentence

COPIES = 20
MORE_COPIES = 80
LENGTHS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
SHORTEST_MEASUREMENT = 0.05


def seconds(action: Callable[[], object]) -> float:
    """Return the processor time of a call; short calls are repeated until the clock is meaningful.

    Processor time, because other processes on a busy machine change what the wall clock shows.
    """
    calls, began = 0, time.process_time()
    while (spent := time.process_time() - began) < SHORTEST_MEASUREMENT or not calls:
        action()
        calls += 1
    return spent / calls


def median_seconds(action: Callable[[], object], runs: int) -> float:
    """Return the median time of ``runs`` calls after one that warms up."""
    action()
    return statistics.median(seconds(action) for _ in range(runs))


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Fit time = c · size^k by least squares on logarithms and return k."""
    slope = statistics.linear_regression([math.log(size) for size in sizes], [math.log(spent) for spent in times]).slope
    return float(slope)


def rate_report(runs: int) -> str:
    """Measure the seeds concatenated, whole and by stage."""
    text = "\n".join(seed_texts().values()) * COPIES
    extractor = load(mode="rules")
    document = from_text(text)

    def tagging() -> None:
        for sentence in document.sentences:
            if not sentence.noise:
                tag_sentence(document.plain[sentence.start : sentence.end], sentence.stance)

    whole = median_seconds(lambda: extractor(text), runs)
    reading = median_seconds(lambda: from_text(text), runs)
    tags = median_seconds(tagging, runs)
    stages = {"reading": reading, "tagging": tags, "tasks and facts": max(whole - reading - tags, 0.0)}
    lines = [
        f"{len(text)} characters (seeds × {COPIES}) in {whole:.2f} s, median of {runs}: "
        f"{len(text) / whole:.0f} characters a second (processor time)"
    ]
    lines += [f"  {name:16} {spent:6.2f} s  {spent / whole:4.0%}" for name, spent in stages.items()]
    return "\n".join(lines)


def growth_report(largest: int, mode: Mode = "rules", model: str | None = None) -> str:
    """Measure texts of growing length, in bytes of UTF-8, with one thread."""
    seeds = "\n".join(seed_texts().values()).encode()
    extractor = load(model, mode=mode, threads=1)
    extractor(seeds[:300].decode("utf-8", "ignore"))
    sizes = [length for length in LENGTHS if length <= largest]
    times, lines = [], []
    for size in sizes:
        text = (seeds * (size // len(seeds) + 1))[:size].decode("utf-8", "ignore")
        times.append(seconds(lambda text=text: extractor(text)))  # type: ignore[misc]
        lines.append(f"  {size:>10} bytes  {times[-1]:8.4f} s  peak {peak_memory() / 1024:6.0f} MB")
    return "\n".join([f"{extractor.mode}: time grows with length to the power {exponent(sizes, times):.2f}", *lines])


def stream_peak(copies: int) -> int:
    """Stream every seed ``copies`` times through Extractor.pipe and return this process's peak memory in kB."""
    stream = chain.from_iterable(repeat(list(seed_texts().values()), copies))
    for _ in load(mode="rules").pipe(stream):
        pass
    return peak_memory()


def peak_memory() -> int:
    """Return this process's peak memory in kB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if platform.system() == "Darwin" else peak


def load_average() -> str:
    """Return how much else the machine had to do, over one, five and fifteen minutes."""
    return ", ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def memory_report() -> str:
    """Compare the peaks of two streams, each in a fresh process."""
    peaks = {}
    for copies in (COPIES, MORE_COPIES):
        command = [sys.executable, __file__, "--stream-peak", str(copies)]
        peaks[copies] = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    few, many = peaks[COPIES], peaks[MORE_COPIES]
    return (
        f"peak memory streaming: seeds × {COPIES} {few / 1024:.1f} MB, seeds × {MORE_COPIES} {many / 1024:.1f} MB, "
        f"growth {(many - few) / 1024:+.1f} MB"
    )


def main(argv: list[str] | None = None) -> int:
    """Print all measurements."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=5, help="runs whose median counts")
    parser.add_argument("--largest", type=int, default=LENGTHS[-1], help="longest text of the growth table, in bytes")
    parser.add_argument("--growth", action="store_true", help="growth with length alone")
    parser.add_argument("--mode", choices=MODES, default="rules", help="of the growth table")
    parser.add_argument("--model", help="folder of the model of the growth table, if not the shipped one")
    parser.add_argument("--stream-peak", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.stream_peak:
        print(stream_peak(options.stream_peak))
        return 0
    if options.growth:
        print(growth_report(options.largest, options.mode, options.model))
        return 0
    print(f"Python {platform.python_version()}, {platform.machine()}, one process")
    # First, while this process is small: on Linux a child's peak begins at its parent's size.
    print(memory_report())
    print(rate_report(options.runs))
    print(growth_report(options.largest))
    return 0


if __name__ == "__main__":
    sys.exit(main())
