"""What the schema asks of one annotated sentence, each rule a function that yields faults."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha1
from itertools import pairwise
from typing import get_args

from annotations.marked import PERIOD
from annotations.records import FACT_KINDS, Fact, Record
from annotations.texts import Texts
from govie.records import RELATION_ENDS, Bound, Direction, Kind, Status
from govie.tags import RoleLabel

__all__ = ["Fault", "faults", "source_faults"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule: its kind, for counting, and what is wrong, for people."""

    kind: str
    reason: str


Rule = Callable[[Record], Iterator[Fault]]

_CHOICES: dict[str, tuple[str | None, ...]] = {
    "kind": get_args(Kind),
    "direction": (None, *get_args(Direction)),
    "bound": get_args(Bound),
    "status": get_args(Status),
}
_KNOWN = {*_CHOICES, "period", "name"}
# What each label needs: it must stand at this end of one of these relations.
_PARTNERS = {
    "QUANTITY": ("tail", {"VALUE", "CHANGE", "GAP"}, "no INDICATOR"),
    "INDICATOR": ("head", {"VALUE", "CHANGE", "GAP"}, "no QUANTITY"),
    "UNIT": ("tail", {"UNIT"}, "no QUANTITY"),
    "PERIOD": ("tail", {"PERIOD", "BASE"}, "no QUANTITY"),
    "ACTION": ("head", {"ACTION"}, "no INDICATOR"),
}


def faults(record: Record) -> Iterator[Fault]:
    """Yield every fault of a sentence; what follows from a broken offset is not repeated."""
    broken = list(_offsets(record))
    yield from broken
    if not broken:
        for rule in _RULES:
            yield from rule(record)


def source_faults(record: Record, texts: Texts) -> Iterator[Fault]:
    """Yield faults of the place a sentence was taken from; documents that are not at hand cannot be compared."""
    start, end, given = (record.source.get(key) for key in ("start", "end", "sha1"))
    if not record.document or not isinstance(start, int) or not isinstance(end, int):
        yield Fault("source", "source names no file, start or end")
        return
    if end - start != len(record.text):
        yield Fault("source", f"source spans {end - start} characters, the text has {len(record.text)}")
    if given is not None and given != sha1(record.text.encode()).hexdigest():
        yield Fault("source", "the text has another sha1 than its source")
    document = texts.get(record.document)
    if document is None and "seed" in record.source:
        yield Fault("source", f"there is no seed {record.document}")
    elif document is not None and document[start:end] != record.text:
        yield Fault("source", f"{record.document} has other words at {start}")


def _offsets(record: Record) -> Iterator[Fault]:
    size = len(record.text)
    for entity in record.entities:
        if not 0 <= entity.start < entity.end <= size:
            yield Fault(
                "offset", f"{entity.label} [{entity.start}, {entity.end}) does not lie in a text of {size} characters"
            )


def _overlaps(record: Record) -> Iterator[Fault]:
    for (at, before), (_, after) in pairwise(enumerate(record.entities)):
        if before.end > after.start:
            yield Fault("overlap", f"{_named(record, at)} and {_named(record, at + 1)} overlap")


def _spaces(record: Record) -> Iterator[Fault]:
    for at in range(len(record.entities)):
        words = record.words(at)
        if words != words.strip():
            yield Fault("space", f"{_named(record, at)} begins or ends with a space")


def _ends(record: Record) -> Iterator[Fault]:
    for link in record.links:
        joined = record.entities[link.head].label, record.entities[link.tail].label
        if joined != RELATION_ENDS[link.label]:  # type: ignore[index]
            yield Fault("ends", f"{link.label} joins {' to '.join(joined)}")
    for link, times in Counter(record.links).items():
        if times > 1:
            yield Fault("ends", f"{link.label} from {_named(record, link.head)} is given {times} times")


