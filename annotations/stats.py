"""Counts of what is annotated: by label, relation and attribute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from annotations.records import Record
from govie.records import RELATION_LABELS, SPAN_LABELS, Bound, Direction, Kind, Status
from govie.tags import RoleLabel

__all__ = ["count", "stats_table"]

_ROWS: dict[str, tuple[str | None, ...]] = {
    "spans": SPAN_LABELS,
    "relations": RELATION_LABELS,
    "kind": get_args(Kind),
    "direction": (*get_args(Direction), None),
    "bound": get_args(Bound),
    "status": get_args(Status),
    "roles": get_args(RoleLabel),
}
_TOTALS = ("sentences", "with spans", "documents", "characters", "spans", "relations", "facts", "roles")


def count(records: Iterable[Record]) -> Counter[tuple[str, str | None]]:
    """Count by group and row; the group ``""`` holds the totals."""
    found: Counter[tuple[str, str | None]] = Counter()
    documents = set()
    for record in records:
        documents.add(record.document)
        found["", "sentences"] += 1
        found["", "with spans"] += bool(record.entities)
        found["", "characters"] += len(record.text)
        found.update(_keys(record))
    found["", "documents"] = len(documents)
    return found


def _keys(record: Record) -> Iterator[tuple[str, str | None]]:
    for group, things in (("spans", record.entities), ("relations", record.links), ("roles", record.roles)):
        for thing in things:
            yield group, thing.label
            yield "", group
    for fact in record.facts:
        yield "", "facts"
        for name in ("kind", "direction", "bound", "status"):
            yield name, fact.attributes.get(name)


def stats_table(columns: Mapping[str, Counter[tuple[str, str | None]]]) -> str:
    """Return a Markdown table with a column for each set and, if there are several, their sum.

    Args:
        columns: counts of :func:`count` by the set's name.
    """
    counts = dict(columns)
    if len(counts) > 1:
        counts["all"] = sum(columns.values(), Counter())
    lines = [f"| | {' | '.join(counts)} |", "|---|" + "---:|" * len(counts)]
    lines += (_line(row, "", row, counts) for row in _TOTALS)
    for group, rows in _ROWS.items():
        lines.append(f"| **{group}** |" + " |" * len(counts))
        lines += (_line("none" if row is None else row, group, row, counts) for row in rows)
    return "\n".join(lines)


def _line(name: str, group: str, row: str | None, counts: Mapping[str, Counter[tuple[str, str | None]]]) -> str:
    return f"| {name} | {' | '.join(str(each[group, row]) for each in counts.values())} |"
