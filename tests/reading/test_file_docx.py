from __future__ import annotations

import contextlib
import io
import sys
import zipfile

import pytest
from cases import read_cases
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.config import Limits
from govie.errors import FormatError, GovieError, LimitError, MissingExtraError
from govie.reading import read
from govie.reading.docx_numbering import number_words
from reading.docx_writer import from_xml, numbered, paragraph, repacked, saved, with_notes

NUMBERS = read_cases("reading/docx_numbers.tsv")
LEVELS = [("japaneseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "%1.%4")]


def report():
    document = Document()
    document.add_heading("2021年白石县政府工作报告", 0)
    document.add_paragraph("各位代表：")
    document.add_paragraph("　　地区生产总值完成990亿元，同比增长0.2%。").add_run("固定资产投资增长10%。").bold = True
    table = document.add_table(4, 3)
    rows = (
        ("任务", "牵头单位", "责任单位"),
        ("一、发展", "", ""),
        ("1.改造小区", "住建局", "各街道"),
        ("2.新建学校", "", "教育局"),
    )
    for row, words in enumerate(rows):
        for column, word in enumerate(words):
            table.cell(row, column).text = word
    table.cell(1, 0).merge(table.cell(1, 2))
    table.cell(2, 1).merge(table.cell(3, 1))
    document.add_paragraph("特此通知。")
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "页脚"
    return saved(document)


def text_of(*blocks):
    return read(from_xml(*blocks)).text


def test_paragraphs_and_tables_in_order():
    document = read(report())
    assert document.text.splitlines() == [
        "2021年白石县政府工作报告",
        "各位代表：",
        "地区生产总值完成990亿元，同比增长0.2%。固定资产投资增长10%。",
        "任务\t牵头单位\t责任单位",
        "一、发展",
        "1.改造小区\t住建局\t各街道",
        "2.新建学校\t教育局",
        "特此通知。",
    ]
    assert [[document.text[cell.start : cell.end] for cell in row] for row in document.tables[0].rows] == [
        ["任务", "牵头单位", "责任单位"],
        ["一、发展"] * 3,
        ["1.改造小区", "住建局", "各街道"],
        ["2.新建学校", "住建局", "教育局"],
    ]
    assert document.metadata.title == "2021年白石县政府工作报告"


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: f"{case['format']}-{case['number']}")
def test_number_formats(case):
    assert number_words(int(case["number"]), case["format"]) == case["words"]


def test_automatic_numbers():
    parts = [
        ("回顾", 0),
        ("经济", 1),
        ("工业", 2),
        ("农业", 2),
        ("民生", 1),
        ("就业", 2),
        ("正文", -1),
        ("安排", 0),
        ("目标", 1),
    ]
    assert read(numbered(LEVELS, parts)).text.splitlines() == [
        "一、回顾", "（一）经济", "1.工业", "2.农业", "（二）民生", "1.就业", "正文", "二、安排", "（一）目标"
    ]  # fmt: skip


def test_numbers_of_several_levels_and_a_restart():
    parts = [("甲", 0), ("乙", 3), ("丙", 3), ("丁", 0), ("戊", 10), ("己", 10)]
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    expected = ["一、甲", "一.1 乙", "一.2 丙", "二、丁", "一、戊", "二、己"]
    assert read(numbered(LEVELS, parts, more=restart)).text.splitlines() == expected


def test_bullets_and_unknown_numberings_show_nothing():
    assert read(numbered([("bullet", "•")], [("甲", 0)])).text == "甲"
    assert text_of(paragraph("甲", '<w:numPr><w:numId w:val="4711"/></w:numPr>')) == "甲"


def test_numbers_that_come_with_a_style():
    document = Document()
    document.add_paragraph("甲", style="List Number")
    document.add_paragraph("乙", style="List Number")
    assert read(saved(document)).text == "1.甲\n2.乙"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<w:ins w:id='1'><w:r><w:t>增</w:t></w:r></w:ins>", "前增后"),
        ("<w:del w:id='1'><w:r><w:delText>删</w:delText></w:r></w:del>", "前后"),
        ("<w:moveFrom w:id='1'><w:r><w:t>移</w:t></w:r></w:moveFrom>", "前后"),
        ("<w:moveTo w:id='1'><w:r><w:t>移</w:t></w:r></w:moveTo>", "前移后"),
        ("<w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink>", "前链后"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>", "前后"),
        ("<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>显</w:t></w:r>", "前显后"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>", "前后"),
        ("<w:r><w:br/></w:r>", "前\n后"),
        ("<w:r><w:tab/></w:r>", "前 后"),
        ("<w:r><w:noBreakHyphen/></w:r>", "前-后"),
        ("<w:sdt><w:sdtContent><w:r><w:t>控</w:t></w:r></w:sdtContent></w:sdt>", "前控后"),
        ("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击</w:t></w:r></w:sdtContent></w:sdt>",
         "前后"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>yīn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>音</w:t></w:r></w:rubyBase></w:ruby></w:r>",
         "前音后"),
        ("<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p>"
         "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent>"
         "</mc:Fallback></mc:AlternateContent></w:r>", "前后\n框"),
    ],
    ids=lambda value: value[3:16] if value.startswith("<") else "",
)  # fmt: skip
def test_what_a_paragraph_shows(inside, text):
    run = "<w:r><w:t>{}</w:t></w:r>"
    assert text_of(f"<w:p>{run.format('前')}{inside}{run.format('后')}</w:p>") == text


def test_blocks_inside_content_controls_are_read_and_tables_of_contents_are_not():
    control = "<w:sdt>{}<w:sdtContent>" + paragraph("一、回顾") + "</w:sdtContent></w:sdt>"
    contents = "<w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
    assert text_of(control.format(contents), control.format(""), paragraph("正文")) == "一、回顾\n正文"


def test_cells_that_word_leaves_out_or_deletes():
    def cell(text, properties=""):
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    start, wide = "<w:vMerge w:val='restart'/>", "<w:gridSpan w:val='2'/>"
    rows = (
        f"<w:tr>{cell('甲')}{cell('乙', start)}</w:tr>",
        f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{cell('不见', '<w:vMerge/>')}{cell('丙')}</w:tr>",
        f"<w:tr><w:trPr><w:del w:id='1'/></w:trPr>{cell('删')}</w:tr>",
        f"<w:tr>{cell('丁', wide)}{cell('戊')}</w:tr>",
    )
    document = read(from_xml(f"<w:tbl>{''.join(rows)}</w:tbl>"))
    assert [[document.text[place.start : place.end] for place in row] for row in document.tables[0].rows] == [
        ["甲", "乙", ""],
        ["", "乙", "丙"],
        ["丁", "丁", "戊"],
    ]
    assert "删" not in document.text
    assert "不见" not in document.text


def test_a_table_of_one_column_is_a_box_around_paragraphs():
    document = Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "第一段"
    cell.add_paragraph("第二段")
    found = read(saved(document))
    assert (found.text, found.tables) == ("第一段\n第二段", ())


def test_a_table_in_a_cell_is_part_of_it():
    document = Document()
    table = document.add_table(1, 2)
    table.cell(0, 1).text = "乙"
    inner = table.cell(0, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "子", "丑"
    found = read(saved(document))
    assert (found.text, len(found.tables)) == ("子 丑\t乙", 1)


def test_footnotes_follow_the_text():
    assert read(with_notes("实施“1+4+N”工程。", ["指一个中心。", "又指四个片区。"])).text.splitlines() == [
        "实施“1+4+N”工程。", "指一个中心。", "又指四个片区。"
    ]  # fmt: skip


def test_an_empty_document():
    assert read(saved(Document())).text == ""


def test_a_package_that_unpacks_to_too_much():
    with pytest.raises(LimitError, match="unpacks"):
        read(report(), limits=Limits(unpacked_bytes=1000))
    bomb = repacked(report(), document_xml=b" " * 30_000_000)
    with pytest.raises(LimitError, match="unpacks"):
        read(bomb, limits=Limits(unpacked_bytes=20_000_000))


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<w:document",
        b"<a/>",
        b"\0\0",
        b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]><a>&y;</a>',
        b"<a>" * 100_000,
    ],
    ids=["empty", "cut", "other", "binary", "entities", "deep"],
)
def test_damaged_xml(xml):
    with pytest.raises((FormatError, LimitError)):
        read(repacked(report(), document_xml=xml))


def test_without_the_extra(monkeypatch):
    data = report()
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingExtraError, match=r"govie\[office\]"):
        read(data)


REPORT = report()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_packages_are_read_or_refused(data):
    package = bytearray(REPORT)
    for _ in range(data.draw(st.integers(0, 8))):
        package[data.draw(st.integers(0, len(package) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(GovieError):
        read(bytes(package[: data.draw(st.integers(len(package) // 2, len(package)))]))


MEMBER = zipfile.ZipFile(io.BytesIO(REPORT)).read("word/document.xml")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_members_are_read_or_refused(data):
    start = data.draw(st.integers(0, len(MEMBER)))
    end = data.draw(st.integers(start, min(len(MEMBER), start + 300)))
    with contextlib.suppress(GovieError):
        read(repacked(REPORT, document_xml=MEMBER[:start] + MEMBER[end:]))
