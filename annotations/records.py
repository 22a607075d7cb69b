"""An annotated sentence with all it carries, and the JSON line it is kept as.

:mod:`govie.annotations` reads what scoring and training need; this module keeps everything
(resolved periods, names, the whole source, keys of later rounds), so that a file can be changed
and written back without loss. Links hold positions in :attr:`Record.entities`, which is ordered
by offset; the ids of the JSON form are these positions counted from 1.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from govie.annotations import read_lines
from govie.errors import FormatError
from govie.records import RELATION_LABELS, SPAN_LABELS

__all__ = [
    "FACT_KINDS",
    "Entity",
    "Fact",
    "Link",
    "Record",
    "Role",
    "dump_record",
    "load_json",
    "one_line",
    "parse_record",
    "read_records",
    "write_records",
]

FACT_KINDS = {"VALUE": "value", "CHANGE": "change", "GAP": "gap"}
"""Kind of the fact that each of these relations makes."""

Attributes = dict[str, Any]
_OWN = ("id", "text", "entities", "relations", "facts", "roles", "source")


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A labelled stretch of the sentence, half-open code-point offsets."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A typed relation between two entities, by position."""

    head: int
    tail: int
    label: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Attributes of one (indicator, quantity) pair: kind, direction, bound, status, and period or name if given."""

    indicator: int
    quantity: int
    attributes: Attributes


@dataclass(frozen=True, slots=True, order=True)
class Role:
    """An agency, by position, that leads or supports."""

    agency: int
    label: str


@dataclass(frozen=True, slots=True)
class Record:
    """One annotated sentence or table row.

    Attributes:
        id: unique in its file.
        text: the sentence.
        entities: ordered by offset.
        links: ordered by head, tail and label.
        facts: ordered by indicator and quantity.
        roles: ordered by agency.
        source: document and offsets, whatever keys it has.
        extra: all other keys of the line: annotator, round and what later rounds add.
    """

    id: str
    text: str
    entities: tuple[Entity, ...] = ()
    links: tuple[Link, ...] = ()
    facts: tuple[Fact, ...] = ()
    roles: tuple[Role, ...] = ()
    source: Attributes = field(default_factory=dict)
    extra: Attributes = field(default_factory=dict)

    @property
    def document(self) -> str:
        """Name of the file the sentence was taken from, empty if none is named."""
        return str(self.source.get("seed") or self.source.get("file") or "")

    def words(self, position: int) -> str:
        """Return the text of an entity."""
        entity = self.entities[position]
        return self.text[entity.start : entity.end]


def parse_record(value: object) -> Record:
    """Build a record from the JSON form.

    Raises:
        FormatError: a key is missing, a value has another type, a label is unknown or a link
            leads to no entity. Offsets and the schema's rules are left to the check.
    """
    line = _mapping(value, "the line")
    text = _get(line, "text", str)
    if not text or not _encodable(text):
        raise FormatError("text is empty" if not text else "text holds half a surrogate pair")
    entities, at = _entities(line)
    record = Record(
        id=_get(line, "id", str),
        text=text,
        entities=entities,
        links=tuple(_link(row, at) for row in _rows(line, "relations")),
        facts=tuple(_fact(row, at) for row in _rows(line, "facts", required=False)),
        roles=tuple(
            Role(_at(row, "agency", at), _get(row, "role", str)) for row in _rows(line, "roles", required=False)
        ),
        source=dict(_mapping(line.get("source"), "source")),
        extra={key: line[key] for key in line if key not in _OWN},
    )
    return _ordered(record)


def _ordered(record: Record) -> Record:
    return replace(
        record,
        links=tuple(sorted(record.links)),
        facts=tuple(sorted(record.facts, key=lambda fact: (fact.indicator, fact.quantity))),
        roles=tuple(sorted(record.roles)),
    )


def dump_record(record: Record) -> dict[str, Any]:
    """Return the JSON form, entities and relations numbered from 1."""
    return {
        "id": record.id,
        "text": record.text,
        "entities": [
            {"id": n, "label": entity.label, "start_offset": entity.start, "end_offset": entity.end}
            for n, entity in enumerate(record.entities, 1)
        ],
        "relations": [
            {"id": n, "from_id": link.head + 1, "to_id": link.tail + 1, "type": link.label}
            for n, link in enumerate(record.links, 1)
        ],
        "facts": [
            {"indicator": fact.indicator + 1, "quantity": fact.quantity + 1, **fact.attributes} for fact in record.facts
        ],
        "roles": [{"agency": role.agency + 1, "role": role.label} for role in record.roles],
        "source": record.source,
        **record.extra,
    }


def read_records(path: Path, parse: Callable[[object], Record] = parse_record) -> list[Record]:
    """Read a JSONL file of annotation.

    Args:
        path: the file.
        parse: what builds a record from one line's JSON.

    Raises:
        ReadError: the file cannot be read.
        FormatError: a line is broken; the message begins ``file:line:``.
    """
    records = []
    for number, line in read_lines(path):
        try:
            records.append(parse(load_json(line)))
        except FormatError as error:
            raise FormatError(error.what, where=f"{path}:{number}") from None
    return records


def load_json(text: str) -> object:
    """Read JSON.

    Raises:
        FormatError: it is none.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: also numbers of too many digits
        raise FormatError(f"not JSON: {error}") from None


