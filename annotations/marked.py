"""Annotation as marked-up text: what a person types, and its conversion to annotation records.

One block a sentence, blocks separated by an empty line::

    @ shenhe-2021/0042 812 842
    预计{I1|地区生产总值}完成{Q1|990}{U1|亿元},同比增长{Q2|0.2}{U2|%}。
    I1 VALUE Q1 exact estimate 2020
    I1 CHANGE Q2 increase exact estimate 2020
    A1 ACTION I1
    Q1 PERIOD P1
    G1 lead

The first line holds the sentence's id and its offsets in the source. Keys begin with the
label's letter: I INDICATOR, A ACTION, Q QUANTITY, U UNIT, P PERIOD, G AGENCY. A unit belongs
to the quantity of the same number and needs no line. A line of VALUE, CHANGE or GAP is
followed by the fact's attributes in any order: direction (change and gap only), bound,
status, and the resolved period or ``-`` where it is not known. A line break inside a sentence
is written ``⏎``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from govie.errors import GovieError
from govie.records import Bound, Direction, Status

__all__ = ["PERIOD", "Block", "MarkupError", "parse_blocks", "to_record", "to_text"]

LABELS = {"I": "INDICATOR", "A": "ACTION", "Q": "QUANTITY", "U": "UNIT", "P": "PERIOD", "G": "AGENCY"}
_HEADS = {
    "VALUE": "IQ",
    "CHANGE": "IQ",
    "GAP": "IQ",
    "ACTION": "AI",
    "PERIOD": "QP",
    "BASE": "QP",
    "LEAD": "IG",
    "SUPPORT": "IG",
}
_FACTS = {"VALUE": "value", "CHANGE": "change", "GAP": "gap"}
_MARK = re.compile(r"\{([IAQUPG]\d+)\|([^{}|]+)\}")
PERIOD = re.compile(r"\d{4}(?:-\d\d){0,2}(?:/\d{4}(?:-\d\d){0,2})?")
"""A resolved period: a year, month or day, or two of them joined by a stroke."""
_BREAK = "⏎"


class MarkupError(GovieError):
    """A block of marked-up text breaks the rules of the form."""


@dataclass(frozen=True, slots=True)
class Block:
    """One sentence as typed.

    Attributes:
        line: number of its first line in the file, from 1.
        id: the sentence's id.
        start, end: its offsets in the source.
        marked: the sentence with its marks.
        statements: the lines below it.
    """

    line: int
    id: str
    start: int
    end: int
    marked: str
    statements: tuple[str, ...]


def parse_blocks(text: str) -> Iterator[Block]:
    """Divide a marked-up file into blocks.

    Raises:
        MarkupError: a block has no head line or no sentence.
    """
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        if not lines[at].strip() or lines[at].startswith("#"):
            at += 1
            continue
        first = at
        while at < len(lines) and lines[at].strip():
            at += 1
        yield _block(first + 1, [line for line in lines[first:at] if not line.startswith("#")])


def _block(line: int, lines: list[str]) -> Block:
    head = re.fullmatch(r"@ (\S+) (\d+) (\d+)", lines[0].strip())
    if head is None or len(lines) < 2:
        raise MarkupError("a block needs '@ id start end' and a sentence", where=f"line {line}")
    statements = tuple(statement.strip() for statement in lines[2:])
    return Block(line, head[1], int(head[2]), int(head[3]), lines[1], statements)


def to_text(marked: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return the sentence without its marks, and where each key's words stand in it."""
    places: dict[str, tuple[int, int]] = {}
    text = ""
    at = 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        if mark[1] in places:
            raise MarkupError(f"{mark[1]} is marked twice")
        places[mark[1]] = (len(text), len(text) + len(mark[2]))
        text += mark[2]
        at = mark.end()
    text += marked[at:]
    if "{" in text or "}" in text or "|" in marked[at:]:
        raise MarkupError(f"a mark is not closed or badly formed in {marked!r}")
    return text.replace(_BREAK, "\n"), places


