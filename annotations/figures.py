"""The figures in annotations/README.md: counts and agreement, written between markers.

A block stands between ``<!-- figures: NAME -->`` and ``<!-- end -->``; what stands there is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

from annotations.agreement import Agreement, agreement, agreement_table
from annotations.external import FOLDER, province
from annotations.load import load_records
from annotations.records import Record, load_json, read_lines
from annotations.stats import count, stats_table
from govie.errors import FormatError

__all__ = ["FIGURES", "update_readme"]

HERE = Path(__file__).parent
README = HERE / "README.md"
GOLD = HERE / "gold"
PASSES = HERE / "passes"
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
    return stats_table({path.stem.split("_")[0]: count(load_records(path)) for path in files}) if files else _NONE


def external_counts() -> str:
    """Return counts of the external annotation; they need no texts."""
    records = [record for path in sorted(FOLDER.glob("*.jsonl")) for record in load_records(path)]
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
    """Return the agreement of independent passes, all seeds together, for every pair of annotators."""
    passes: dict[str, list[Record]] = {}
    for path in sorted(PASSES.glob("*.jsonl")):
        passes.setdefault(path.stem.rsplit(".", 1)[-1], []).extend(load_records(path))
    tables = []
    for one, other in combinations(sorted(passes), 2):
        if _places(passes[one]) & _places(passes[other]):
            found = agreement(passes[one], passes[other])
            tables.append(f"**{one} and {other}.** {agreement_table(found)}")
    return "\n\n".join(tables) or _NONE


def against_gold() -> str:
    """Return how much of each pass the gold standard keeps."""
    gold = [record for path in sorted(GOLD.glob("*.jsonl")) for record in load_records(path)]
    lines = [
        "| pass | sentences | unchanged | spans, F1 | relations, F1 | facts with all attributes, F1 |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for path in sorted(PASSES.glob("*.jsonl")):
        records = load_records(path)
        if _places(records) & _places(gold):
            lines.append(_kept(path.stem, agreement(records, gold)))
    return "\n".join(lines) if len(lines) > 2 else _NONE


def _kept(name: str, found: Agreement) -> str:
    report = found.report
    rows = (("spans", "micro"), ("relations", "micro"), ("facts", "all attributes"))
    scores = " | ".join(f"{report[group][row].f1:.3f}" for group, row in rows)
    return f"| {name} | {report.sentences} | {found.identical} | {scores} |"


def _places(records: list[Record]) -> set[tuple[str, object, object]]:
    return {(record.document, record.source.get("start"), record.source.get("end")) for record in records}


FIGURES: dict[str, Callable[[], str]] = {
    "gold-counts": gold_counts,
    "between-annotators": between_annotators,
    "against-gold": against_gold,
    "external-counts": external_counts,
    "external-documents": external_documents,
}
"""What each block holds, by name."""
