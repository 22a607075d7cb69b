"""Agreement: the coefficients against published examples and scikit-learn, and what is compared."""

from dataclasses import replace

import pytest
from annotation_records import marked
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement import agreement, agreement_table, kappa, krippendorff
from govie.errors import OptionError

# K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), examples A and B.
BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbcccedd" + "d")
TEXT = "{I1|地区生产总值}增长{Q1|5}{U1|%}。"
FIRST = marked(TEXT, "I1 CHANGE Q1 increase exact actual 2020")


@pytest.mark.parametrize(("pair", "alpha"), [(BINARY, 0.095), (NOMINAL, 0.692)])
def test_alpha_of_the_published_examples(pair, alpha):
    assert krippendorff(*pair) == pytest.approx(alpha, abs=0.0005)


def test_kappa_of_a_textbook_table():
    # Twenty times yes by both, fifteen times no by both, ten and five times apart: 0.7 seen, 0.5 by chance.
    first = "y" * 20 + "n" * 15 + "y" * 5 + "n" * 10
    second = "y" * 20 + "n" * 15 + "n" * 5 + "y" * 10
    assert kappa(first, second) == pytest.approx(0.4)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=60))
def test_kappa_is_that_of_scikit_learn(pairs):
    metrics = pytest.importorskip("sklearn.metrics")
    first, second = zip(*pairs, strict=True)
    ours = kappa(first, second)
    if ours is not None:
        assert ours == pytest.approx(metrics.cohen_kappa_score(first, second))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=60))
def test_both_are_symmetric_and_one_only_where_all_is_alike(pairs):
    first, second = zip(*pairs, strict=True)
    for coefficient in (kappa, krippendorff):
        value = coefficient(first, second)
        assert value == coefficient(second, first)
        assert value is None or -1 <= value <= 1
        assert (value == 1) == (first == second and value is not None)


def test_undefined_where_there_is_one_label_or_nothing():
    assert kappa("aa", "aa") is None
    assert krippendorff("aa", "aa") is None
    assert kappa("", "") is None
    assert krippendorff("", "") is None


def test_the_same_annotation_agrees_whatever_its_ids():
    found = agreement([FIRST], [replace(FIRST, id="other/9")])
    assert found.identical == 1
    assert found.report["spans"]["micro"].f1 == 1
    assert found.chance["characters"].kappa == 1
    assert found.chance["characters"].units == len(FIRST.text)


def test_labels_and_attributes_that_differ():
    second = marked("{P1|地区生产总值}{I1|增长}{Q1|5}{U1|%}。", "I1 CHANGE Q1 increase exact actual -", "Q1 PERIOD P1")
    found = agreement([FIRST], [second])
    assert found.report["spans"]["INDICATOR"].f1 == 0
    assert found.report["spans"]["QUANTITY"].f1 == 1
    assert found.chance["characters"].same == 3
    assert found.chance["bound"].units == 0
    other = agreement([FIRST], [marked(TEXT, "I1 CHANGE Q1 increase about actual 2020")])
    assert (other.chance["bound"].units, other.chance["bound"].same, other.chance["status"].same) == (1, 0, 1)


def test_only_shared_sentences_count():
    further = replace(FIRST, source={**FIRST.source, "start": 100, "end": 100 + len(FIRST.text)})
    found = agreement([FIRST, further], [FIRST])
    assert (found.report.sentences, found.only_first, found.only_second) == (1, 1, 0)
    with pytest.raises(OptionError, match="no sentence in common"):
        agreement([FIRST], [further])
    with pytest.raises(OptionError, match="the second has a sentence twice"):
        agreement([FIRST], [FIRST, FIRST])


def test_the_table_names_every_group():
    table = agreement_table(agreement([FIRST], [FIRST]))
    for words in (
        "1 sentences of 1 documents",
        "**spans**",
        "**facts**",
        "| characters |",
        "| status | 1 | 1 | – | – |",
    ):
        assert words in table
