from __future__ import annotations

import pytest

pytest.importorskip("numpy", reason="the model's dependencies are not installed")

from annotations.splits import held_out_for_rules
from govie.errors import OptionError
from govie.model.features import Input
from govie.tags import Mention, SentenceTags
from training.examples import Example
from training.splits import Splits, divide

SPLITS = Splits()
SEED = "000_dd970950b1e91c31.txt"


def test_folds_and_provinces() -> None:
    assert SPLITS.fold(1) == {SEED}
    assert SEED in SPLITS.regions(["辽宁省"])
    assert SPLITS.province(SEED) == "辽宁省"
    assert SPLITS.regions(["广东省深圳市龙岗区"]) < SPLITS.regions(["广东省"])
    assert all(map(held_out_for_rules, SPLITS.set_aside()))
    assert SPLITS.province("nowhere") == "elsewhere"


def test_groups_of_provinces_part_everything_once() -> None:
    groups = [SPLITS.province_group(number, 3) for number in (1, 2, 3)]
    assert len(frozenset().union(*groups)) == sum(map(len, groups))
    provinces = [{SPLITS.province(name) for name in group} for group in groups]
    assert not provinces[0] & provinces[1]
    assert not provinces[1] & provinces[2]


@pytest.mark.parametrize(
    "wrong", [lambda: SPLITS.fold(9), lambda: SPLITS.regions(["月球"]), lambda: SPLITS.province_group(4, 3)]
)
def test_what_is_not_there(wrong) -> None:
    with pytest.raises(OptionError):
        wrong()


def example(key: str, document: str, plain: str) -> Example:
    return Example(key, document, None, Input(plain), SentenceTags((Mention("AGENCY", 0, 1),)))


def test_no_sentence_stands_on_both_sides() -> None:
    examples = [example("1", "a", "同"), example("2", "b", "同"), example("3", "b", "异")]
    train, test = divide(examples, {"a"})
    assert [[one.key for one in side] for side in (train, test)] == [["3"], ["1"]]
    with pytest.raises(OptionError, match="nothing of the documents"):
        divide(examples, {"c"})
    with pytest.raises(OptionError, match="nothing is left"):
        divide(examples, {"a", "b"})
