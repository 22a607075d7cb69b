from __future__ import annotations

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.config import LIMITS
from govie.reading.encoding import Decoded
from govie.reading.markdown import read_markdown


def read_source(source):
    return read_markdown(Decoded(source, "utf-8"), where="x", limits=LIMITS)


def grids(document):
    return [[[document.text[cell.start : cell.end] for cell in row] for row in table.rows] for table in document.tables]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# 2021年政府工作报告 #\n\n## 一、回顾\n正文", "2021年政府工作报告\n一、回顾\n正文"),
        ("完成**990**亿元，*增长*`0.2`%", "完成990亿元，增长0.2%"),
        ("由[区发改局](http://a.example/b 'c')牵头", "由区发改局牵头"),
        ("见<http://a.example>和![图](a.png)。", "见http://a.example和。"),
        ("第一行\n第二行  \n第三行\\\n第四行", "第一行\n第二行\n第三行\n第四行"),
        ("　　各位代表：\n\n    现在报告工作。\n\n\t请予审议。", "各位代表：\n现在报告工作。\n请予审议。"),
        ("1. 新建学校\n2. 改造小区\n\n- 甲\n- 乙\n  1) 丙", "1.新建学校\n2.改造小区\n甲\n乙\n1)丙"),
        ("1.新建学校3所\n2.改造小区5个", "1.新建学校3所\n2.改造小区5个"),
        ("> 引用\n> 两行", "引用\n两行"),
        ("```\n代码  一\n二\n```\n\n---\n后", "代码 一\n二\n后"),
        ("a\\*b &amp; &lt; 5\\% 1*2", "a*b & < 5% 1*2"),
        ("前<br>后<b>粗</b>", "前\n后粗"),
        ("<p>块<br>一</p>\n\n<div hidden>藏</div>\n\n后", "块\n一\n后"),
        ("甲\r\n\r\n乙\r丙", "甲\n乙\n丙"),
        ("零\u200b宽\0字", "零宽\ufffd字"),
        ("甲\n\n" + "-" * 90 + "\n\n" + " " * 90 + "二〇二四年", "甲\n二〇二四年"),
        ("", ""),
    ],
    ids=lambda words: words[:16],
)
def test_text_of_markup(source, text):
    assert read_source(source).text == text


def test_tables():
    source = "前\n\n| 任务 | 单位 |\n|:--|--:|\n| 新建 `5` 所 | **区\\|发**改局 |\n| 空 | |\n\n后"
    document = read_source(source)
    assert document.text == "前\n任务\t单位\n新建 5 所\t区|发改局\n空\t\n后"
    assert grids(document) == [[["任务", "单位"], ["新建 5 所", "区|发改局"], ["空", ""]]]


def test_cells_beyond_the_head_are_kept():
    document = read_source("| 任务 |\n|---|\n| **甲** | 乙 | | 丙 |\n")
    assert grids(document) == [[["任务", "", ""], ["甲", "乙", "丙"]]]


def test_html_tables_inside():
    source = (
        "# 题\n\n<table>\n<tr><td rowspan=2>甲</td><td>增长&nbsp;5%</td></tr>\n\n<tr><td>乙</td></tr></table>\n\n后"
    )
    document = read_source(source)
    assert grids(document) == [[["甲", "增长 5%"], ["甲", "乙"]]]
    assert source[document.source_offset(document.text.index("乙"))] == "乙"


UNSUITABLE = {
    "quotes": ">" * 500 + "深",
    "items": "- " * 300 + "深",
    "lists": "\n".join(" " * 2 * depth + f"- 第{depth}" for depth in range(99)),
    "brackets": "[" * 5000 + "深",
}


@pytest.mark.parametrize("source", UNSUITABLE.values(), ids=UNSUITABLE.keys())
def test_what_the_parser_would_drop_or_choke_on_is_read_as_plain_text(source, caplog):
    with caplog.at_level(logging.WARNING, "govie"):
        assert read_source(source).text == source
    assert "plain text" in caplog.text


PIECES = st.sampled_from(
    ["# ", "- ", "\n", "1. ", "> ", "| a | b |\n|---|---|\n", "| 一 | 二 |\n", "**", "*", "_", "`", "```\n", "[",
     "](x)", "\n\n", "\r\n", "    ", "\t", "<br>", "<p>", "</p>\n\n", "&amp;", "\\", "完成990亿元，", "增长5%。",
     "　　", "甲", "|", "~~", "--"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_every_word_stands_in_the_source_where_the_map_says(source):
    document = read_source(source)
    for at, char in enumerate(document.text):
        if not char.isspace():
            assert source[document.source_offset(at)] in (char, "&")
    assert all(document.text.count(words) == source.count(words) for words in ("完成990亿元", "增长5%"))