def write_records(records: Iterable[Record], path: Path) -> None:
    """Write records as JSONL, Chinese characters left readable."""
    lines = (one_line(dump_record(record)) + "\n" for record in records)
    path.write_bytes("".join(lines).encode())


def one_line(value: object, separators: tuple[str, str] = (", ", ": ")) -> str:
    """Return JSON that no reader breaks into lines: U+0085, U+2028 and U+2029 are escaped as well."""
    written = json.dumps(value, ensure_ascii=False, separators=separators)
    return written.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _entities(line: Mapping[str, Any]) -> tuple[tuple[Entity, ...], dict[int, int]]:
    """Return the entities ordered by offset, and the position of each id among them."""
    pairs = sorted((_entity(row), _get(row, "id", int)) for row in _rows(line, "entities"))
    at = {key: position for position, (_, key) in enumerate(pairs)}
    if len(at) < len(pairs):
        raise FormatError("an entity id occurs twice")
    return tuple(entity for entity, _ in pairs), at


def _entity(row: Mapping[str, Any]) -> Entity:
    label = _choice(row, "label", SPAN_LABELS)
    return Entity(_get(row, "start_offset", int), _get(row, "end_offset", int), label)


def _link(row: Mapping[str, Any], at: dict[int, int]) -> Link:
    return Link(_at(row, "from_id", at), _at(row, "to_id", at), _choice(row, "type", RELATION_LABELS))


def _fact(row: Mapping[str, Any], at: dict[int, int]) -> Fact:
    attributes = {key: row[key] for key in row if key not in ("indicator", "quantity")}
    return Fact(_at(row, "indicator", at), _at(row, "quantity", at), attributes)


def _at(row: Mapping[str, Any], key: str, at: dict[int, int]) -> int:
    entity = _get(row, key, int)
    if entity not in at:
        raise FormatError(f"{key} {entity} is no entity of the line")
    return at[entity]


def _rows(line: Mapping[str, Any], key: str, *, required: bool = True) -> list[Mapping[str, Any]]:
    rows = line.get(key, None if required else [])
    if not isinstance(rows, list):
        raise FormatError(f"{key} is not a list")
    return [_mapping(row, f"an item of {key}") for row in rows]


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise FormatError(f"{name} is not an object")
    return value


def _get(row: Mapping[str, Any], key: str, kind: type) -> Any:
    value = row.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise FormatError(f"{key} is not a {'string' if kind is str else 'whole number'}")
    return value


def _choice(row: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = _get(row, key, str)
    if value not in choices:
        raise FormatError(f"{key} {value!r} is not one of {', '.join(choices)}")
    return str(value)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
