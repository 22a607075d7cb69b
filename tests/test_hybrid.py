"""Full names of what a model finds, and the rules' names where both see the same fact."""

import re

import pytest
from cases import read_cases

from govie.hybrid import combine, complete_names
from govie.tags import Link, Mention, Reading, SentenceTags

MARK = re.compile(r"[\[{](.+?)[]}]")


def marked(text):
    """Read a marked sentence: its words and its tags."""
    plain, mentions = "", []
    at = 0
    for mark in MARK.finditer(text):
        plain += text[at : mark.start()]
        label = "INDICATOR" if mark[0][0] == "[" else "QUANTITY"
        mentions.append(Mention(label, len(plain), len(plain) + len(mark[1])))
        plain += mark[1]
        at = mark.end()
    indicators = [i for i, mention in enumerate(mentions) if mention.label == "INDICATOR"]
    pairs = [
        (max((i for i in indicators if i < q), default=q + 1), q)
        for q, mention in enumerate(mentions)
        if mention.label == "QUANTITY"
    ]
    if "个[" in text:  # the number stands before its noun
        pairs = [(q + 1, q) for _, q in pairs]
    links = tuple(Link(*pair, "VALUE") for pair in pairs)
    return plain + text[at:], SentenceTags(
        tuple(mentions), links, {pair: Reading(None, "exact", "actual") for pair in pairs}
    )


@pytest.mark.parametrize("case", read_cases("model/names.tsv"), ids=lambda case: case["text"])
def test_names(case):
    plain, tags = marked(case["text"])
    named = complete_names(plain, tags, {}).readings
    assert [named[pair].name or "-" for pair in tags.readings] == case["names"].split(";")


def test_the_rules_name_is_taken_for_the_same_fact_only():
    plain, tags = marked("[投资]{3}亿元,[投资]{4}亿元")
    rules = SentenceTags(tags.mentions[:2], tags.links[:1], {(0, 1): Reading(None, "about", "target", "工业投资")})
    found = combine(plain, tags, rules)
    assert [reading.name for reading in found.readings.values()] == ["工业投资", None]
    assert {reading.bound for reading in found.readings.values()} == {"exact"}
    assert (found.mentions, found.links) == (tags.mentions, tags.links)
