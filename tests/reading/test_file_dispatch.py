from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.config import Limits
from govie.document import Document
from govie.errors import EncryptedError, FormatError, GovieError, LimitError, OptionError, ReadError
from govie.reading import read
from reading.pdf_writer import write_pdf

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def stream(name):
    return OLE + name.encode("utf-16-le") + bytes(64)


def zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["空.txt", "空", "空.md", "空.html", "空.csv"])
def test_an_empty_text_file_is_an_empty_document(name, tmp_path):
    (tmp_path / name).touch()
    document = read(tmp_path / name)
    assert (document.text, document.sentences, document.tables) == ("", (), ())


@pytest.mark.parametrize("path", ["a.txt", Path("a.txt"), b"a.txt"], ids=["str", "path", "bytes"])
def test_a_str_is_a_path_and_bytes_are_content(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("新建学校3所", "utf-8")
    assert read(path).text == ("a.txt" if isinstance(path, bytes) else "新建学校3所")


def test_plain_text_loses_only_what_cannot_be_seen():
    source = "\ufeff　　一、工\u200b作\r\n二、\0重点\x0c三、\u2028\t 四 "
    document = read(("x" + source).encode())
    assert document.text == "x　　一、工作\n二、重点\n三、\n\t 四 "
    assert ("x" + source)[document.source_offset(document.text.index("重"))] == "重"


def test_spreadsheets_and_pictures_named_txt_are_refused(tmp_path):
    (tmp_path / "a.txt").write_bytes(stream("Workbook"))
    with pytest.raises(FormatError, match="Excel"):
        read(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (stream("WordDocument"), r"\.doc"),
        (stream("Workbook"), "Excel"),
        (stream("PowerPoint Document"), "PowerPoint"),
        (OLE, "old binary"),
        (zipped("hello.txt"), "zip archive"),
        (zipped("xl/workbook.xml"), "xlsx"),
        (zipped("OFD.xml"), "OFD"),
        (zipped("content.xml"), "OpenDocument"),
        (zipped("a")[:20], "damaged zip"),
        (b"{\\rtf1\\ansi hello}", "RTF"),
        (b"Rar!\x1a\x07\0", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\0\0", "7-Zip"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"From: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "MIME"),
        (b"%PDF-1.7\n%%EOF", "PDF"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("name", ["a.docx", "a.doc", "a.txt", "a"])
def test_formats_that_are_not_read_are_named(data, words, name, tmp_path):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FormatError, match=words) as caught:
        read(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)
    assert caught.value.hint


def test_an_office_file_with_a_password():
    with pytest.raises(EncryptedError):
        read(stream("EncryptedPackage"))


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_an_error_page_saved_under_the_name_of_a_document(name, tmp_path):
    (tmp_path / name).write_text("<html><body>404</body></html>", "utf-8")
    with pytest.raises(FormatError, match=r"named \.(pdf|docx)"):
        read(tmp_path / name)


@pytest.mark.parametrize("name", ["a", "a.doc", "a.htm", "a.txt", "a.aspx"])
def test_pages_are_known_by_how_they_begin(name, tmp_path):
    (tmp_path / name).write_text("\n<!-- x --><!DOCTYPE html><p>甲<p>乙", "utf-8")
    assert read(tmp_path / name).text == "甲\n乙"


def test_content_decides_over_a_wrong_name(tmp_path):
    (tmp_path / "a.txt").write_bytes(write_pdf([["新建学校3所"]]))
    assert read(tmp_path / "a.txt").text == "新建学校3所"


def test_pdf_headers_before_and_after_other_bytes():
    assert read(b"\xef\xbb\xbf\r\n junk" + write_pdf([["新建学校3所"]])).text == "新建学校3所"
    assert read("说明：文件以 %PDF-1.7 开头。".encode()).text == "说明：文件以 %PDF-1.7 开头。"


def test_tags_in_plain_text_stay():
    assert read("公式 a<b>c 与 <p>".encode()).text == "公式 a<b>c 与 <p>"


def test_paths_that_cannot_be_read(tmp_path, monkeypatch):
    with pytest.raises(ReadError, match="directory"):
        read(tmp_path)
    with pytest.raises(ReadError, match="no such file"):
        read(tmp_path / "没有.txt")
    with pytest.raises(ReadError):
        read("a\0b")
    with pytest.raises(ReadError):
        read("很长" * 5000)
    with pytest.raises(ReadError):
        read("")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReadError, match="regular"):
        read(tmp_path / "pipe")
    (tmp_path / "a.txt").touch()
    monkeypatch.setattr(
        Path, "read_bytes", lambda self: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
    )
    with pytest.raises(ReadError, match="Permission denied"):
        read(tmp_path / "a.txt")


@pytest.mark.parametrize("source", [None, 5, ["a.txt"]])
def test_what_is_neither_path_nor_bytes(source):
    with pytest.raises(OptionError):
        read(source)


def test_size_limit(tmp_path):
    (tmp_path / "a.txt").write_text("x" * 11)
    for source in (tmp_path / "a.txt", b"x" * 11):
        with pytest.raises(LimitError, match="11 bytes"):
            read(source, limits=Limits(source_bytes=10))


HEADS = st.sampled_from(
    [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"<!DOCTYPE html>", OLE[:8], b"\xff\xfe", b"\xef\xbb\xbf", b"\0"]
)


@settings(max_examples=150, deadline=None)
@given(HEADS, st.binary(max_size=400))
def test_any_bytes_give_a_document_or_one_of_our_errors(head, data):
    try:
        document = read(head + data)
    except GovieError:
        return
    assert isinstance(document, Document)
    assert len(document.plain) == len(document.text)
    assert all(document.source_offset(at) >= 0 for at in range(len(document.text) + 1))
