from __future__ import annotations

import logging
import time

import pytest
from cases import DATA, read_cases
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.config import LIMITS, Limits
from govie.errors import GovieError, LimitError
from govie.reading import read

PAGES = DATA / "reading" / "pages"
CASES = read_cases("reading/pages.tsv")


def read_html(html, **options):
    return read(f"<html><body>{html}".encode(), **options)


def grid(document, number=0):
    rows = document.tables[number].rows
    return [[document.text[cell.start : cell.end] for cell in row] for row in rows]


def misplaced(source, document):
    """Characters of the text that the source does not hold where ``source_offset`` says; entities aside."""
    places = ((char, source[document.source_offset(at)]) for at, char in enumerate(document.text))
    return [(char, there) for char, there in places if not char.isspace() and there not in (char, "&")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['cohort']}-{case['page']}-{case['words'][:10]}")
def test_pages(case):
    text = read(PAGES / f"{case['page']}.html").text
    assert (case["words"] in text) == (case["verdict"] == "in")


@pytest.mark.parametrize("page", sorted(path.name for path in PAGES.iterdir()))
def test_every_character_of_a_page_leads_back_to_the_source(page):
    source = (PAGES / page).read_text("utf-8")
    assert not misplaced(source, read(PAGES / page))


def test_metadata_of_a_page():
    found = read(PAGES / "trs.html").metadata
    assert found.title == "青河区人民政府关于印发2024年政府工作报告主要工作任务分解表的通知"
    assert (found.issuer, found.source) == ("青河区人民政府", "青河区人民政府办公室")
    assert (found.index_number, found.document_number) == ("9900000001/2024-00012", "青河政发〔2024〕5号")
    assert (found.written, found.published) == ("2024-03-12", "2024-03-15")
    assert found.encoding == "utf-8"


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("layout", "2019年白石县政府工作报告"),
        ("forum", "2021年白石县政府工作报告"),
        ("form", "2022年山阳市政府10件民生实事"),
    ],
)
def test_titles_of_pages_that_do_not_name_them_outright(page, title):
    assert read(PAGES / f"{page}.html").metadata.title == title


def test_the_head_title_serves_where_the_page_shows_none():
    head = "<html><head><title>2024年白石县政府工作报告_白石县人民政府</title></head>"
    assert read(f"{head}<p>各位代表：</p>".encode()).metadata.title == "2024年白石县政府工作报告"


def test_spanning_cells_stand_in_every_place_and_once_in_the_text():
    document = read(PAGES / "trs.html")
    assert grid(document, 1) == [
        ["主要工作任务", "牵头 单位", "责任单位"],
        ["一、优结构、谋发展"] * 3,
        ["1.新增规上企业30户，培育“专精特新”企业50户。", "区发改局", "区工信局 区商务局"],
        ["2.新建改建及维修道路137条。", "区发改局", "各街道办事处"],
    ]
    table = document.tables[1]
    assert table.rows[2][1] == table.rows[3][1]
    assert document.text[table.start : table.end].count("区发改局") == 1
    assert document.text[table.start : table.end].splitlines()[3] == "2.新建改建及维修道路137条。\t各街道办事处"


def test_unclosed_cells_and_rows():
    assert grid(read(PAGES / "layout.html"))[1] == ["地区生产总值", "86.5亿元", "92亿元"]


def test_stray_end_tags_do_not_leave_their_cell():
    html = "<div><p><table><tr><td>甲</div></p></span>乙<td>丙</table>丁</div>"
    assert grid(read_html(html)) == [["甲 乙", "丙"]]


def test_a_table_in_a_cell_keeps_its_own_grid_and_all_text_once():
    html = "<table><tr><td>外一<table><tr><td>内一<td>内二</table><td>外二</table>"
    document = read_html(html)
    assert document.text == "外一\n内一\t内二\n外二"
    assert [grid(document, number) for number in range(len(document.tables))] == [[["内一", "内二"]]]


def test_a_span_over_columns_that_no_row_divides():
    html = "<table><tr><td colspan=1000>题<tr><td>甲<td>乙<tr><td rowspan=9>丙<td>丁</table>"
    assert grid(read_html(html)) == [["题", "题"], ["甲", "乙"], ["丙", "丁"]]


