"""What a cluster does with millions of reports, reckoned from what one core of this machine does with a few.

    python benchmarks/cluster.py [--mode rules] [--machines 20] [--cores 32] [--documents 3000000] [--price 0.05]

Measures, in processor time: extraction from one report in a worker, the job's own work on it (hashing, the index,
gathering rows, writing parts), sending it by Ray and back, and what it costs to pass it over when a job is resumed.
Prints these and the bill for the cluster. --price is an assumption: of one core for an hour, in any currency.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from manydocs import write_documents

from govie.batch import BatchOptions, job, run_batch
from govie.batch.items import Item
from govie.batch.process import Outcome, process
from govie.batch.sources import Inputs
from govie.config import MODES
from govie.pipeline import load

CHARACTERS = 17_000  # a work report
LONGEST = 5_000_000
_GB = 1e9


@dataclass(frozen=True)
class Costs:
    """What one document costs.

    Attributes:
        worker: processor seconds in a worker.
        job: processor seconds in the job's process, without Ray.
        ray: processor seconds in the job's process to send it and take its rows; None where Ray is not installed.
        resume: processor seconds in the job's process to pass it over in a later run.
        read: bytes of its text.
        written: bytes of its rows in Parquet.
        facts: how many.
    """

    worker: float
    job: float
    ray: float | None
    resume: float
    read: float
    written: float
    facts: float


class Prepared:
    """An engine that has the outcomes already: what is left is the job's own work."""

    outcomes: dict[str, Outcome]

    def __init__(self, *_: object) -> None:
        pass

    def run(self, items: Iterator[Item]) -> Iterator[Outcome]:
        """Yield what was prepared for each item."""
        for item in items:
            yield self.outcomes[item.path]


def measure(mode: Any, count: int) -> Costs:
    """Measure with so many documents."""
    with tempfile.TemporaryDirectory() as base:
        folder, few, out = Path(base, "documents"), Path(base, "few"), Path(base, "out")
        write_documents(folder, count, CHARACTERS)
        write_documents(few, count // 4, CHARACTERS)
        items: list[Item] = [item for item in Inputs((str(folder), str(few))).items() if isinstance(item, Item)]
        worker, Prepared.outcomes = _worker(items, mode)
        job.LocalEngine = Prepared  # type: ignore[assignment, misc]
        _job(few, Path(base, "warm"), mode)  # what the first job imports is no cost of a document
        more = count - count // 4
        first, resumed = (_job(folder, out, mode) for _ in range(2))
        small, small_resumed = (_job(few, Path(base, "small"), mode) for _ in range(2))
        written = sum(path.stat().st_size for path in out.rglob("*.parquet"))
        facts = sum(len(Prepared.outcomes[item.path].facts) for item in items) / len(items)
        read = sum(Path(item.path).stat().st_size for item in items) / len(items)
        ray = _ray(items[0], Prepared.outcomes[items[0].path])
        return Costs(
            worker, (first - small) / more, ray, (resumed - small_resumed) / more, read, written / count, facts
        )


def _worker(items: list[Item], mode: Any) -> tuple[float, dict[str, Outcome]]:
    extractor = load(mode=mode, threads=1)
    process(items[0], extractor, LONGEST)
    began = time.process_time()
    outcomes = {item.path: process(item, extractor, LONGEST) for item in items}
    return (time.process_time() - began) / len(items), outcomes


def _job(folder: Path, out: Path, mode: Any) -> float:
    began = time.process_time()
    run_batch(folder, out, BatchOptions(mode=mode, workers=1, form="parquet"))
    return time.process_time() - began


class Echo:
    """An actor that answers at once with the rows it was started with."""

    def __init__(self, rows: dict[str, Any]) -> None:
        self._rows = rows

    def ask(self, _: object) -> dict[str, Any]:
        """Take an item and return rows."""
        return self._rows


def _ray(item: Item, outcome: Outcome, calls: int = 200) -> float | None:
    from govie.batch.ray_engine import _carrying, _connected

    try:
        import ray
    except ImportError:
        return None
    with _connected(None, 1):
        actor = ray.remote(Echo).remote({table.name: getattr(outcome, table.name) for table in fields(outcome)})
        ray.get(actor.ask.remote(None))
        began = time.process_time()
        for _ in range(calls):
            ray.get(actor.ask.remote(_carrying(item).to_json()))
        return (time.process_time() - began) / calls


def tell(costs: Costs, options: argparse.Namespace) -> None:
    """Print what was measured and the bill."""
    cores, documents = options.machines * options.cores, options.documents
    driver = costs.job + (costs.ray or 0.0)
    hours, alone = documents * costs.worker / cores / 3600, documents * driver / 3600
    print(f"mode {options.mode}, documents of about {CHARACTERS:,} characters, {costs.facts:.0f} facts each")
    _line("a worker, for each document", f"{_ms(costs.worker)} = {CHARACTERS / costs.worker:,.0f} characters a second")
    _line("the job, for each document", _ms(costs.job))
    _line("Ray in the job, for each document", "Ray is not installed" if costs.ray is None else _ms(costs.ray))
    _line("a resumed job, for each document done", _ms(costs.resume))
    _line("workers that one job keeps busy", f"{costs.worker / driver:.0f}")
    print(f"\n{documents:,} documents on {options.machines} machines of {options.cores} cores")
    _line("the workers, if they always had work", f"{hours:.1f} h")
    _line("one job, at most so fast", f"{alone:.1f} h")
    _line("jobs that keep all workers busy", f"{math.ceil(alone / hours)}")
    _line("core hours of the workers", f"{hours * cores:.0f}")
    _line(f"cost at {options.price:g} for a core hour", f"{hours * cores * options.price:.0f}")
    _line("read, as text", f"{documents * costs.read / _GB:.0f} GB")
    _line("in a second, if no worker waits", f"{costs.read * cores / costs.worker / 1e6:.1f} MB")
    _line("written", f"{documents * costs.written / _GB:.1f} GB")
    _line("facts", f"{documents * costs.facts / 1e6:.0f} million")
    _line("resuming one job at its very end", f"{documents * costs.resume / 3600:.1f} h")


def _line(what: str, value: str) -> None:
    print(f"{what:40} {value}")


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"


def main(argv: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--mode", choices=MODES, default="rules")
    parser.add_argument("--machines", type=int, default=20)
    parser.add_argument("--cores", type=int, default=32, help="of one machine")
    parser.add_argument("--documents", type=int, default=3_000_000)
    parser.add_argument("--price", type=float, default=0.05, help="of one core for an hour")
    parser.add_argument("--sample", type=int, default=80, help="documents to measure with")
    options = parser.parse_args(argv)
    tell(measure(options.mode, options.sample), options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
