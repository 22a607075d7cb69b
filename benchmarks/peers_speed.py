"""Speed and memory of govie beside others, in one table, and how govie's time grows: what `make bench` prints.

    python benchmarks/peers_speed.py [--torch-python PATH] [--peer-python PATH]

Every system reads the seeds, smallest first, in a process of its own: 20,000 characters, the slow ones fewer. The
rounds over all systems are repeated and the median of each figure is shown, so that a busy minute does not strike one
system alone.
`characters a second` is by the clock on the wall, `by processor` counts processor seconds of all threads, which other
work on the machine changes little. `first` is the processor time from the start of Python to the first result.

What a peer needs is in the extra `dev`; a peer that is not installed is left out with a line that says so. Where the
peers are in other environments, their interpreters can be named.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from seedtexts import seed_texts
from speed import load_average

from govie.config import cores

HERE = Path(__file__).parent
MODEL = HERE.parent / "models" / "govie-zh-4x256"
NAIVE = "transformers pipeline"
INSTALL = 'pip install "govie[dev]", or name an interpreter that has it'
FIGURES = ("rate", "by processor", "peak", "first")
_HEADING = (
    "| system | threads | read | characters a second | by processor | × pipeline | peak MB | first, s |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|"
)
_FIND = "import importlib.util, sys; print(*(n for n in sys.argv[1:] if importlib.util.find_spec(n) is None))"
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")


@dataclass(frozen=True, slots=True)
class System:
    """One row of the table.

    Attributes:
        name: as shown.
        command: interpreter, script and arguments.
        packages: what the interpreter must be able to import.
        threads: it may use.
        sentences: whether it is given sentences; documents otherwise.
        most: characters to read.
    """

    name: str
    command: tuple[str, ...]
    packages: tuple[str, ...]
    threads: int
    sentences: bool = False
    most: int = 20_000


def systems(threads: Iterable[int], model: Path, torch_python: str, peer_python: str) -> list[System]:
    """Return what is compared."""
    own, runners = sys.executable, HERE / "peers"
    rows = []
    for count in threads:
        given = [str(model)] if model != MODEL else []
        ours = (own, str(runners / "govie_facts.py"))
        rows += [System(f"govie {mode}", (*ours, mode, str(count), *given), (), count) for mode in ("model", "auto")]
        naive = (torch_python, str(runners / "token_pipeline.py"), str(count), str(model))
        rows.append(System(NAIVE, naive, ("torch", "transformers", "safetensors"), count, sentences=True))
        uie = (torch_python, str(runners / "uie_nano.py"), str(count))
        rows.append(System("UIE-nano's shape, 14 questions", uie, ("torch", "transformers"), count, most=4_000))
    rules = System("govie rules", (own, str(runners / "govie_facts.py"), "rules", "1"), (), 1)
    jionlp = (peer_python, str(runners / "jionlp_money.py"))
    recognizers = (peer_python, str(runners / "recognizers_quantities.py"))
    suite = ("recognizers_number", "recognizers_number_with_unit")
    return [
        rules,
        *rows,
        System("jionlp, money alone", jionlp, ("jionlp",), 1, sentences=True),
        System("recognizers-text, numbers alone", recognizers, suite, 1, sentences=True, most=12_000),
    ]


def missing(system: System) -> str:
    """Return the packages that a system's interpreter lacks, with spaces between; empty if none."""
    done = subprocess.run(
        [system.command[0], "-c", _FIND, *system.packages], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def texts(documents: list[str], system: System) -> list[str]:
    """Return what a system is given: documents or their sentences, until it has had enough characters."""
    pieces = [piece for one in documents for piece in (_SENTENCE.findall(one) if system.sentences else [one]) if piece]
    chosen, length = [], 0
    while pieces and length < system.most:
        piece = pieces.pop(0)
        chosen.append(piece[: system.most - length])
        length += len(chosen[-1])
    return chosen


def measure(system: System, given: list[str]) -> dict[str, float]:
    """Run a system once.

    Raises:
        SystemExit: it failed; the message holds what it wrote last.
    """
    environment = {**os.environ, "OMP_NUM_THREADS": str(system.threads), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        system.command, input=json.dumps(given), capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        raise SystemExit(f"{system.name} failed: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
    answer = json.loads(done.stdout)
    length = sum(map(len, given))
    return {
        "rate": length / answer["wall"],
        "by processor": length / answer["seconds"],
        "peak": answer["peak"],
        "first": answer["first"],
    }


def table(measured: dict[System, list[dict[str, float]]], lengths: dict[System, int]) -> str:
    """Return the table: medians over the rounds, and how many times the naive pipeline's speed at as many threads."""
    middle = {
        system: {figure: statistics.median(one[figure] for one in rounds) for figure in FIGURES}
        for system, rounds in measured.items()
    }
    naive = {system.threads: figures["by processor"] for system, figures in middle.items() if system.name == NAIVE}
    lines = [_HEADING]
    for system, one in middle.items():
        base = naive.get(system.threads)
        times = f"{one['by processor'] / base:.1f}" if base else "–"
        lines.append(
            f"| {system.name} | {system.threads} | {lengths[system]:,} | {one['rate']:,.0f} | "
            f"{one['by processor']:,.0f} | {times} | {one['peak']:.0f} | {one['first']:.1f} |"
        )
    return "\n".join(lines)


def compared(rows: list[System], rounds: int) -> str:
    """Measure and return the table, with a line for each system that was left out."""
    documents = sorted(seed_texts().values(), key=len)
    absent = {system: names for system in rows if system.packages and (names := missing(system))}
    given = {system: texts(documents, system) for system in rows if system not in absent}
    measured: dict[System, list[dict[str, float]]] = {system: [] for system in given}
    failed = {}
    for _ in range(rounds):
        for system in [one for one in given if one not in failed]:
            try:
                measured[system].append(one := measure(system, given[system]))
                print(
                    f"{system.name}, {system.threads} threads: {one['rate']:,.0f} a second", file=sys.stderr, flush=True
                )
            except SystemExit as error:
                failed[system] = str(error)
    lengths = {system: sum(map(len, pieces)) for system, pieces in given.items()}
    shown = table({system: found for system, found in measured.items() if found and system not in failed}, lengths)
    left_out = [f"left out: {system.name}, {system.threads} threads: no {n}; {INSTALL}" for system, n in absent.items()]
    return "\n".join([shown, *left_out, *failed.values()])


def circumstances() -> str:
    """Say where and beside what this was measured."""
    usable = f"{cores()} of {os.cpu_count()} cores usable"
    return f"Python {platform.python_version()}, {platform.machine()}, {usable}; load average {load_average()}"


def growth(model: Path, largest: int, documents: int) -> None:
    """Print what the other scripts of this folder measure: the encoder's share of the peak, and growth."""
    folder = [] if model == MODEL else ["--model", str(model)]
    scripts = (
        ["encoder_peak.py", str(model)],
        ["speed.py", "--growth", "--mode", "rules", "--largest", "10000000"],
        ["speed.py", "--growth", "--mode", "auto", "--largest", str(largest), *folder],
        ["batch.py", "--largest", str(documents)],
    )
    for script, *arguments in scripts:
        print(f"\n{script} {' '.join(arguments)}", flush=True)
        subprocess.run([sys.executable, str(HERE / script), *arguments], check=False)


def main(argv: list[str] | None = None) -> int:
    """Print all measurements."""
    usable = cores()
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=3, help="runs of each system whose median counts")
    parser.add_argument("--threads", type=int, nargs="+", default=sorted({1, min(2, usable)}))
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of the model, with its int8 form")
    parser.add_argument("--torch-python", default=sys.executable, help="interpreter with torch and transformers")
    parser.add_argument("--peer-python", default=sys.executable, help="interpreter with jionlp and recognizers-text")
    parser.add_argument("--largest", type=int, default=1_000_000, help="longest text of mode auto, in bytes")
    parser.add_argument("--documents", type=int, default=1_000, help="most documents of the batch job")
    parser.add_argument("--table-only", action="store_true", help="leave out the encoder's share and growth")
    options = parser.parse_args(argv)
    print(circumstances(), flush=True)
    if usable < 2:
        print("2 threads: left out, because this process may use one core only")
    print(compared(systems(options.threads, options.model, options.torch_python, options.peer_python), options.rounds))
    if not options.table_only:
        growth(options.model, options.largest, options.documents)
    return 0


if __name__ == "__main__":
    sys.exit(main())
