"""How right the panel is on provincial work reports, against figures a person read in them.

    GOVIE_CORPUS=/folder/of/texts python benchmarks/panel_check.py
    GOVIE_CORPUS=/folder/of/texts python benchmarks/panel_check.py --mode rules --verdicts benchmarks/results/panel.tsv

The figures are in ``panel_gold.tsv``; the texts are not part of the project. Documents that are developed on
and documents set aside (see ``splits.py``) are counted apart. A target is found if year, basis, kind, value,
unit and bound are right (of a target without a number, what it is measured against). A row is wrong if another
number stands in the file in its place, and open if nothing does: the file lists every target of the four
leading indicators, so there an open target is wrong too.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from splits import PARTS, part_of

import govie
from govie.records import decimal_string

GOLD = Path(__file__).with_name("panel_gold.tsv")
LEADING = frozenset({"gdp", "cpi", "urban_surveyed_unemployment_rate", "urban_new_jobs"})
COLUMNS = ("document", "status", "indicator_id", "year", "basis", "kind", "direction")
NUMBER = ("value", "value_max", "unit", "bound")
Row = dict[str, str]


class Verdict(NamedTuple):
    """What became of one row: found, missed, wrong or open."""

    row: Row
    verdict: str


def gold_rows() -> list[Row]:
    """Return the checked figures."""
    lines = [line for line in GOLD.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def panel_rows(folder: Path, files: Sequence[str], mode: str) -> list[Row]:
    """Run the panel over the documents that are there and return its rows as plain strings."""
    extractor = govie.load(mode=mode)  # type: ignore[arg-type]
    documents = [govie.read(folder / name) for name in files]
    table = govie.panel(list(extractor.pipe(documents)), documents=documents, names=files)
    rows = table.rename(columns={"document": "title"}).rename(columns={"path": "document"}).to_dict("records")
    return [{name: plain(row[name]) for name in (*COLUMNS, *NUMBER, "relative")} for row in rows]


def plain(cell: Any) -> str:
    """Write a cell of the panel as the file of figures has it."""
    if isinstance(cell, Decimal):
        return decimal_string(cell)
    return "" if cell is None or str(cell) in {"<NA>", "nan"} else str(cell)


def key(row: Row) -> tuple[str, ...]:
    """Return what a figure is about, its unit's kind included."""
    kind = "share" if row["unit"] in {"%", ""} and row["kind"] == "change" else row["unit"][-1:]
    against = row["relative"] if row["kind"] == "gap" else ""
    return (*(row[name] for name in COLUMNS), kind, against)


def number(row: Row) -> tuple[str, ...]:
    """Return what must be right: the number, or for a target without one what it is measured against."""
    return tuple(row[name] for name in NUMBER) if row["value"] else (row["relative"], row["bound"])


def judge(gold: Sequence[Row], found: Sequence[Row]) -> Iterator[Verdict]:
    """Yield a verdict for each checked figure, and for each row of the panel that is not among them."""
    by_key: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for row in gold:
        by_key.setdefault(key(row), set()).add(number(row))
    told = {(key(row), number(row)) for row in found}
    for row in gold:
        if row["status"] == "target":
            yield Verdict(row, "found" if (key(row), number(row)) in told else "missed")
    for row in found:
        if (key(row), number(row)) in {(k, n) for k, numbers in by_key.items() for n in numbers}:
            continue
        if key(row) in by_key or row["indicator_id"] in LEADING:
            listed = key(row) in by_key or (row["status"] == "target" and bool(row["value"]))
            yield Verdict(row, "wrong" if listed else "open")


def report(verdicts: Iterable[Verdict]) -> None:
    """Print a line for each part and group of indicators."""
    counts: Counter[tuple[str, bool, str]] = Counter()
    for row, verdict in verdicts:
        counts[part_of(row["document"]), row["indicator_id"] in LEADING, verdict] += 1
    print(f"{'part':<6}{'indicators':<12}{'targets':>8}{'found':>7}{'share':>8}{'wrong rows':>12}{'open rows':>11}")
    for part in PARTS:
        for leading, name in ((True, "leading 4"), (False, "others")):
            found, missed = counts[part, leading, "found"], counts[part, leading, "missed"]
            share = f"{found / (found + missed):.1%}" if found + missed else "-"
            wrong, unknown = counts[part, leading, "wrong"], counts[part, leading, "open"]
            print(f"{part:<6}{name:<12}{found + missed:>8}{found:>7}{share:>8}{wrong:>12}{unknown:>11}")


def write_verdicts(verdicts: Sequence[Verdict], path: Path) -> None:
    """Write every verdict with its figure, without any text."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(["part", "verdict", *COLUMNS, *NUMBER, "relative"])
        for row, verdict in sorted(verdicts, key=lambda each: (each.row["document"], each.row["indicator_id"])):
            cells = (row[name] for name in (*COLUMNS, *NUMBER, "relative"))
            writer.writerow([part_of(row["document"]), verdict, *cells])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", default="auto", help="rules, model or auto (default)")
    parser.add_argument("--verdicts", type=Path, help="file for a verdict on each figure")
    options = parser.parse_args(arguments)
    folder = Path(os.environ.get("GOVIE_CORPUS", ""))
    gold = gold_rows()
    there = {name for name in {row["document"] for row in gold} if (folder / name).is_file()}
    if not there or "GOVIE_CORPUS" not in os.environ:
        print("GOVIE_CORPUS names no folder with the reports of panel_gold.tsv", file=sys.stderr)
        return 2
    kept = [row for row in gold if row["document"] in there]
    verdicts = list(judge(kept, panel_rows(folder, sorted(there), options.mode)))
    report(verdicts)
    for row, verdict in verdicts:
        if verdict != "found" and part_of(row["document"]) == "dev":
            print(verdict, row["document"], *(row[name] for name in (*COLUMNS[1:], *NUMBER, "relative")))
    if options.verdicts:
        write_verdicts(verdicts, options.verdicts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
