"""One id for each code point, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govie.errors import ModelError
from govie.model.vocabulary import CharacterVocabulary

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = CharacterVocabulary([*SPECIAL, "a", "一", "\u2028", "İ", "8"])


@given(st.text(st.characters(), max_size=40))
def test_the_length_is_kept(plain):
    assert len(WORDS.encode(plain)) == len(plain)


@pytest.mark.parametrize(
    ("plain", "ids"),
    [("Aa一", [4, 4, 5]), ("İ8", [7, 8]), ("\ud800八", [1, 1]), ("İA", [7, 4]), ("[PAD]", [1, 1, 4, 1, 1])],
)
def test_ids(plain, ids):
    assert WORDS.encode(plain) == ids


def test_odd_separators_are_entries_of_a_file(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text("\n".join([*SPECIAL, "\u2028", "\x85", "一"]) + "\n", encoding="utf-8", newline="")
    assert CharacterVocabulary.load(path).encode("一") == [6]
    assert CharacterVocabulary.load(path).last == "一"


@pytest.mark.parametrize("content", [b"", b"[PAD]\n[UNK]\n", b"\xff\xfe"])
def test_a_broken_file_is_an_error_of_ours(tmp_path, content):
    path = tmp_path / "vocab.txt"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"vocab\.txt"):
        CharacterVocabulary.load(path)
