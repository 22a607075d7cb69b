"""The page as text. What it does in a browser is in test_report_browser.py."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from lxml import html as lxml_html

from govie.errors import OptionError
from govie.integrations.report import render
from govie.records import Extraction

NOTHING = Extraction("", (), (), (), ())


@pytest.fixture
def page(sample, sample_document):
    return render([sample], documents=[sample_document])


def _tree(page):
    return lxml_html.document_fromstring(page.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8"))


def test_all_words_of_the_text_are_there(page, sample):
    shown = "".join(_tree(page).xpath("//article//text()"))
    assert "".join(shown.split()) == "".join(sample.text.split())


def test_every_span_is_marked_with_its_own_words(page, sample):
    tree = _tree(page)
    for span in sample.spans:
        mark = tree.get_element_by_id(f"d0s{span.id}")
        assert (mark.text_content(), mark.get("class")) == (span.text, f"w {span.label.lower()}")


def test_every_link_inside_leads_somewhere(page):
    tree = _tree(page)
    ids = set(tree.xpath("//@id"))
    links = tree.xpath("//a/@href")
    assert links
    assert {link[1:] for link in links} <= ids
    assert len(ids) == len(tree.xpath("//@id"))


def test_a_fact_row_shows_name_value_status_period_and_agencies(page):
    cells = _tree(page).xpath("//tr[@id='d0f2']/td")
    assert cells[1].text == "新建小区配套路"
    assert [cell.text_content() for cell in cells[2:]] == ["4–6条", "目标数值", "2021", "区发改局区商务局"]


def test_noise_and_headings_stand_out(page):
    tree = _tree(page)
    assert tree.xpath("string(//p[@class='noise'])") == "打印 关闭"
    assert tree.xpath("//p[@class='heading']//text()") == ["一、2020年工作回顾", "二、2021年工作安排"]
    assert tree.xpath("//*[@class='outline']//a/text()") == ["一、2020年工作回顾", "二、2021年工作安排"]


def test_the_policy_allows_this_script_and_style_alone(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    for tag in ("style", "script"):
        source = re.search(f"<{tag}>(.*?)</{tag}>", page, re.S)[1]
        digest = b64encode(sha256(source.encode()).digest()).decode()
        assert f"{tag}-src &#x27;sha256-{digest}&#x27;;" in policy or f"{tag}-src 'sha256-{digest}';" in policy
    assert "default-src 'none'" in policy.replace("&#x27;", "'")
    assert "unsafe" not in policy


def test_nothing_is_fetched(page):
    outside = set(re.findall(r"(?:https?:)?//[\w.]+[^\s\"'<]*", page)) - {"http://www.w3.org/2000/svg"}
    assert not outside
    assert not re.search(r"<link|<img|<iframe|@import|url\(", page)


@pytest.mark.parametrize(
    "hostile", ["<script>window.hit=1</script>", "\"'><img src=x onerror=alert(1)>", "</style>&lt;b>"]
)
def test_markup_in_the_data_stays_text(sample, sample_document, hostile):
    at = sample.spans[0]
    text = sample.text.replace(at.text, hostile)
    shift = len(hostile) - len(at.text)
    moved = [replace(span, start=span.start + shift, end=span.end + shift) for span in sample.spans[1:]]
    spans = (replace(at, text=hostile, end=at.end + shift), *moved)
    fact = replace(sample.facts[0], name=hostile, section=(hostile,), period=hostile)
    metadata = replace(sample_document.metadata, title=hostile, issuer=hostile)
    page = render(
        [replace(sample, text=text, spans=spans, facts=(fact,), tasks=())],
        documents=[replace(sample_document, text=text, metadata=metadata, sentences=())],
        title=hostile,
    )
    tree = _tree(page)
    assert len(tree.xpath("//script")) == 1
    assert len(tree.xpath("//style")) == 1
    assert not tree.xpath("//img | //@onerror")
    assert tree.get_element_by_id("d0s0").text == hostile


def test_what_cannot_be_shown_is_replaced(sample):
    odd = replace(sample, text=sample.text.replace("打印", "\ud800\x00"), title="\udfff")
    render([odd]).encode("utf-8")


def test_a_span_over_a_line_end_keeps_one_id(sample):
    text = sample.text.replace("区生产", "区\n产")
    page = render([replace(sample, text=text)])
    pieces = _tree(page).xpath("//article//*[@data-s='0']")
    assert [piece.text for piece in pieces] == ["地区", "产总值"]
    assert [piece.get("id") for piece in pieces] == ["d0s0", None]


def test_a_shared_word_knows_all_its_facts(page):
    assert _tree(page).get_element_by_id("d0s0").get("data-f") == "0 1"


@pytest.mark.parametrize("extractions", [[], [NOTHING], [NOTHING, NOTHING]])
def test_nothing_found_is_still_a_page(extractions):
    assert render(extractions).count("没有找到事实") == len(extractions)


def test_lists_of_another_length_are_refused(sample):
    with pytest.raises(OptionError, match="documents: 2 given for 1"):
        render([sample], documents=[None, None])
    with pytest.raises(OptionError, match="names: 0 given for 1"):
        render([sample], names=[])
