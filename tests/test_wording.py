from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from govie.document import Metadata
from govie.wording import metadata_words, period_words, printable, value_words

TENTHOUSAND = Decimal(10**4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "990亿元"),
        ({"bound": "at_least"}, "990亿元以上"),
        ({"bound": "at_most"}, "990亿元以内"),
        ({"bound": "range", "value_max": Decimal("1000")}, "990–1000亿元"),
        ({"kind": "change", "direction": "increase", "bound": "about"}, "增长 990亿元左右"),
        ({"kind": "change", "direction": "decrease"}, "下降 990亿元"),
        ({"kind": "gap", "direction": "decrease"}, "低 990亿元"),
        ({"unit": None, "base_unit": None, "magnitude": Decimal(1)}, "990"),
        ({"unit": None, "base_unit": "元", "magnitude": TENTHOUSAND}, "990万元"),
        ({"unit": None, "base_unit": None, "magnitude": Decimal(12)}, "990×12"),
    ],
)
def test_value_words(sample, changes, words):
    assert value_words(sample, replace(sample.facts[0], **changes)) == words


def test_a_fraction_without_end_is_shown_as_written(sample):
    assert value_words(sample, replace(sample.facts[0], value=Decimal(1) / 6)) == "990亿元"


def test_the_multiplier_of_the_numeral_is_not_lost(sample):
    """800余万|平方米: the unit span holds no 万, so the words must add it."""
    fact = replace(sample.facts[2], value=Decimal(800), value_max=None, magnitude=TENTHOUSAND, bound="at_least")
    assert value_words(sample, fact) == "800万条以上"


@pytest.mark.parametrize(("before", "words"), [("第", "第990亿元以内"), ("前", "前990亿元"), ("成", "990亿元以内")])
def test_ranks_keep_their_word(sample, before, words):
    at = sample.spans[1].start
    ranked = replace(sample, text=sample.text[: at - 1] + before + sample.text[at:])
    assert value_words(ranked, replace(sample.facts[0], bound="at_most")) == words


def test_period_words():
    assert [period_words(period) for period in ("2016/2020", "2021-09", None)] == ["2016–2020", "2021-09", ""]


def test_metadata_words_leave_out_the_unknown_and_the_repeated(sample_document):
    assert metadata_words(Metadata()) == []
    assert metadata_words(sample_document.metadata) == ["辽宁省沈阳市沈河区", "2021年", "政府工作报告"]
    assert metadata_words(Metadata(issuer="沈河区", document_number="沈河区")) == ["沈河区"]


def test_printable_drops_what_drives_a_terminal():
    assert printable("甲\x1b[31m乙\u202e\ud800\x00") == "甲\ufffd[31m乙\ufffd\ufffd\ufffd"
    assert printable("甲\t乙\n") == "甲\t乙\n"
