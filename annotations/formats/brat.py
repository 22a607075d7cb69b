"""brat standoff: a folder with ``.txt`` and ``.ann`` for each document, and ``annotation.conf``.

Each sentence is a SENTENCE span whose note holds its metadata; direction, bound and status of a
fact are attributes of its QUANTITY, a role is one of its AGENCY. Offsets count code points. A span
over a line break is written in pieces, as brat wants it. Source of the form: "brat standoff
format", brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any

from annotations.formats.meta import bare, join, pack, single_facts
from annotations.records import Entity, Link, Record, Role, load_json, one_line
from govie.errors import FormatError, ReadError

__all__ = ["read", "write"]

_OFFERED = ("direction", "bound", "status")
_SPAN = re.compile(r"(T\d+)\t(\w+) (\d+)(?:[ ;\d]* |[ ])(\d+)(?:\t|$)")
_RELATION = re.compile(r"R\d+\t(\w+) Arg1:(T\d+) Arg2:(T\d+)\s*")
_ATTRIBUTE = re.compile(r"[AM]\d+\t(\w+) (T\d+) (\w+)\s*")
_NOTE = re.compile(r"#\d+\tAnnotatorNotes (T\d+)\t(.*)")


def write(records: Sequence[Record], path: Path) -> None:
    """Write a folder to put into brat's data directory."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "annotation.conf").write_text(files(__package__).joinpath("brat.conf").read_text("utf-8"), "utf-8")
    documents: dict[str, list[tuple[int, Record]]] = {}
    for number, record in enumerate(records):
        documents.setdefault(_stem(record.document), []).append((number, record))
    for stem, numbered in documents.items():
        (path / f"{stem}.txt").write_bytes("\n".join(record.text for _, record in numbered).encode())
        (path / f"{stem}.ann").write_bytes("".join(line + "\n" for line in _Writer().lines(numbered)).encode())


def _stem(document: str) -> str:
    return re.sub(r"[^\w.-]", "_", document.removesuffix(".txt")) or "sentences"


class _Writer:
    """Numbers the lines of one ``.ann`` file."""

    def __init__(self) -> None:
        self._next = {kind: count(1) for kind in "TRA#"}

    def lines(self, numbered: Sequence[tuple[int, Record]]) -> Iterator[str]:
        start = 0
        for number, record in numbered:
            yield from self._sentence(number, record, start)
            start += len(record.text) + 1

    def _sentence(self, number: int, record: Record, start: int) -> Iterator[str]:
        key, line = self._span("SENTENCE", 0, len(record.text), record.text, start)
        yield line
        meta = {"number": number, "at": [start, start + len(record.text)], **pack(record)}
        yield f"{self._id('#')}\tAnnotatorNotes {key}\t{one_line(meta)}"
        keys = []
        for entity in record.entities:
            key, line = self._span(entity.label, entity.start, entity.end, record.text, start)
            keys.append(key)
            yield line
        for name, at, value in _attributes(record):
            yield f"{self._id('A')}\t{name} {keys[at]} {value}"
        for link in record.links:
            yield f"{self._id('R')}\t{link.label.lower()} Arg1:{keys[link.head]} Arg2:{keys[link.tail]}"

    def _span(self, label: str, start: int, end: int, text: str, shift: int) -> tuple[str, str]:
        key = self._id("T")
        pieces = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\n]+", text[start:end])]
        places = ";".join(f"{a + shift} {b + shift}" for a, b in pieces or [(start, end)])
        words = " ".join(re.sub(r"\s", " ", text[a:b]) for a, b in pieces)
        return key, f"{key}\t{label} {places}\t{words}"

    def _id(self, kind: str) -> str:
        return f"{kind}{next(self._next[kind])}"


def _attributes(record: Record) -> Iterator[tuple[str, int, str]]:
    for at, fact in single_facts(record).items():
        for name in _OFFERED:
            if fact.attributes.get(name):
                yield name, at, fact.attributes[name]
    for role in record.roles:
        yield "role", role.agency, role.label


