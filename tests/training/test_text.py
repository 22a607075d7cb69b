from __future__ import annotations

from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="the training extra is not installed")

from hypothesis import given  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from training.text import MASK, SEP, SPECIALS, UNK, Vocabulary, normalise_char  # noqa: E402


@pytest.mark.parametrize(
    ("char", "expected"),
    [("Ａ", "a"), ("％", "%"), ("　", " "), ("B", "b"), ("，", ","), ("。", "。"), ("İ", "İ"), ("国", "国")],
)
def test_normalise_char(char: str, expected: str) -> None:
    assert normalise_char(char) == expected


@given(st.characters())
def test_normalising_keeps_the_length_and_is_idempotent(char: str) -> None:
    once = normalise_char(char)
    assert len(once) == 1
    assert normalise_char(once) == once


def test_one_id_for_every_code_point() -> None:
    vocabulary = Vocabulary.build(["增长５%", "增长5％"], size=100)
    assert vocabulary.encode("增𠮷５").tolist() == [vocabulary.entries.index("增"), UNK, vocabulary.entries.index("5")]


def test_frequent_characters_come_first_and_rare_ones_are_unknown() -> None:
    vocabulary = Vocabulary.build(["aab", "abc"], size=7)
    assert vocabulary.entries == (*SPECIALS, "a", "b")


def test_vocabulary_round_trip_with_odd_separators(tmp_path: Path) -> None:
    vocabulary = Vocabulary([*SPECIALS, " ", "\u2028", "\x85", "国"])
    vocabulary.save(tmp_path / "vocab.txt")
    assert Vocabulary.load(tmp_path / "vocab.txt").entries == vocabulary.entries


@pytest.mark.parametrize("entries", [["国"], [*SPECIALS, "国", "国"]])
def test_malformed_vocabulary_is_refused(entries: list[str]) -> None:
    with pytest.raises(ValueError, match="vocabulary"):
        Vocabulary(entries)


def test_special_ids_are_berts() -> None:
    assert (SEP, MASK) == (3, 4)
