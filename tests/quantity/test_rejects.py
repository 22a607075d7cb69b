from __future__ import annotations

import re

import pytest

from govie.lexicon import load_toml
from govie.quantity.rejects import Candidate, is_quantity


def candidate(sentence):
    """Read 前【十】〖个〗后 as a candidate."""
    before, number, unit, after = re.fullmatch(r"(.*)【(.*)】(?:〖(.*)〗)?(.*)", sentence).groups(default="")
    start, end = len(before), len(before) + len(number)
    return Candidate.of(before + number + unit + after, start, end, end, end + len(unit))


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("全市第【一】。", True),
        ("第【一】产业", False),
        ("新增【3】〖个〗项目", True),
        ("“【3】〖个〗代表”", False),
        ("《深圳市【3】〖年〗规划》", False),
        ("中央【八】〖项〗规定", False),
        ("新增【八】〖项〗规定", True),
        ("每【10】〖万人〗", False),
        ("【20】〖万吨〗级航道", False),
        ("比例为【4.2】:43.0", True),
        ("9【2】:30", False),
    ],
)
def test_verdicts(sentence, verdict):
    assert is_quantity(candidate(sentence)) is verdict


def test_pieces_around_a_candidate():
    found = candidate("完成【3.2】〖亿元/平方公里〗,")
    assert (found.number, found.unit, found.word, found.kind) == ("3.2", "亿元/平方公里", "元", "money")
    assert (found.before, found.after) == ("完成", ",")


def test_lexicon_holds_lists_of_words():
    for section, keys in load_toml("non_quantities.toml").items():
        for key, words in keys.items():
            assert words, f"{section}.{key} is empty"
            assert len(words) == len(set(words)), f"{section}.{key} repeats a word"
            assert all(word.strip() == word for word in words)


def test_every_name_has_one_numeral():
    assert all(word.count("#") == 1 for word in load_toml("non_quantities.toml")["names"]["words"])