@dataclass(slots=True)
class _File:
    """What one ``.ann`` file says, by the ids in it."""

    spans: dict[str, Entity] = field(default_factory=dict)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def read(path: Path) -> list[Record]:
    """Read a folder of documents, as written here and changed in brat.

    Raises:
        ReadError: a file is missing or cannot be read.
        FormatError: a line is broken, a sentence has lost its note, or something annotated
            does not lie within one sentence.
    """
    found: list[tuple[int, Record]] = []
    for ann in sorted(path.glob("*.ann")):
        try:
            text = ann.with_suffix(".txt").read_bytes().decode()
            content = ann.read_bytes().decode()
        except OSError as error:
            raise ReadError(error.strerror or "cannot be read", where=str(ann)) from None
        except UnicodeDecodeError as error:
            raise FormatError(f"byte {error.start} is not UTF-8", where=str(ann)) from None
        try:
            found += _sentences(text, _parse(content))
        except FormatError as error:
            raise FormatError(error.what, where=error.where or str(ann)) from None
    if not found:
        raise ReadError("holds no .ann files", where=str(path))
    return [record for _, record in sorted(found, key=lambda pair: pair[0])]


def _parse(content: str) -> _File:
    file = _File()
    for number, line in enumerate(content.split("\n"), 1):
        if m := _SPAN.match(line):
            file.spans[m[1]] = Entity(int(m[3]), int(m[4]), m[2])
        elif m := _RELATION.fullmatch(line):
            file.relations.append((m[2], m[1].upper(), m[3]))
        elif m := _ATTRIBUTE.fullmatch(line):
            file.attributes.setdefault(m[2], {})[m[1]] = m[3]
        elif m := _NOTE.fullmatch(line):
            file.notes[m[1]] = m[2]
        elif line.strip():
            raise FormatError(f"line {number} is no span, relation, attribute or note")
    return file


def _sentences(text: str, file: _File) -> list[tuple[int, Record]]:
    metas = [_meta(file, key) for key, span in file.spans.items() if span.label == "SENTENCE"]
    metas.sort(key=lambda meta: meta["at"])
    starts = [meta["at"][0] for meta in metas]
    home = {key: bisect_right(starts, span.start) - 1 for key, span in file.spans.items() if span.label != "SENTENCE"}
    for key, at in home.items():
        if at < 0 or file.spans[key].end > metas[at]["at"][1]:
            raise FormatError(f"{key} does not lie within one sentence")
    return [
        (meta["number"], _record(text, meta, file, [k for k, at in home.items() if at == n]))
        for n, meta in enumerate(metas)
    ]


def _meta(file: _File, key: str) -> dict[str, Any]:
    meta = load_json(file.notes.get(key, ""))
    if not isinstance(meta, dict) or not {"at", "number"} <= meta.keys():
        raise FormatError(f"the note of sentence {key} is missing or damaged")
    return meta


def _record(text: str, meta: dict[str, Any], file: _File, keys: list[str]) -> Record:
    start, end = meta["at"]
    at = {key: position for position, key in enumerate(keys)}
    entities = [
        replace(file.spans[key], start=file.spans[key].start - start, end=file.spans[key].end - start) for key in keys
    ]
    links = []
    for head, label, tail in file.relations:
        if (head in at) != (tail in at):
            raise FormatError(f"the relation {label} from {head} to {tail} joins two sentences")
        if head in at:
            links.append(Link(at[head], at[tail], label))
    record, moved = bare(text[start:end], entities, links)
    names = {moved[place]: file.attributes.get(key, {}) for key, place in at.items()}
    edited = {place: each for place, each in names.items() if record.entities[place].label == "QUANTITY"}
    roles = (Role(place, each["role"]) for place, each in sorted(names.items()) if "role" in each)
    return replace(join(record, {**meta, "roles": []}, edited, _OFFERED), roles=tuple(roles))
