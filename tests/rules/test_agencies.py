"""AGENCY mentions, construction by construction; the lexicon behind them; and what holds for any text."""

import itertools
import re

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from govie.lexicon import load_toml
from govie.rules.agencies import find_agencies

CASES = read_cases("rules/agencies.tsv")
LEXICON = load_toml("agencies.toml")
LISTS = [key for key, value in LEXICON.items() if isinstance(value, list)]


def marked(sentence):
    """Take the marks out of a sentence and return it with the marked stretches."""
    return re.sub("[【】]", "", sentence), re.findall("【(.*?)】", sentence)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['cohort']}: {case['sentence'][:20]}")
def test_agencies_of_a_construction(case):
    text, expected = marked(case["sentence"])
    assert [text[start:end] for start, end in find_agencies(text)] == expected


FRAGMENTS = [
    "区",
    "市",
    "发改局",
    "人大",
    "政府",
    "委",
    "宣传部",
    "责任单位:",
    "(",
    ")",
    "、",
    ",",
    "。",
    "《",
    "》",
    "\n",
    "牵头",
    "负责",
    "各",
    "及",
    "等",
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_agencies_are_ordered_and_apart(text):
    found = find_agencies(text)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(found))


@given(st.text(max_size=80))
def test_any_text_is_read(text):
    find_agencies(text)


@pytest.mark.parametrize("name", LISTS)
def test_a_lexicon_list_holds_clean_words_once(name):
    words = LEXICON[name]
    assert words
    assert all(isinstance(word, str) and word and word == word.strip() and " " not in word for word in words)
    assert len(set(words)) == len(words)


def test_every_guard_names_what_may_not_follow():
    """An empty guard would reject every name with its ending."""
    assert all(after and all(after) for after in LEXICON["unless"].values())


def test_a_name_that_stands_as_it_is_needs_no_place_in_two_lists():
    lists = ("fixed", "collective", "collective_on_duty", "bare_bodies", "local", "not_organs")
    words = [word for name in lists for word in LEXICON[name]]
    assert sorted({word for word in words if words.count(word) > 1}) == []
