"""The tables that the rules read hold each word once, with a role the rules know."""

from __future__ import annotations

from collections import Counter

import pytest

from govie.lexicon import load_table, load_toml

ROLES = {
    "head_cues.tsv": {"opaque", "scope", "adverb"},
    "tail_cues.tsv": {"opaque", "value", "rise", "fall", "rank", "scope", "adverb"},
}


def repeated(words: list[str]) -> list[str]:
    return [word for word, count in Counter(words).items() if count > 1]


@pytest.mark.parametrize(
    ("table", "column"), [("verbs.tsv", "verb"), ("head_cues.tsv", "word"), ("tail_cues.tsv", "word")]
)
def test_no_word_stands_twice_in_a_table(table: str, column: str) -> None:
    assert repeated([row[column] for row in load_table(table)]) == []


@pytest.mark.parametrize("name", ["nouns.toml", "links.toml"])
def test_no_word_stands_twice_in_a_list(name: str) -> None:
    lists = {key: table["words"] for key, table in load_toml(name).items() if "words" in table}
    assert {key: repeated(words) for key, words in lists.items() if repeated(words)} == {}


@pytest.mark.parametrize("table", ROLES)
def test_every_cue_has_a_known_role(table: str) -> None:
    assert {row["role"] for row in load_table(table)} <= ROLES[table]
