"""The tagger over many sentences: what it reads at a time must not show in what it finds."""

from __future__ import annotations

import pytest

from govie.model import tagger as module
from govie.model.features import Input
from govie.model.tagger import ModelTagger
from govie.rules.tagger import tag_sentence

SENTENCES = [
    "地区生产总值增长6%左右。",
    "没有数字的一句话。",
    "新建学校12所,改造老旧小区30个。",
    "",
    "由市发展改革委牵头,市财政局配合。",
]


@pytest.mark.parametrize("together", [1, 20, 30])
def test_groups_change_nothing(tagger: ModelTagger, monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    given = [Input(plain, None, tag_sentence(plain)) for plain in SENTENCES]
    whole = tagger.tag(given)
    assert any(tags.mentions for tags in whole)
    monkeypatch.setattr(module, "_READ_TOGETHER", together)
    assert tagger.tag(given) == whole


def test_no_sentence_is_no_work(tagger: ModelTagger) -> None:
    assert tagger.tag([]) == []
