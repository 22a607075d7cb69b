"""Bad input: each gets a result or one of our errors, in time linear in its length."""

import io
import time
import zipfile

import pytest

import govie
from govie.errors import EncryptedError, GovieError, LimitError, OptionError, ReadError

MB = 1_000_000

TEXTS = {
    "empty": "",
    "spaces": " \t\n\r\u3000\u00a0" * 50,
    "line ends of every kind": "一\r\n二\r三\u2028四\u2029五\x85六\x0b七\x0c八",
    "emoji": "😀👩‍👩‍👧🇨🇳" * 100,
    "NULs": "\x00" * 1000,
    "NULs in a fact": "新建\x00475\x00个\x00学校",
    "lone surrogates": "\ud800\udfff" * 50,
    "lone surrogates in a fact": "新建475个\ud800学校，增长\udc00 5%。",
    "control characters": "".join(map(chr, range(32))) * 20,
    "byte order marks": "\ufeff" * 100,
    "combining marks": "e" + "\u0301" * 5000,
    "right-to-left marks": "\u202e新建475个学校\u202c" * 20,
    "private use": "\ue000\U000f0000" * 100,
    "astral digits": "增长𝟝％，完成٣٤٥亿元，①②③",
    "a number of many digits": "完成" + "9" * 5000 + "亿元",
    "a fraction with zero below": "占全市1/0、0/0、零分之一",
    "magnitudes without end": "完成3" + "亿" * 2000 + "元",
    "open brackets": "（" * 3000 + "5%",
    "decimal points": "1" + ".1" * 3000 + "%",
    "headings only": "一、\n（一）\n1.\n" * 200,
    "table heads only": "牵头单位\n责任单位\n" * 200,
    "html as text": "<table><tr><td>新建4条路</td></tr></table>" * 20,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_odd_texts_give_a_result_that_keeps_the_text(text):
    found = govie.extract(text)
    assert found.text == text
    assert all(text[span.start : span.end] == span.text for span in found.spans)
    found.to_json()


@pytest.mark.parametrize("text", [TEXTS[name] for name in ("empty", "spaces", "emoji", "NULs", "byte order marks")])
def test_texts_that_say_nothing_give_nothing(text):
    found = govie.extract(text)
    assert [len(part) for part in (found.spans, found.relations, found.facts, found.tasks)] == [0, 0, 0, 0]


@pytest.mark.parametrize("source", [None, 5, b"bytes", ["text"], {"text": "a"}])
def test_what_is_no_text_is_an_error_of_ours(source):
    with pytest.raises(OptionError, match=type(source).__name__):
        govie.extract(source)
    with pytest.raises(OptionError, match=type(source).__name__):
        govie.load(mode="rules")(source)


@pytest.mark.parametrize("options", [{"mode": "magic"}, {"mode": None}, {"device": "tpu"}])
def test_wrong_options_are_named_with_their_choices(options):
    with pytest.raises(OptionError, match=r"auto.*"):
        govie.load(**options)


def test_a_wrong_batch_size_is_an_error_of_ours():
    with pytest.raises(OptionError, match="batch_size"):
        list(govie.load(mode="rules").pipe(["一"], batch_size=0))


# ---- length ------------------------------------------------------------------------------

# Each is repeated; anything worse than linear in a pattern, a bracket stack or a linker shows in the ratio.
PATTERNS = {
    "digits": "1",
    "digits and commas": "1,",
    "digits and points": "1.",
    "digits and dashes": "1-",
    "digits and slashes": "1/",
    "digits and percent": "5%",
    "Chinese numerals": "一",
    "mixed numerals": "十百千万亿",
    "magnitudes": "亿",
    "years": "2023年",
    "year ranges": "2021—",
    "facts in one sentence": "新建475个学校，",
    "facts in sentences": "新建475个学校。",
    "lists": "学校、",
    "agencies": "区发改局、",
    "agencies that lead": "由区发改局牵头，",
    "open brackets": "（",
    "brackets": "（5所）",
    "nested brackets": "（1所",
    "open quotation": "《",
    "quotation": "“五”",
    "separately": "分别增长5%、",
    "among them": "其中5个，",
    "headings": "一、",
    "headings in lines": "一、工作\n",
    "numbers in lines": "1.\n",
    "table cells in lines": "1.新建4条路\n\n区发改局\n\n",
    "heads of tables": "牵头单位\n\n责任单位\n\n",
    "line ends": "\n",
    "spaces": " ",
    "wide spaces": "\u3000",
    "spaced digits": "8 ",
    "letters": "a",
    "links": "http://a.cn/",
    "plain words": "发展",
    "verbs": "完成实现达到",
    "particles": "的",
}
SHORT, FACTOR = 3_000, 4


def seconds(text):
    """Processor time, which other processes disturb less than the clock."""
    began = time.process_time()
    govie.extract(text)
    return time.process_time() - began


@pytest.mark.parametrize("piece", PATTERNS.values(), ids=PATTERNS.keys())
def test_time_grows_with_length_and_not_with_its_square(piece):
    short, long = (piece * (length // len(piece)) for length in (SHORT, SHORT * FACTOR))
    govie.extract(short)
    for _ in range(3):  # one measurement may be disturbed; a true square fails every time
        once, more = min(seconds(short) for _ in range(2)), seconds(long)
        if more < max(once * FACTOR * 2, 0.05):
            return
    pytest.fail(f"{SHORT} characters take {once:.3f} s, {FACTOR} times as many {more:.3f} s")


def test_ten_megabytes_in_one_line_are_read_to_the_end():
    text = "发展" * (10 * MB // len("发展".encode())) + "，新建475个学校。"
    began = time.process_time()
    found = govie.load(mode="rules")(text)
    assert time.process_time() - began < 60
    assert [fact.value for fact in found] == [475]


def test_the_last_of_many_facts_in_one_sentence_is_found():
    text = "新建475个学校，" * 1000
    found = govie.load(mode="rules")(text)
    assert [fact.value for fact in found] == [475] * 1000
    assert found.spans[-1].end == len(text) - 1


# ---- reading -----------------------------------------------------------------------------


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def encrypted_pdf():
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


BROKEN_HTML = b"<html><body><table><tr><td>\xd0\xc2\xbd\xa8<td>4<p></table></div></b><!-- <script>if(a<b"
NESTED = b"<div>" * 100_000 + "新建475个学校。".encode() + b"</div>" * 100_000
UNREADABLE = {
    "zip.docx": zipped(hello="world"),
    "empty.docx": b"",
    "text.docx": "新建475个学校".encode(),
    "half.docx": zipped(**{"word/document.xml": "<w:document"})[:60],
    "broken.pdf": b"%PDF-1.7\n%%EOF",
    "text.pdf": "新建475个学校".encode(),
}
READABLE = {
    "empty.txt": b"",
    "spaces.txt": b" \n\t",
    "nul.txt": "新建\x00475个学校".encode(),
    "noise.txt": bytes(range(256)) * 40,
    "utf16.txt": "新建475个学校。".encode("utf-16"),
    "empty.html": b"",
    "broken.html": BROKEN_HTML,
    "binary.html": bytes(range(256)) * 40,
    "empty.md": b"",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_files_that_are_not_what_they_say_are_errors_of_ours(tmp_path, name):
    (tmp_path / name).write_bytes(UNREADABLE[name])
    with pytest.raises(ReadError) as caught:
        govie.read(tmp_path / name)
    assert name in str(caught.value)


def read_or_error(source):
    """Read; any error that is not ours fails the test."""
    try:
        return govie.read(source)
    except GovieError as error:
        return error


@pytest.mark.parametrize("name", READABLE)
def test_odd_files_give_a_result_or_an_error_of_ours(tmp_path, name):
    (tmp_path / name).write_bytes(READABLE[name])
    outcome = read_or_error(tmp_path / name)
    if isinstance(outcome, GovieError):
        assert name in str(outcome)
    else:
        assert outcome.extract().text == outcome.text


def test_an_encrypted_pdf_says_so(tmp_path):
    (tmp_path / "locked.pdf").write_bytes(encrypted_pdf())
    with pytest.raises(EncryptedError, match=r"locked\.pdf"):
        govie.read(tmp_path / "locked.pdf")


def test_a_directory_and_a_missing_file_are_named(tmp_path):
    for path in (tmp_path, tmp_path / "missing.txt"):
        with pytest.raises(ReadError, match=path.name):
            govie.read(path)


@pytest.mark.parametrize("source", [None, 5, ["a.txt"]])
def test_what_is_no_path_is_an_error_of_ours(source):
    with pytest.raises(GovieError):
        govie.read(source)


def test_a_path_with_a_nul_is_an_error_of_ours():
    with pytest.raises(ReadError):
        govie.read("a\x00b.txt")


def test_deep_html_keeps_its_words(tmp_path):
    (tmp_path / "nested.html").write_bytes(NESTED)
    outcome = read_or_error(tmp_path / "nested.html")
    if isinstance(outcome, GovieError):
        assert isinstance(outcome, LimitError)
        assert "nested.html" in str(outcome)
    else:
        assert "475" in outcome.text


def test_reading_html_is_linear(tmp_path):
    def spent(times):
        page = b"<html><body>" + b"<div><p>a<b>b</p><table><tr><td rowspan=9>c" * times
        began = time.process_time()
        read_or_error(page)
        return time.process_time() - began

    spent(200)
    for _ in range(4):
        once, more = spent(500), spent(2000)
        if more < max(once * 8, 0.1):
            return
    pytest.fail(f"500 repetitions take {once:.3f} s, 2000 take {more:.3f} s")
