"""Each construction of official prose is tagged and linked as the schema says."""

from __future__ import annotations

import re
import sys

import pytest

from govie.reading.normalise import plain_form
from govie.rules.tagger import tag_sentence
from govie.tags import SentenceTags
from tests.cases import DATA

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LABELS = {"I": "INDICATOR", "Q": "QUANTITY", "U": "UNIT", "A": "ACTION", "P": "PERIOD", "G": "AGENCY"}
MARK = re.compile(r"\{([IQUAPG]\d)\|([^{}]+)\}")


def unmark(marked: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return the text without marks, and where each key's words stand in it."""
    places: dict[str, tuple[int, int]] = {}
    text = ""
    at = 0
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        places[mark[1]] = (len(text), len(text) + len(mark[2]))
        text += mark[2]
        at = mark.end()
    return text + marked[at:], places


def spans(tags: SentenceTags) -> set[tuple[str, int, int]]:
    return {(m.label, m.start, m.end) for m in tags.mentions}


def links(tags: SentenceTags) -> set[tuple[tuple[int, int], str, tuple[int, int]]]:
    place = [(m.start, m.end) for m in tags.mentions]
    return {(place[link.head], link.label, place[link.tail]) for link in tags.links if link.label != "UNIT"}


with (DATA / "rules/constructions.toml").open("rb") as file:
    CASES = tomllib.load(file)["case"]


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{case['construction']}" for i, case in enumerate(CASES)])
def test_construction(case: dict) -> None:
    text, places = unmark(case["text"])
    tags = tag_sentence(plain_form(text))
    assert spans(tags) == {(LABELS[key[0]], *place) for key, place in places.items()}
    expected = {(places[head], label, places[tail]) for head, label, tail in map(str.split, case["links"])}
    assert links(tags) == expected


@pytest.mark.parametrize("case", [c for c in CASES if "names" in c], ids=lambda c: c["construction"])
def test_full_names(case: dict) -> None:
    text, places = unmark(case["text"])
    tags = tag_sentence(plain_form(text))
    quantity = {(m.start, m.end): i for i, m in enumerate(tags.mentions)}
    found = {q: reading.name for (_, q), reading in tags.readings.items()}
    assert {key: found[quantity[places[key]]] for key in case["names"]} == case["names"]


@pytest.mark.parametrize("case", [c for c in CASES if "directions" in c], ids=lambda c: c["construction"])
def test_directions(case: dict) -> None:
    text, places = unmark(case["text"])
    tags = tag_sentence(plain_form(text))
    quantity = {(m.start, m.end): i for i, m in enumerate(tags.mentions)}
    found = {q: reading.direction for (_, q), reading in tags.readings.items()}
    assert {key: found[quantity[places[key]]] for key in case["directions"]} == case["directions"]