def to_record(block: Block, source: str, *, seed: str, annotator: str, round_: int) -> dict[str, Any]:
    """Convert a block to an annotation record.

    Args:
        block: the block.
        source: the whole source text; the sentence must stand at the block's offsets.
        seed: file name of the source.
        annotator: who decided.
        round_: pass number.

    Raises:
        MarkupError: the sentence differs from the source, a key is unknown or unused, a
            statement is malformed, or a label lacks the partner it needs.
    """
    try:
        return _record(block, source, seed, annotator, round_)
    except MarkupError as error:
        raise MarkupError(error.what, where=f"line {block.line}, {block.id}") from None


def _record(block: Block, source: str, seed: str, annotator: str, round_: int) -> dict[str, Any]:
    text, places = to_text(block.marked)
    if text != source[block.start : block.end]:
        raise MarkupError(f"the sentence is not the source's {source[block.start : block.end]!r}")
    keys = sorted(places, key=lambda key: places[key])
    ids = {key: position for position, key in enumerate(keys, 1)}
    links: list[tuple[str, str, str]] = []
    facts: list[dict[str, Any]] = []
    roles: list[dict[str, Any]] = []
    for key in keys:
        if key[0] == "U":
            links.append((_known("Q" + key[1:], ids), key, "UNIT"))
    for statement in block.statements:
        _read(statement, ids, links, facts, roles)
    _check_partners(keys, links)
    return {
        "id": block.id,
        "text": text,
        "entities": [
            {"id": ids[k], "label": LABELS[k[0]], "start_offset": places[k][0], "end_offset": places[k][1]}
            for k in keys
        ],
        "relations": [
            {"id": n, "from_id": ids[head], "to_id": ids[tail], "type": kind}
            for n, (head, tail, kind) in enumerate(links, 1)
        ],
        "facts": facts,
        "roles": roles,
        "source": {"seed": seed, "start": block.start, "end": block.end},
        "annotator": annotator,
        "round": round_,
    }


def _known(key: str, ids: dict[str, int]) -> str:
    if key not in ids:
        raise MarkupError(f"{key} is not marked in the sentence")
    return key


def _read(
    statement: str,
    ids: dict[str, int],
    links: list[tuple[str, str, str]],
    facts: list[dict[str, Any]],
    roles: list[dict[str, Any]],
) -> None:
    words = statement.split()
    if len(words) == 2 and words[0][0] == "G" and words[1] in ("lead", "support"):
        roles.append({"agency": ids[_known(words[0], ids)], "role": words[1]})
        return
    if len(words) < 3 or words[1] not in _HEADS:
        raise MarkupError(f"cannot read the statement {statement!r}")
    head, kind, tail = words[:3]
    if head[0] + tail[0] != _HEADS[kind]:
        raise MarkupError(f"{kind} does not lead from {head} to {tail}")
    links.append((_known(head, ids), _known(tail, ids), kind))
    if kind in _FACTS:
        facts.append(
            {"indicator": ids[head], "quantity": ids[tail], "kind": _FACTS[kind], **_attributes(words[3:], kind)}
        )
    elif len(words) > 3:
        raise MarkupError(f"{kind} takes no attributes: {statement!r}")


def _attributes(words: list[str], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {"direction": None}
    for word in words:
        name = next((n for n, choices in _CHOICES.items() if word in choices), None)
        if name is None and (word == "-" or PERIOD.fullmatch(word)):
            name = "period"
        if name is None:
            raise MarkupError(f"{word!r} is no direction, bound, status or period")
        found[name] = None if word == "-" else word
    missing = {"bound", "status", "period"} - found.keys()
    if missing or (found["direction"] is None) != (kind == "VALUE"):
        raise MarkupError(f"{kind} needs {', '.join(sorted(missing)) or 'a direction (and VALUE none)'}")
    return {name: found[name] for name in ("direction", "bound", "status", "period")}


_CHOICES = {"direction": get_args(Direction), "bound": get_args(Bound), "status": get_args(Status)}


def _check_partners(keys: list[str], links: list[tuple[str, str, str]]) -> None:
    measured = {tail for _, tail, kind in links if kind in _FACTS}
    measuring = {head for head, _, kind in links if kind in _FACTS}
    acting = {head for head, _, kind in links if kind == "ACTION"}
    dating = {tail for _, tail, kind in links if kind in ("PERIOD", "BASE")}
    needs = {"Q": measured, "I": measuring, "A": acting, "P": dating}
    for key in keys:
        if key[0] in needs and key not in needs[key[0]]:
            raise MarkupError(f"{key} has no relation")
