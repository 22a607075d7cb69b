"""What the encoder need not read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.model.batching import WINDOW
from govie.model.features import Input
from govie.model.gate import divided, joined, stretches
from govie.rules.tagger import tag_sentence

IDLE = "坚持稳中求进,"


@pytest.mark.parametrize(
    "plain",
    [
        "增长6%",
        "占百分之五",
        "超过二百六十三户",
        "近百万人受益",
        "居全市前三",
        "由区发改局牵头",
        "翻一番",
        "不少于一年",
    ],
)
def test_worth_reading(plain):
    assert stretches(Input(plain)) == [(0, len(plain))]


@pytest.mark.parametrize(
    "plain",
    [
        *("", IDLE, "各位代表:", "\n", IDLE * 9999),
        *(
            "2021年是“十四五”开局之年。",
            "2020年8月24日在第十八届人民代表大会上",
            "12.优化营商环境。",
            "(十四)压实主体责任。",
        ),
        *("三年行动计划。", "第七次全国人口普查。", "“3+2”产业体系。", "建设5G基站和5A级景区。", "强化责任担当。"),
    ],
)
def test_not_worth_reading(plain):
    assert stretches(Input(plain)) == []


@pytest.mark.parametrize(
    "plain",
    [
        *(
            "2021年达到2000户。",
            "第三产业占60%。",
            "12.新建学校3所。",
            "三年行动新建12所。",
            "2.5公顷。",
            "完成率第3位。",
        ),
        "1.落实任务\n\n市教育局\n\n各相关部门",
    ],
)
def test_numerals_that_measure_stay_worth_reading(plain):
    assert stretches(Input(plain)) == [(0, len(plain))]


def test_what_the_rules_found_something_in_is_read():
    plain = "各级人民政府,区教育局。"
    hints = tag_sentence(plain)
    assert bool(stretches(Input(plain, None, hints))) == bool(hints.mentions)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 900), st.sampled_from(["新建学校12所,", "由区发改局牵头,"])), max_size=9))
def test_of_a_long_sentence_what_is_near_to_something_is_read(pieces):
    plain = "".join("的" * one if isinstance(one, int) else one for one in pieces)
    hints = tag_sentence(plain)
    sentence = Input(plain, "plan", hints)
    parts = stretches(sentence)
    read = {i for start, end in parts for i in range(start, end)}
    assert sum(end - start for start, end in parts) == len(read)
    assert {i for one in hints.mentions for i in range(one.start, one.end)} <= read
    at = 0
    for piece in pieces:
        end = at + (piece if isinstance(piece, int) else len(piece))
        if not isinstance(piece, int):
            near = range(max(0, at - WINDOW // 2), min(len(plain), end + WINDOW // 2))
            assert set(near) <= read
        at = end
    given_ = divided(sentence, parts)
    assert [one.plain for one in given_] == [plain[start:end] for start, end in parts]
    assert {one.stance for one in given_} <= {"plan"}
    back = joined([one.hints for one in given_], parts)
    assert back.mentions == hints.mentions
    assert set(back.links) <= set(hints.links)
    starts = [one.start for one in hints.mentions]
    near = {link for link in hints.links if abs(starts[link.head] - starts[link.tail]) < WINDOW}
    assert near <= set(back.links)
    assert {pair: back.readings[pair] for pair in back.readings} == {
        pair: reading for pair, reading in hints.readings.items() if pair in back.readings
    }
    assert back.roles == hints.roles


def test_an_endless_line_costs_what_is_in_it(tagger, monkeypatch):
    asked = []
    encoder = tagger._encoder

    class Counted:
        batch_tokens, calls = encoder.batch_tokens, 1

        def __call__(self, ids, real):
            asked.append(ids.size)
            return encoder(ids, real)

    monkeypatch.setattr(tagger, "_encoder", Counted())
    plain = IDLE * 100_000 + "新建学校12所," + IDLE * 100_000 + "新建学校13所。"
    (found,) = tagger.tag([Input(plain, None, tag_sentence(plain))])
    numbers = [plain[one.start : one.end] for one in found.mentions if one.label == "QUANTITY"]
    assert "13" in " ".join(numbers)
    assert sum(asked) < 6 * WINDOW
