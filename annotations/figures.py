"""The figures in annotations/README.md: counts and agreement, written between markers.

A block stands between ``<!-- figures: NAME -->`` and ``<!-- end -->``; what stands there is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from annotations.agreement import Agreement, agreement, agreement_table
from annotations.external import FOLDER, province
from annotations.load import load_records
from annotations.records import Record, load_json
from annotations.stats import count, stats_table
from govie.annotations import read_lines
from govie.errors import FormatError

__all__ = ["FIGURES", "update_readme"]

HERE = Path(__file__).parent
README = HERE / "README.md"
GOLD = HERE / "gold"
FIRST, SECOND = HERE / "first_pass", HERE / "second_pass"
_BLOCK = re.compile(r"(<!-- figures: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)
_NONE = "Nothing yet."


def update_readme(path: Path = README) -> None:
    """Replace every block of figures.

    Raises:
        FormatError: a block has an unknown name, or an annotation file is broken.
    """

    def fresh(block: re.Match[str]) -> str:
        if block[2] not in FIGURES:
            raise FormatError(f"there are no figures {block[2]!r}", where=str(path))
        return f"{block[1]}{FIGURES[block[2]]()}\n{block[3]}"

    path.write_text(_BLOCK.sub(fresh, path.read_text("utf-8")), "utf-8")


def gold_counts() -> str:
    """Return counts of the gold standard, a column for each seed."""
    files = sorted(GOLD.glob("*.jsonl"))
    return stats_table({path.stem: count(load_records(path)) for path in files}) if files else _NONE


def external_counts() -> str:
    """Return counts of the external annotation; they need no texts."""
    records = _all(FOLDER)
    return stats_table({"external": count(records)}) if records else _NONE


def external_documents() -> str:
    """Return sentences and documents of each province."""
    lines = ["| region | documents | sentences |", "|---|---:|---:|"]
    for path in sorted(FOLDER.glob("*.jsonl")):
        rows = [load_json(line) for _, line in read_lines(path)]
        documents = sum("document" in row for row in rows if isinstance(row, dict))
        lines.append(f"| {province(path.stem)} | {documents} | {len(rows) - documents} |")
    return "\n".join(lines) if len(lines) > 2 else _NONE


def between_annotators() -> str:
    """Return the agreement of the two independent passes, all seeds together."""
    first, second = _all(FIRST), _all(SECOND)
    return agreement_table(agreement(first, second)) if first and second else _NONE


def against_gold() -> str:
    """Return how much of each pass the gold standard keeps, by seed."""
    lines = [
        "| pass | seed | sentences | unchanged | spans, F1 | relations, F1 | facts with all attributes, F1 |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for folder in (FIRST, SECOND):
        for path in sorted(folder.glob("*.jsonl")):
            name = f"{folder.name.split('_')[0]} | {path.stem}"
            lines.append(_kept(name, agreement(load_records(path), load_records(GOLD / path.name))))
    return "\n".join(lines) if len(lines) > 2 else _NONE


def _all(folder: Path) -> list[Record]:
    return [record for path in sorted(folder.glob("*.jsonl")) for record in load_records(path)]


def _kept(name: str, found: Agreement) -> str:
    report = found.report
    rows = (("spans", "micro"), ("relations", "micro"), ("facts", "all attributes"))
    scores = " | ".join(f"{report[group][row].f1:.3f}" for group, row in rows)
    return f"| {name} | {report.sentences} | {found.identical} | {scores} |"


FIGURES: dict[str, Callable[[], str]] = {
    "gold-counts": gold_counts,
    "between-annotators": between_annotators,
    "against-gold": against_gold,
    "external-counts": external_counts,
    "external-documents": external_documents,
}
"""What each block holds, by name."""
