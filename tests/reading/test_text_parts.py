"""The parts of reading text: sentences, headings, years, stances, names, titles, noise, spam."""

import pytest
from cases import read_cases

from govie.document import Region
from govie.reading import headings
from govie.reading.build import build_document
from govie.reading.headings import parse_heading, parse_unnumbered
from govie.reading.lines import split_lines
from govie.reading.noise import noise_lines
from govie.reading.normalise import plain_form
from govie.reading.regions import named_region
from govie.reading.spam import spam_stretches
from govie.reading.stance import heading_views, opening_view
from govie.reading.titles import find_title, title_kind
from govie.reading.years import years_in


def cases(name):
    rows = read_cases(f"reading/{name}.tsv")
    return pytest.mark.parametrize("case", rows, ids=[f"{n} {row['cohort']}" for n, row in enumerate(rows, 1)])


def unescaped(words):
    return words.replace("\\n", "\n").replace("\\t", "\t")


@cases("sentences")
def test_sentences(case):
    document = build_document(unescaped(case["text"]))
    pieces = [document.text[sentence.start : sentence.end] for sentence in document.sentences]
    assert pieces == unescaped(case["pieces"]).split("¦")


@cases("headings")
def test_headings(case):
    heading = parse_heading(case["line"])
    if not case["depth"]:
        assert heading is None
        return
    assert (heading.depth, heading.title) == (getattr(headings, case["depth"]), case["title"])
    assert heading.alone is (case["alone"] == "yes")


def test_an_unnumbered_heading_stands_above_a_paragraph():
    paragraph = "坚持稳中求进工作总基调，" * 8 + "新建学校5所。"
    assert parse_unnumbered("经济体制改革迈出新步伐", paragraph).depth == headings.UNNUMBERED
    assert parse_unnumbered("经济体制改革迈出新步伐", "区发改局") is None
    assert parse_unnumbered("区城建局", paragraph) is None
    assert parse_unnumbered("新建学校5所。", paragraph) is None
    assert parse_unnumbered("区教育系统", "1." + paragraph) is None


@cases("years")
def test_years(case):
    assert [f"{first}-{last}" for first, last in years_in(case["text"])] == case["years"].split()


@cases("views")
def test_heading_views(case):
    views = heading_views(case["heading"], int(case["year"]))
    written = [f"{view.stance} {view.year or '-'} {'sure' if view.sure else 'open'}" for view in views]
    expected = {"none": [], "outside": ["None - sure"]}.get(case["views"], case["views"].split(";"))
    assert written == expected


@cases("openings")
def test_openings(case):
    view = opening_view(plain_form(case["paragraph"]), 2021)
    assert (view.stance or "", str(view.year or ""), "named" if view.sure else "") == (
        case["stance"],
        case["year"],
        case["time"],
    )


@cases("region_names")
def test_region_names(case):
    region = named_region(case["name"], case["name"] + case["beside"])
    levels = [None if level == "-" else level for level in case["region"].split()]
    assert region == (None if case["region"] == "none" else Region(*levels))


@cases("titles")
def test_titles(case):
    title = find_title(split_lines(case["line"]))
    assert (title or "") == case["title"]
    if title:
        assert title_kind(title) == case["kind"]


@cases("noise")
def test_lines_of_furniture(case):
    assert noise_lines(split_lines(case["line"]), (), None) == [case["noise"] == "yes"]


@cases("spam")
def test_spam(case):
    text = case["text"].replace("¦", "\n")
    clean = text.replace("【", "").replace("】", "")
    marked, shift = [], 0
    for position, char in enumerate(text):
        if char in "【】":
            marked.append(position - shift)
            shift += 1
    assert [offset for stretch in spam_stretches(clean) for offset in stretch] == marked
