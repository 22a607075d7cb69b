from __future__ import annotations

import codecs
import logging
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from govie.errors import FormatError
from govie.reading import read
from govie.reading.encoding import decode

REPORT = "现在，我代表县人民政府向大会报告工作。2020年地区生产总值完成990亿元，同比增长0.2%。\n一、工作回顾\n" * 40
TRADITIONAL = "現在向大會報告工作，去年全市生產總值成長百分之三，失業率下降，請予審議。\n" * 5
PAGE = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset={}"></head><body><p>{}</p></body></html>'
)
XML = '<?xml version="1.0" encoding="{}"?>\n<html><body><p>{}</p></body></html>'
CHINESE = st.text(
    st.sampled_from("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"), min_size=2
)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb2312", "gb18030"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_undeclared(written, found):
    decoded = decode(REPORT.encode(written), where="x")
    assert (decoded.text, decoded.encoding, decoded.replaced) == (REPORT, found, 0)


def test_big_endian_mark():
    data = codecs.BOM_UTF16_BE + REPORT.encode("utf-16-be")
    assert decode(data, where="x").text == REPORT


def test_a_mark_that_two_encodings_share():
    assert decode("\0甲".encode("utf-16"), where="x").text == "\0甲"


def test_traditional_chinese_is_not_taken_for_simplified():
    assert decode(TRADITIONAL.encode("big5"), where="x").text == TRADITIONAL


def test_characters_beyond_gbk():
    text = "㐂䶮镕" + REPORT
    assert decode(text.encode("gb18030"), where="x").text == text


@pytest.mark.parametrize("template", [PAGE, XML], ids=["meta", "xml"])
@pytest.mark.parametrize(
    ("declared", "written", "found"),
    [
        ("gb2312", "gb18030", "gb18030"),
        ("gb_2312-80", "gbk", "gb18030"),
        ("x-gbk", "gbk", "gb18030"),
        ("GBK", "gbk", "gb18030"),
        ("utf-8", "gb18030", "gb18030"),
        ("gb2312", "utf-8", "utf-8"),
        ("iso-8859-1", "gbk", "gb18030"),
        ("no-such-charset", "gbk", "gb18030"),
        ("hex", "gbk", "gb18030"),
        ("unicode_escape", "gbk", "gb18030"),
        ("big5", "big5", "big5hkscs"),
        ("gb2312", "utf-16", "utf-16"),
    ],
)
def test_declared(template, declared, written, found):
    source = template.format(declared, TRADITIONAL if written == "big5" else REPORT)
    decoded = decode(source.encode(written), where="x")
    assert (decoded.text, decoded.encoding) == (source, found)


def test_the_declaration_decides_where_bytes_do_not():
    """Four characters of Big5 are also valid GB18030."""
    source = PAGE.format("big5", "統計公報")
    assert decode(source.encode("big5"), where="x").text == source


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_junk_bytes_are_replaced_and_reported(codec, caplog):
    data = REPORT.encode(codec)
    middle = len(REPORT[:800].encode(codec))
    with caplog.at_level(logging.WARNING, "govie"):
        decoded = decode(data[:middle] + b"\xff\xff" + data[middle:], where="报告.txt")
    assert decoded.text == REPORT[:800] + "\ufffd\ufffd" + REPORT[800:]
    assert (decoded.encoding, decoded.replaced) == (codec, 2)
    assert "报告.txt" in caplog.text
    assert "800" in caplog.text


def test_a_file_cut_inside_a_character_keeps_its_encoding(caplog):
    for codec in ("utf-8", "gb18030", "utf-16", "utf-16-le"):
        decoded = decode(REPORT.rstrip().encode(codec)[:-1], where="x")
        assert decoded.text[:-1] == REPORT.rstrip()[:-1], codec


def test_noise_is_refused():
    with pytest.raises(FormatError, match="noise: no known encoding"):
        decode(random.Random(1).randbytes(4000), where="noise")


@given(CHINESE)
def test_short_gbk_text(text):
    """All but what is well-formed UTF-8 as well, such as 一一."""
    assume("\ufffd" in text.encode("gbk").decode("utf-8", "replace"))
    assert decode(text.encode("gbk"), where="x").text == text


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_decoding_with_the_named_encoding_gives_the_source_again(text, codec):
    data = text.encode(codec)
    decoded = decode(data, where="x")
    assert data.decode(decoded.encoding) == decoded.text


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_is_in_the_metadata(codec, tmp_path):
    (tmp_path / "报告.txt").write_bytes(REPORT.encode(codec))
    document = read(tmp_path / "报告.txt")
    assert (document.text, document.metadata.encoding) == (REPORT, codec)