def test_a_grid_past_the_limit_is_given_up_with_a_warning(caplog):
    with caplog.at_level(logging.WARNING, "govie"):
        document = read_html("<table><tr><td>甲<td>乙<tr><td>丙<td>丁</table>", limits=Limits(grid_cells=3))
    assert document.text == "甲\t乙\n丙\t丁"
    assert not document.tables
    assert "grid" in caplog.text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>甲<br>乙</br>丙<p>丁", "甲\n乙\n丙\n丁"),
        ("沈<b>河</b><span>区</span>政府", "沈河区政府"),
        ("<p>全年增长\n  5.5%，总量\n达990亿元</p>", "全年增长5.5%，总量达990亿元"),
        ("<p>GDP of\nthe city</p>", "GDP of the city"),
        ("<p>　　各位代表：</p>", "各位代表："),
        ("<p>区长&nbsp;&nbsp;李明</p>", "区长 李明"),
        ("<p>各位代表：　　现在报告工作。　　一、回顾</p>", "各位代表：\n现在报告工作。\n一、回顾"),
        ("<p>完\u200b成9\u00ad9\ufeff0亿&zwnj;元</p>", "完成990亿元"),
        ("<p>A&amp;B&lt;5&#37;&#x7532;&nbsp2021&copy2024&unknown;&", "A&B<5%甲 2021©2024&unknown;&"),
        ("<p>PM2.5<35，a<b且c>d</p>", "PM2.5<35，a<b且c>d"),
        ("<pre>一行\n二行\n\n三行</pre>", "一行\n二行\n三行"),
        ("<p>甲<!-- 注 <p>释</p> -->乙<![CDATA[x]]>丙<?xml:namespace prefix=o /><o:p></o:p></p>", "甲乙丙"),
        ("<ul><li>甲<li>乙</ul>丙", "甲\n乙\n丙"),
        ("<span style='display:block'>甲</span><span>乙</span>", "甲\n乙"),
        ("<p>甲<span style='font-size:0px'>暗</span><i hidden>藏</i><font class=jammer>扰</font>乙</p>", "甲乙"),
        ("<p style='font-size:0'><b style='font-size:16px'>甲</b></p>", "甲"),
        ("<p style='left:50%;margin-left:-1500px'>甲</p><p style='position:absolute;left:-9999px'>乙</p>", "甲"),
        ("<a name=top>甲</a><a href=x>乙</a>", "甲乙"),
        ("<p>前</p><!-- 没有结束 <p>后</p>", "前\n后"),
        ("<script>var a=1;<p>后</p>", "var a=1;\n后"),
        ("甲<p title='没有结束>乙</p>", "甲\n乙"),
        ("甲 < 乙", "甲 < 乙"),
    ],
    ids=lambda words: words[:24],
)
def test_text_of_markup(html, text):
    document = read_html(html)
    assert document.text == text
    assert not misplaced(f"<html><body>{html}", document)


def test_hidden_text_that_is_most_of_the_page_is_kept():
    prose = "现在，我代表县人民政府向大会报告工作，请予审议，并请县政协委员提出意见。" * 5
    assert prose in read_html(f"<div id=tab style='display:none'><p>{prose}</p></div><p>短句，一。</p>").text


def test_a_page_of_links_alone_keeps_them():
    html = "".join(f"<p><a href={n}>第{n}号文件的标题</a></p>" for n in range(9))
    assert read_html(html).text.count("\n") == 8


def test_an_html_name_without_any_tag_is_plain_text(tmp_path):
    (tmp_path / "a.html").write_text("第一行\n第二行", "utf-8")
    assert read(tmp_path / "a.html").text == "第一行\n第二行"


def test_a_page_without_text_says_so(caplog):
    with caplog.at_level(logging.WARNING, "govie"):
        assert read(b"<html><head></head><body><script>show()</script></body></html>").text == ""
    assert "no text" in caplog.text


def test_deep_nesting_keeps_text_and_says_so(caplog):
    with caplog.at_level(logging.WARNING, "govie"):
        document = read_html("<div>" * 100_000 + "深<br>处" + "</div>" * 100_000 + "<p>之后</p>")
    assert document.text == "深\n处\n之后"
    assert "256 deep" in caplog.text


def test_too_many_elements():
    with pytest.raises(LimitError, match="elements"):
        read_html("<p>" * 11, limits=Limits(html_elements=10))


LINEAR = {
    "text": "各位代表",
    "paragraphs": "<p>甲</p>",
    "open": "<div><table><tr><td>甲",
    "misnested": "<a href=x><div></a>",
    "tag-starts": "<a ",
    "quotes": "<a x='",
    "comments": "<!--",
    "scripts": "<script>",
    "entities": "&amp",
    "blanks": " \n",
    "spans": "<table><tr><td rowspan=99 colspan=999>甲<td>乙",
}


@pytest.mark.parametrize("unit", LINEAR.values(), ids=LINEAR.keys())
def test_reading_takes_linear_time(unit):
    def seconds(times):
        began = time.process_time()
        read_html(unit * times)
        return time.process_time() - began

    seconds(100)
    small = min(seconds(500) for _ in range(3))
    large = min(seconds(4_000) for _ in range(2))
    assert large < 0.1 or large < 8 * 2.5 * small


PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class='nav'>", "</div>", "<table>", "</table>", "<tr>", "<td colspan=2>", "<td rowspan=3>",
     "</td>", "<a href=x>", "</a>", "<br>", "<b>", "</b>", "<script>", "</script>", "<!--", "-->", "<", ">", "&nbsp;",
     "&lt", "&#8203;", " ", "\n", "　", "甲", "完成990亿元，增长5%。", "\u200b", "x='", '"', "<span hidden>", "</span>",
     "<pre>", "</pre>", "<title>", "</title>", "<textarea>", "<li>", "\r\n", "\0", "😀",
     "<meta name=PubDate content=2024>"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_markup_gives_a_document_whose_text_stands_in_the_source(html):
    source = "<html>" + html
    document = read(source.encode())
    assert not misplaced(source, document)
    assert all(line == line.strip(" \n") for line in document.text.split("\n") if "\t" not in line)
    for table in document.tables:
        assert len({len(row) for row in table.rows}) == 1
        assert all(table.start <= cell.start <= cell.end <= table.end for row in table.rows for cell in row)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_mutated_page_is_read_or_refused(data):
    page = bytearray((PAGES / "trs.html").read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        page[data.draw(st.integers(0, len(page) - 1))] = data.draw(st.integers(0, 255))
    try:
        document = read(bytes(page[: data.draw(st.integers(0, len(page)))]), limits=LIMITS)
    except GovieError:
        return
    assert len(document.plain) == len(document.text)
