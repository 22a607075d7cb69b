"""Find every fault in annotation files: which file, which line, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from annotations.records import Record, load_json, parse_record
from annotations.rules import Fault, faults, source_faults
from annotations.standoff import StandoffReader
from annotations.texts import Texts
from govie.annotations import read_lines
from govie.errors import FormatError

__all__ = ["Checked", "Finding", "check_file"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault and its place; ``str()`` gives ``file:line: reason``."""

    file: str
    line: int
    id: str
    fault: Fault

    def __str__(self) -> str:
        """Return the line to print."""
        return f"{self.file}:{self.line}: {self.id + ': ' if self.id else ''}{self.fault.reason}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one file.

    Attributes:
        sentences: how many lines hold a sentence.
        compared: how many of them were compared with their document.
        findings: ordered by line.
    """

    sentences: int
    compared: int
    findings: tuple[Finding, ...]


def check_file(path: Path, texts: Texts) -> Checked:
    """Check a file of annotation, with its texts or standoff.

    Args:
        path: JSONL in the form of :mod:`annotations.records` or :mod:`annotations.standoff`.
        texts: the documents at hand.

    Raises:
        ReadError: the file cannot be read or is not UTF-8.
    """
    numbered: list[tuple[int, Record]] = []
    findings: list[Finding] = []
    compared = 0
    reader = StandoffReader(texts)
    for number, line in read_lines(path):
        try:
            record, here = _record(line, reader)
        except FormatError as error:
            findings.append(Finding(str(path), number, "", Fault("form", error.what)))
            continue
        if record is None:
            continue
        numbered.append((number, record))
        compared += here and texts.get(record.document) is not None
        found = [*faults(record), *(source_faults(record, texts) if here else ())]
        findings += (Finding(str(path), number, record.id, fault) for fault in found)
    findings += (Finding(str(path), *each) for each in _across(numbered))
    return Checked(len(numbered), compared, tuple(sorted(findings, key=lambda finding: finding.line)))


def _record(line: str, reader: StandoffReader) -> tuple[Record | None, bool]:
    """Return the line's record, None for a document line, and whether its text is at hand."""
    value = load_json(line)
    if isinstance(value, dict) and "text" in value:
        return parse_record(value), True
    return reader.read(value)


def _across(numbered: list[tuple[int, Record]]) -> Iterator[tuple[int, str, Fault]]:
    """Yield faults between sentences: an id given twice, a stretch of a document annotated twice."""
    seen: dict[str, int] = {}
    for number, record in numbered:
        if record.id in seen:
            yield number, record.id, Fault("id", f"the id occurs in line {seen[record.id]} too")
        seen.setdefault(record.id, number)
    placed = sorted((_place(record), number, record.id) for number, record in numbered if _place(record)[0])
    for ((before, _, end), _, other), ((after, start, _), number, key) in pairwise(placed):
        if before == after and start < end:
            yield number, key, Fault("source", f"it overlaps {other} in {after}")


def _place(record: Record) -> tuple[str, int, int]:
    start, end = record.source.get("start"), record.source.get("end")
    valid = isinstance(start, int) and isinstance(end, int)
    return (record.document, int(start), int(end)) if valid else ("", 0, 0)  # type: ignore[arg-type]
