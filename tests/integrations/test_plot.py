"""Pictures of the panel."""

from io import BytesIO

import pytest

import govie
from govie.errors import GovieError
from govie.integrations import plot

pytest.importorskip("matplotlib")

EXTRACTOR = govie.load(mode="rules")
REPORT = (
    "{year}年{region}政府工作报告\n一、{last}年工作回顾\n全年地区生产总值增长{done}。\n"
    "二、{year}年工作安排\n今年主要预期目标是：地区生产总值增长{goal}。"
)


def panel(*reports):
    texts = [
        REPORT.format(region=region, year=year, last=year - 1, done=done, goal=goal)
        for region, year, done, goal in reports
    ]
    return govie.panel([EXTRACTOR(text) for text in texts])


@pytest.fixture(scope="module")
def provinces():
    return panel(
        ("云南省", 2025, "3.3%", "5%左右"), ("云南省", 2026, "4.1%", "4.5-5%"), ("山东省", 2026, "5.5%", "5%以上")
    )


def words(figure):
    axes = figure.axes[0]
    ticks = [tick.get_text() for tick in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    return [
        axes.get_title(loc="left"),
        *ticks,
        *(text.get_text() for text in axes.texts),
        *axes.get_legend_handles_labels()[1],
    ]


def test_few_years_are_drawn_over_regions(provinces):
    told = words(plot.plot_panel(provinces, "gdp", status="target"))
    assert {"地区生产总值增长(%)", "云南省", "山东省", "2025年目标", "2026年目标", "≈5", "≥5", "4.5–5"} <= set(told)


def test_one_region_is_drawn_over_years_with_goals_and_results(provinces):
    told = words(plot.plot_panel(provinces[provinces.region == "云南省"], "gdp"))
    assert {"云南省 目标", "云南省 完成"} <= set(told)


def test_all_characters_of_a_picture_are_drawn(provinces, recwarn):
    stream = BytesIO()
    plot.plot_panel(provinces, "gdp").savefig(stream, format="png")
    assert stream.getvalue().startswith(b"\x89PNG")
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"indicator": "gpd"}, "Perhaps gdp"),
        ({"indicator": "cpi"}, "no such number of cpi"),
        ({"indicator": "gdp", "kind": "growth"}, "kind is 'growth'"),
        ({"indicator": "gdp", "status": "planned"}, "status is 'planned'"),
    ],
)
def test_wrong_choices_are_told(provinces, named, message):
    with pytest.raises(govie.OptionError, match=message):
        plot.plot_panel(provinces, **named)


def test_no_chinese_font_is_told(provinces, monkeypatch):
    monkeypatch.setattr(plot, "_FAMILIES", ())
    monkeypatch.setattr(plot, "find_spec", lambda name: None)
    plot._chinese_family.cache_clear()
    with pytest.raises(GovieError, match=r"fonts-noto-cjk.*govie\[fonts\]"):
        plot.plot_panel(provinces, "gdp")
    plot._chinese_family.cache_clear()