def _orphans(record: Record) -> Iterator[Fault]:
    held = {(end, link.label, getattr(link, end)) for link in record.links for end in ("head", "tail")}
    for at, entity in enumerate(record.entities):
        if entity.label in _PARTNERS:
            end, labels, reason = _PARTNERS[entity.label]
            if not any((end, label, at) in held for label in labels):
                yield Fault("orphan", f"{_named(record, at)} has {reason}")


def _units(record: Record) -> Iterator[Fault]:
    links = [link for link in record.links if link.label == "UNIT"]
    for end in ("head", "tail"):
        for at, times in Counter(getattr(link, end) for link in links).items():
            if times > 1:
                yield Fault("unit", f"{_named(record, at)} has {times} UNIT relations")


def _facts(record: Record) -> Iterator[Fault]:
    linked = Counter((link.head, link.tail) for link in record.links if link.label in FACT_KINDS)
    stated = Counter((fact.indicator, fact.quantity) for fact in record.facts)
    for pair in sorted(linked.keys() | stated.keys()):
        if (linked[pair], stated[pair]) != (1, 1):
            both = " and ".join(_named(record, at) for at in pair)
            yield Fault("fact", f"{both} have {linked[pair]} relations and {stated[pair]} facts")
    kinds = {(link.head, link.tail): FACT_KINDS[link.label] for link in record.links if link.label in FACT_KINDS}
    for fact in record.facts:
        kind = kinds.get((fact.indicator, fact.quantity))
        if kind and kind != fact.attributes.get("kind"):
            yield Fault("fact", f"{_pair(record, fact)}: the relation says {kind}, kind does not")


def _attributes(record: Record) -> Iterator[Fault]:
    for fact in record.facts:
        for reason in _attribute_reasons(fact):
            yield Fault("attribute", f"{_pair(record, fact)}: {reason}")


def _attribute_reasons(fact: Fact) -> Iterator[str]:
    given = fact.attributes
    for name, choices in _CHOICES.items():
        if name not in given or not (given[name] is None or isinstance(given[name], str)) or given[name] not in choices:
            yield f"{name} is {given.get(name, 'missing')!r}"
    if (given.get("kind") == "value") != (given.get("direction") is None):
        yield "a value has no direction, a change or gap has one"
    period, written = given.get("period"), given.get("name")
    if period is not None and not (isinstance(period, str) and _is_period(period)):
        yield f"period is {period!r}"
    if written is not None and not (isinstance(written, str) and written.strip()):
        yield f"name is {written!r}"
    if unknown := given.keys() - _KNOWN:
        yield f"{', '.join(sorted(unknown))} is no attribute"


def _is_period(written: str) -> bool:
    """Tell whether the form is right, months and days exist, and the end does not come before the start."""
    if not PERIOD.fullmatch(written):
        return False
    ends = [tuple(map(int, end.split("-"))) for end in written.split("/")]
    return all(_is_day(*end) for end in ends) and ends == sorted(ends)


def _is_day(year: int, month: int = 1, day: int = 1) -> bool:
    return year > 0 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _roles(record: Record) -> Iterator[Fault]:
    stated: dict[int, str] = {}
    for role in record.roles:
        if record.entities[role.agency].label != "AGENCY":
            yield Fault("role", f"{_named(record, role.agency)} has a role")
        if role.label not in get_args(RoleLabel):
            yield Fault("role", f"role is {role.label!r}")
        if role.agency in stated:
            yield Fault("role", f"{_named(record, role.agency)} has two roles")
        stated[role.agency] = role.label
    for link in record.links:
        if link.label in {"LEAD", "SUPPORT"} and stated.get(link.tail, link.label.lower()) != link.label.lower():
            yield Fault("role", f"{_named(record, link.tail)} is linked as {link.label}, its role is another")


def _named(record: Record, at: int) -> str:
    words = re.sub(r"\s", " ", record.words(at))
    return f"{record.entities[at].label} {words}"


def _pair(record: Record, fact: Fact) -> str:
    return f"{record.words(fact.indicator)} and {record.words(fact.quantity)}"


_RULES: tuple[Rule, ...] = (_overlaps, _spaces, _ends, _orphans, _units, _facts, _attributes, _roles)
