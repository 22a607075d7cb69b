from __future__ import annotations

import contextlib
import io
import logging
import sys

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.config import Limits
from govie.errors import EncryptedError, FormatError, GovieError, LimitError, MissingExtraError
from govie.reading import read
from govie.reading.pdf_lines import join_pages
from reading.pdf_writer import write_pdf

WIDTH = 34
BODY = (
    "现在，我代表县人民政府向大会报告工作，请予审议，并请县政协委员提出意见。预计全年地区生产总值完成990亿元，同比增长"
    "0.2%，一般公共预算收入完成86.5亿元，增长3.1%，固定资产投资增长10%以上，社会消费品零售总额突破800亿元。"
)


def wrapped(text, width=WIDTH):
    text = "　　" + text
    return [text[at : at + width] for at in range(0, len(text), width)]


def encrypted(password, pages=(("新建学校3所",),)):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(write_pdf(pages)))
    writer.encrypt(password, "owner", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def joined(*pages):
    return join_pages(["\n".join(page) for page in pages]).text.split("\n")


def test_wrapped_lines_become_paragraphs():
    page = ["2021年白石县政府工作报告", "各位代表：", *wrapped(BODY), "一、2020年工作回顾", *wrapped(BODY)]
    expected = ["2021年白石县政府工作报告", "各位代表：", BODY, "一、2020年工作回顾", BODY]
    document = read(write_pdf([page]))
    assert document.text.split("\n") == expected
    assert document.metadata.title == "2021年白石县政府工作报告"


def test_a_paragraph_goes_on_over_the_page_and_page_furniture_does_not():
    lines = wrapped(BODY)
    pages = [["白石县人民政府公报", *lines[: n + 1], f"— {n} —"] for n in range(1, 4)]
    pages.append(["白石县人民政府公报", *lines[2:], "4"])
    found = joined(*pages)
    assert found[0] == "白石县人民政府公报"
    assert found[-1].endswith(BODY[-40:])
    assert sum("公报" in line for line in found) == 1
    assert not any("—" in line for line in found)


@pytest.mark.parametrize("number", ["- 1 -", "— 1 —", "第 1 页", "第1页 共9页", "1/9", "1"])
def test_page_numbers(number):
    assert joined(["正文第一行", "正文第二行", number]) == ["正文第一行", "正文第二行"]


def test_numbers_that_are_no_page_numbers_stay():
    assert joined(["合计", "86"]) == ["合计", "86"]
    assert joined(["一", "2", "三", "四", "五"])[1] == "2"


def test_latin_words_keep_their_space_and_ideographs_get_none():
    line = "The government reports that the economy of"
    assert joined([line, "the county has grown by 5% over the whole of", "last year."]) == [
        f"{line} the county has grown by 5% over the whole of last year."
    ]
    assert joined(["全县上下共同努力完成了全年各项目标任务，地区生产总", "值增长5%。"]) == [
        "全县上下共同努力完成了全年各项目标任务，地区生产总值增长5%。"
    ]


def test_headings_and_short_lines_are_not_joined():
    lines = ["一、回顾", "（一）经济", *wrapped(BODY, 30)[:2], "（二）民生", "完成投资"]
    assert joined(lines)[:2] == ["一、回顾", "（一）经济"]
    assert joined(lines)[-2:] == ["（二）民生", "完成投资"]


def test_characters_set_apart():
    assert joined(["政 府 工 作 报 告", "完 成 9 9 0 亿 元", "区长  李明"]) == [
        "政府工作报告",
        "完成990亿元",
        "区长 李明",
    ]


def test_every_character_leads_back_to_the_text_layer():
    pages = [["页眉", *wrapped(BODY)], ["第二页 内容", "2"]]
    layer = "\f".join("\n".join(page) for page in pages)
    found = join_pages(["\n".join(page) for page in pages])
    runs = dict(found.source_map)
    place = 0
    for at, char in enumerate(found.text):
        place = runs.get(at, place)
        assert char.isspace() or layer[place] == char
        place += 1


def test_radicals_in_place_of_characters():
    assert read(write_pdf([["⻓沙⻔类⽣命⼯程"]])).text == "长沙门类生命工程"


def test_pages_that_are_images(caplog):
    with pytest.raises(FormatError, match="no text layer") as caught:
        read(write_pdf([[], []]))
    assert "OCR" in str(caught.value)
    with caplog.at_level(logging.WARNING, "govie"):
        assert read(write_pdf([["新建学校3所"], []])).text == "新建学校3所"
    assert "1 pages are images without text: 2" in caplog.text


def test_fonts_that_say_nothing():
    with pytest.raises(FormatError, match="fonts"):
        read(write_pdf([["\ue001\ue002\ue003\ue004"]]))


def test_passwords():
    with pytest.raises(EncryptedError, match="password"):
        read(encrypted("secret"))
    assert read(encrypted("")).text == "新建学校3所"


def test_encryption_that_needs_another_library(monkeypatch):
    def unable(*_):
        raise pypdf.errors.DependencyError("cryptography>=3.1 is required for AES algorithm")

    data = encrypted("")
    monkeypatch.setattr(pypdf.PdfReader, "decrypt", unable)
    with pytest.raises(MissingExtraError, match="encrypted PDF"):
        read(data)


def test_page_limit():
    with pytest.raises(LimitError, match="3 pages"):
        read(write_pdf([["甲"], ["乙"], ["丙"]]), limits=Limits(pdf_pages=2))


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(MissingExtraError, match=r"govie\[office\]"):
        read(write_pdf([["甲"]]))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\nstartxref\n9\n%%EOF"])
def test_files_that_are_hardly_more_than_a_header(data):
    with pytest.raises(FormatError, match="damaged"):
        read(data)


REPORT = write_pdf([["2021年白石县政府工作报告", *wrapped(BODY)], wrapped(BODY)])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_are_read_or_refused(data):
    damaged = bytearray(REPORT)
    for _ in range(data.draw(st.integers(0, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(GovieError):
        read(bytes(damaged[: data.draw(st.integers(len(damaged) // 4, len(damaged)))]))
