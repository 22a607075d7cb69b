"""Hand annotation read from JSONL: doccano's relation-extraction form plus fact attributes and roles.

One sentence or table row a line::

    {"id": "…", "text": "…",
     "entities": [{"id": 1, "label": "INDICATOR", "start_offset": 2, "end_offset": 8}, …],
     "relations": [{"id": 1, "from_id": 1, "to_id": 2, "type": "VALUE"}, …],
     "facts": [{"indicator": 1, "quantity": 2,
                "kind": "value", "direction": null, "bound": "exact", "status": "actual"}],
     "roles": [{"agency": 5, "role": "lead"}],
     "source": {"file": "….txt", "start": 812, "end": 842}, "annotator": "a", "round": 1}

``facts`` and ``roles`` may be missing; ``source`` names its file under ``file`` or ``seed``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import cast, get_args

from govie.errors import FormatError, ReadError
from govie.records import (
    RELATION_ENDS,
    RELATION_LABELS,
    SPAN_LABELS,
    Bound,
    Direction,
    Kind,
    RelationLabel,
    SpanLabel,
    Status,
)
from govie.tags import Link, Mention, Reading, Role, RoleLabel, SentenceTags

__all__ = ["AnnotatedSentence", "read_annotations", "read_lines"]

_LINK_OF_KIND: dict[str, RelationLabel] = {kind: cast("RelationLabel", kind.upper()) for kind in get_args(Kind)}
_Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AnnotatedSentence:
    """One annotated sentence.

    Attributes:
        id: the line's id, unique in its file.
        text: the sentence.
        tags: the annotation, mentions ordered by offset, offsets relative to ``text``.
        file: name of the document it was taken from.
        start: offset of the sentence in that document.
        end: offset after it.
        annotator: who annotated it, empty if not stated.
        round: annotation round, 0 if not stated.
    """

    id: str
    text: str
    tags: SentenceTags
    file: str
    start: int
    end: int
    annotator: str = ""
    round: int = 0


class _Problem(Exception):
    """A line breaks the form; the reader adds file and line."""


def read_annotations(path: str | Path) -> list[AnnotatedSentence]:
    """Read every line of an annotation file, in order.

    Args:
        path: a UTF-8 JSONL file; empty lines are skipped.

    Raises:
        ReadError: the file cannot be opened.
        FormatError: a line breaks the form; the message begins ``file:line:``.
    """
    sentences: list[AnnotatedSentence] = []
    seen: set[str] = set()
    for number, line in read_lines(Path(path)):
        try:
            sentence = _sentence(line)
            _require(sentence.id not in seen, f"id {sentence.id!r} occurs twice")
        except _Problem as problem:
            raise FormatError(str(problem), where=f"{path}:{number}") from None
        seen.add(sentence.id)
        sentences.append(sentence)
    return sentences


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a UTF-8 file that hold something, numbered from 1.

    Raises:
        ReadError: the file cannot be read.
        FormatError: it is not UTF-8.
    """
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ReadError(error.strerror or "cannot be read", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise FormatError(f"byte {error.start} is not UTF-8", where=str(path)) from None
    # Not splitlines(): U+2028 and its like may stand unescaped inside a JSON string.
    yield from ((number, line) for number, line in enumerate(content.split("\n"), 1) if line.strip())


def _sentence(line: str) -> AnnotatedSentence:
    record = _parse(line)
    text = _text(record, "text")
    mentions, positions = _mentions(record, text)
    links = _links(record, mentions, positions)
    source = _mapping(record.get("source"), "source")
    return AnnotatedSentence(
        id=_text(record, "id"),
        text=text,
        tags=SentenceTags(mentions, links, _readings(record, links, positions), _roles(record, mentions, positions)),
        file=_text(source, "file" if "file" in source else "seed"),
        start=_number(source, "start"),
        end=_number(source, "end"),
        annotator=_text(record, "annotator") if "annotator" in record else "",
        round=_number(record, "round") if "round" in record else 0,
    )


def _parse(line: str) -> _Record:
    try:
        return _mapping(json.loads(line), "the line")
    except ValueError as error:  # JSONDecodeError, and numbers of too many digits
        raise _Problem(f"not JSON: {error}") from None
    except RecursionError:
        raise _Problem("not an annotation: nested too deeply") from None


def _mentions(record: _Record, text: str) -> tuple[tuple[Mention, ...], dict[int, int]]:
    """Return mentions ordered by offset, and the position of each entity id among them."""
    rows = sorted(((_mention(row, text), _number(row, "id")) for row in _rows(record, "entities")), key=_by_offset)
    for (before, _), (after, _) in pairwise(rows):
        _require(before.end <= after.start, f"entities overlap at {after.start}")
    positions = {entity: position for position, (_, entity) in enumerate(rows)}
    _require(len(positions) == len(rows), "an entity id occurs twice")
    return tuple(mention for mention, _ in rows), positions


def _by_offset(row: tuple[Mention, int]) -> tuple[int, int]:
    return row[0].start, row[0].end


def _mention(row: _Record, text: str) -> Mention:
    start, end = _number(row, "start_offset"), _number(row, "end_offset")
    _require(0 <= start < end <= len(text), f"entity [{start}, {end}) does not lie in a text of {len(text)} characters")
    return Mention(cast("SpanLabel", _choice(row, "label", SPAN_LABELS)), start, end)


def _links(record: _Record, mentions: tuple[Mention, ...], positions: dict[int, int]) -> tuple[Link, ...]:
    links = []
    for row in _rows(record, "relations"):
        label = cast("RelationLabel", _choice(row, "type", RELATION_LABELS))
        head, tail = _position(row, "from_id", positions), _position(row, "to_id", positions)
        ends = (mentions[head].label, mentions[tail].label)
        _require(ends == RELATION_ENDS[label], f"{label} joins {' to '.join(ends)}")
        links.append(Link(head, tail, label))
    return tuple(links)


def _readings(record: _Record, links: tuple[Link, ...], positions: dict[int, int]) -> dict[tuple[int, int], Reading]:
    known = {(link.head, link.tail, link.label) for link in links}
    readings: dict[tuple[int, int], Reading] = {}
    for row in _rows(record, "facts", required=False):
        pair = _position(row, "indicator", positions), _position(row, "quantity", positions)
        label = _LINK_OF_KIND[_choice(row, "kind", get_args(Kind)) or ""]
        _require((*pair, label) in known, f"a fact has no {label} relation between its indicator and quantity")
        _require(pair not in readings, "two facts join the same indicator and quantity")
        readings[pair] = Reading(
            cast("Direction | None", _choice(row, "direction", (None, *get_args(Direction)))),
            cast("Bound", _choice(row, "bound", get_args(Bound))),
            cast("Status", _choice(row, "status", get_args(Status))),
        )
    return readings


def _roles(record: _Record, mentions: tuple[Mention, ...], positions: dict[int, int]) -> tuple[Role, ...]:
    roles = []
    for row in _rows(record, "roles", required=False):
        agency = _position(row, "agency", positions)
        _require(mentions[agency].label == "AGENCY", f"a role is given to an entity labelled {mentions[agency].label}")
        roles.append(Role(agency, cast("RoleLabel", _choice(row, "role", get_args(RoleLabel)))))
    return tuple(roles)


def _position(row: _Record, key: str, positions: dict[int, int]) -> int:
    entity = _number(row, key)
    _require(entity in positions, f"{key} {entity} is no entity of the line")
    return positions[entity]


def _rows(record: _Record, key: str, *, required: bool = True) -> list[_Record]:
    rows = record.get(key) if required else record.get(key, [])
    if not isinstance(rows, list):
        raise _Problem(f"{key} is not a list")
    return [_mapping(row, f"an item of {key}") for row in rows]


def _mapping(value: object, name: str) -> _Record:
    if not isinstance(value, dict):
        raise _Problem(f"{name} is not an object")
    return value


def _text(record: _Record, key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str):
        raise _Problem(f"{key} is not a string")
    return value


def _number(record: _Record, key: str) -> int:
    value = record.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Problem(f"{key} is not a whole number")
    return value


def _choice(record: _Record, key: str, choices: tuple[str | None, ...]) -> str | None:
    value = record.get(key)
    if not (value is None or isinstance(value, str)) or value not in choices:
        raise _Problem(f"{key} {value!r} is not one of {', '.join(str(choice) for choice in choices)}")
    return value


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise _Problem(reason)
