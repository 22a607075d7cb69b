"""The data files that the readers use keep their own rules."""

from __future__ import annotations

import unicodedata

import pytest

from govie.document import Metadata
from govie.lexicon import load_table, load_toml

CHROME = load_toml("html_chrome.toml")
LISTS = {**CHROME["tags"], **CHROME["words"]}


@pytest.mark.parametrize("name", LISTS)
def test_lists_hold_lower_case_words_once(name):
    words = LISTS[name]
    assert len(words) == len(set(words))
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words)


def test_no_word_is_both_furniture_and_document():
    furniture, content = {*CHROME["words"]["chrome"], *CHROME["words"]["forum"]}, set(CHROME["words"]["content"])
    assert not furniture & content


def test_tags_have_one_category_and_enders_are_known():
    block, machinery, furniture = (set(CHROME["tags"][name]) for name in ("block", "machinery", "furniture"))
    assert not block & machinery | block & furniture | machinery & furniture
    known = block | furniture | {"table", "a"}
    assert all(name in known and set(enders) <= known for name, enders in CHROME["ended_by"].items())


def test_meta_names_serve_fields():
    names = load_toml("html_metadata.toml")["meta"]
    assert names.keys() <= set(Metadata.__dataclass_fields__)
    assert all(name == name.lower() for wanted in names.values() for name in wanted)


def test_radicals_stand_for_ideographs():
    rows = load_table("radicals.tsv")
    assert len({row["radical"] for row in rows}) == len(rows)
    for row in rows:
        assert unicodedata.name(row["radical"]).startswith("CJK RADICAL")
        assert unicodedata.name(row["ideograph"]).startswith("CJK UNIFIED IDEOGRAPH")
