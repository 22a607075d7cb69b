"""Label Studio's tasks in JSON, and the labelling interface they need.

Beside OUT.json stands OUT.xml, the interface to paste into the project's settings. Spans are
regions, relations are relations; direction, bound, status, period and name of a fact are asked for
at its QUANTITY (where that belongs to one fact only), the role at an AGENCY.

Offsets: Label Studio's editor stores code points, not the UTF-16 units of JavaScript (since pull
request 308 of HumanSignal/label-studio-frontend, "text with emoji breaks region offsets"; see
``findRange`` in ``web/libs/editor/src/utils/html.js``), so they are ours unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from annotations.formats.meta import bare, join, pack, single_facts
from annotations.records import Entity, Link, Record, Role, load_json, one_line
from govie.errors import FormatError, ReadError

__all__ = ["INTERFACE", "read", "tasks", "write", "write_predictions"]

INTERFACE = files(__package__).joinpath("labelstudio.xml").read_text("utf-8")
"""The labelling interface."""

_CHOICES = ("direction", "bound", "status")
_TEXTS = ("period", "name")


def write(records: Sequence[Record], path: Path) -> None:
    """Write tasks whose annotations are the records, and the interface beside them."""
    _write(tasks(records, "annotations"), path)


def write_predictions(records: Sequence[Record], path: Path) -> None:
    """Write tasks that show the records as predictions, for somebody to correct."""
    _write(tasks(records, "predictions"), path)


def _write(content: list[dict[str, Any]], path: Path) -> None:
    # One task a line, so that a change shows as one line.
    path.write_bytes(("[\n" + ",\n".join(map(one_line, content)) + "\n]\n").encode())
    path.with_suffix(".xml").write_bytes(INTERFACE.encode())


def tasks(records: Iterable[Record], kind: str) -> list[dict[str, Any]]:
    """Return tasks for Label Studio's import.

    Args:
        records: the annotation.
        kind: ``"annotations"`` or ``"predictions"``.
    """
    return [
        {
            "data": {"text": record.text, "meta": one_line(pack(record))},
            kind: [{"result": _results(record), **({"model_version": "govie"} if kind == "predictions" else {})}],
        }
        for record in records
    ]


def _results(record: Record) -> list[dict[str, Any]]:
    facts = single_facts(record)
    roles = {role.agency: role.label for role in record.roles}
    found: list[dict[str, Any]] = []
    for at, entity in enumerate(record.entities):
        place = {"start": entity.start, "end": entity.end, "text": record.words(at)}
        found.append(_result(at, "label", "labels", {**place, "labels": [entity.label]}))
        given = facts[at].attributes if at in facts else {}
        found += (
            _result(at, name, "choices", {**place, "choices": [given[name]]}) for name in _CHOICES if given.get(name)
        )
        found += (_result(at, name, "textarea", {**place, "text": [given[name]]}) for name in _TEXTS if given.get(name))
        if at in roles:
            found.append(_result(at, "role", "choices", {**place, "choices": [roles[at]]}))
    return found + [
        {
            "type": "relation",
            "from_id": _id(link.head),
            "to_id": _id(link.tail),
            "direction": "right",
            "labels": [link.label],
        }
        for link in record.links
    ]


def _result(at: int, name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": _id(at), "from_name": name, "to_name": "text", "type": kind, "value": value}


def _id(at: int) -> str:
    return f"span{at + 1}"


def read(path: Path) -> list[Record]:
    """Read tasks, as written here or exported as JSON.

    Of several annotations of a task the last that was not cancelled counts; a task without any
    gives its first prediction.

    Raises:
        ReadError: the file cannot be read.
        FormatError: it is no list of tasks, or a task has lost its metadata.
    """
    try:
        content = load_json(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ReadError(error.strerror or "cannot be read", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise FormatError(f"byte {error.start} is not UTF-8", where=str(path)) from None
    if not isinstance(content, list):
        raise FormatError("not a list of tasks", where=str(path))
    return [_task(task, f"{path}: task {number}") for number, task in enumerate(content, 1)]


def _task(task: Mapping[str, Any], where: str) -> Record:
    try:
        done = [each for each in task.get("annotations", ()) if not each.get("was_cancelled")]
        result = (done[-1:] or task.get("predictions") or [{"result": []}])[0]["result"]
        return _record(task["data"]["text"], json.loads(task["data"]["meta"]), result)
    except FormatError as error:
        raise FormatError(error.what, where=where) from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise FormatError(f"no task of ours ({type(error).__name__}: {error})", where=where) from None


def _record(text: str, meta: dict[str, Any], result: Iterable[Mapping[str, Any]]) -> Record:
    at: dict[str, int] = {}
    entities: list[Entity] = []
    given: dict[str, dict[str, str]] = {}
    pairs = []
    for each in result:
        if each["type"] == "labels":
            at[each["id"]] = len(entities)
            value = each["value"]
            entities.append(Entity(value["start"], value["end"], value["labels"][0]))
        elif each["type"] == "relation":
            pairs += [(each["from_id"], label, each["to_id"]) for label in each["labels"]]
        else:
            given.setdefault(each["id"], {})[each["from_name"]] = _only(each["value"], each["type"])
    record, moved = bare(text, entities, (Link(at[head], at[tail], label) for head, label, tail in pairs))
    names = {moved[place]: given.get(key, {}) for key, place in at.items()}
    edited = {place: each for place, each in names.items() if record.entities[place].label == "QUANTITY"}
    roles = (Role(place, each["role"]) for place, each in sorted(names.items()) if "role" in each)
    return replace(join(record, {**meta, "roles": []}, edited), roles=tuple(roles))


def _only(value: Mapping[str, Any], kind: str) -> str:
    text = value["choices"][0] if kind == "choices" else value["text"]
    return str(text[0] if isinstance(text, list) else text)
