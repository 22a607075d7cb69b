"""What a page says about its document: title, issuer, region, year, kind, dates and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import NamedTuple

from govie.document import DocumentKind, Metadata, Region
from govie.reading.delivery import Delivery, find_delivery, report_pattern, represented_organ
from govie.reading.fields import Fields, iso_date, page_fields
from govie.reading.headings import FIRST, parse_heading
from govie.reading.lines import Line
from govie.reading.regions import NATION, commonest_region, named_region
from govie.reading.stance import heading_views, is_main_heading
from govie.reading.titles import find_title, title_kind
from govie.reading.years import years_in

__all__ = ["find_metadata"]

_EVIDENCE = 200_000  # a region and a kind show themselves within this many code points
_HEAD_LINES = 80
_FIRST_LINES = 10
_LONGEST_LINE = 200
_LONGEST_NAME_LINE = 60
_MANY_RESPONSIBLE = 5
_LATE_MONTH = 10  # a report delivered in autumn or winter is for the year to come
_NUMBER = re.compile(r"[一-鿿]{1,12}[〔\[(（]\s?(?P<year>(?:19|20)\d\d)\s?[〕\])）]\s?\d{1,4}\s?号")
_DATE_LINE = re.compile(r"\(?(?:19|20)\d\d年\d{1,2}月\d{1,2}日")
_OPENING_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_STAMP = re.compile(
    r"""
      (?P<posted> 发表于 ) \s* \d{4}-\d{1,2}-\d{1,2}
    | (?:19|20)\d\d (?: [-/.]\d{1,2}[-/.]\d{1,2} | 年\d{1,2}月\d{1,2}日 ) \s*
      (?: \d\d?:\d\d (?: :\d\d )? \s* )? (?: $ | 来源 )
    """,
    re.X,
)
_ISSUED = re.compile(
    r"""
    ^(?P<organ> [一-鿿]{2,30}? (?: 人民政府(?:办公厅|办公室)? | 委员会 | 办公厅 | 办公室 | [局厅委] ) )
    (?: 等.{1,6}部门 )? (?: 关于 | 印发 )
    """,
    re.X,
)
_NATION = re.compile(r"国务院|全国人民代表大会|中华人民共和国")
_BARE_ORGAN = re.compile(r"^(?P<level>省|自治区|市|州|区|县)(?:人民政府|政府)$")
_BARE_LIST = re.compile(r"年(?P<level>省|自治区|市|州|区|县)(?=政府|[一二三四五六七八九十\d])")
_GOVERNMENT = re.compile(r"[省市区县州盟旗](?:人民)?政府")
_COMMITTEE = re.compile(r"(?:管委会|管理委员会)$")
_LEVELS = {"省": "province", "自治区": "province", "市": "city", "州": "city", "区": "county", "县": "county"}


class _Evidence(NamedTuple):
    """What a document is judged by; ``titles`` are the one that is known and the one that stands on the page."""

    text: str
    lines: Sequence[Line]
    page: Fields
    delivery: Delivery
    titles: tuple[str, ...]

    def field(self, name: str) -> str:
        return self.page.values.get(name, "")

    def short_lines(self, longest: int) -> Iterator[str]:
        return (line.text for line in self.lines[:_HEAD_LINES] if len(line.text) <= longest)


def find_metadata(text: str, lines: Sequence[Line], known: Metadata) -> tuple[Metadata, frozenset[int]]:
    """Return what is known of a document, and the indices of the lines that hold only labelled fields.

    Args:
        text: the whole document, normalised, spam blanked.
        lines: its lines.
        known: what the reader of the file already knows; its fields win over what the text says.
    """
    page, delivery = page_fields(lines), find_delivery(lines)
    shown = page.values.get("title") or find_title(lines[: delivery.start], page.lines)
    titles = tuple(title for title in (known.title, shown) if title)
    evidence = _Evidence(text[:_EVIDENCE], lines, page, delivery, titles)
    kind = known.kind if known.kind != "other" else _kind(evidence)
    number = evidence.field("document_number") or _document_number(evidence)
    written = known.written or delivery.date or iso_date(evidence.field("written")) or _signed(lines)
    published = known.published or iso_date(evidence.field("published")) or _published(evidence)
    region = known.region or _region(evidence)
    found = Metadata(
        title=titles[0] if titles else None,
        issuer=known.issuer or _issuer(evidence, region),
        region=region,
        year=known.year or _year(evidence, kind, written or published, number),
        kind=kind,
        index_number=page.values.get("index_number"),
        document_number=number,
        written=written,
        published=published,
        source=evidence.field("source") or _byline(evidence),
    )
    return _merged(known, replace(found, title=_full_title(found))), page.lines


def _merged(known: Metadata, found: Metadata) -> Metadata:
    default = Metadata()
    given = {field.name: getattr(known, field.name) for field in fields(Metadata)}
    return replace(found, **{name: value for name, value in given.items() if value != getattr(default, name)})


def _kind(evidence: _Evidence) -> DocumentKind:
    kinds = (title_kind(title) for title in evidence.titles)
    kind: DocumentKind = next((kind for kind in kinds if kind != "other"), "other")
    delivery = evidence.delivery
    if kind == "other" and (delivery.organ or (delivery.start is not None and _heading_year(evidence.lines))):
        return "work_report"
    return "task_table" if kind in {"other", "livelihood_list"} and _assigns(evidence) else kind


def _assigns(evidence: _Evidence) -> bool:
    """Tell whether a document names those responsible, in a column of their own or after each item."""
    if any(report_pattern("responsible_header").match(text) for text in evidence.short_lines(_LONGEST_NAME_LINE)):
        return True
    return len(report_pattern("responsible").findall(evidence.text)) >= _MANY_RESPONSIBLE


def _year(evidence: _Evidence, kind: DocumentKind, date: str | None, number: str | None) -> int | None:
    """Return the year a document is for: by its title, its headings, its number, or the date it was written."""
    named = (years.last for title in evidence.titles for years in years_in(title) if years.first == years.last)
    if year := next(named, None):
        return year
    if kind == "work_report" and (year := _heading_year(evidence.lines)):
        return year
    if match := _NUMBER.search(number or ""):
        return int(match["year"])
    if date:
        return int(date[:4]) + (kind == "work_report" and int(date[5:7]) >= _LATE_MONTH)
    opening = _OPENING_YEAR.match(evidence.lines[0].text) if evidence.lines else None
    return int(opening.group()) if opening else None


def _heading_year(lines: Sequence[Line]) -> int | None:
    """Return the latest year that a main heading plans for, or the year after the latest one reviewed."""
    planned, reviewed = {0}, {0}
    for title in filter(None, (_main_title(line.text) for line in lines)):
        year = max((years.last for years in years_in(title) if years.first == years.last), default=0)
        stances = [view.stance for view in heading_views(title, None) if view.sure]
        if not stances or "plan" in stances:
            planned.add(year)
        elif year:
            reviewed.add(year + 1)
    latest = max(reviewed)
    return max(year for year in planned if not latest or year <= latest + 1) or latest or None


def _main_title(text: str) -> str | None:
    if is_main_heading(text):
        return text
    heading = parse_heading(text)
    return heading.title if heading and heading.depth <= FIRST else None


def _region(evidence: _Evidence) -> Region | None:
    """Return the finest region among those that the titles, the organs and the assembly name."""
    delivery, text = evidence.delivery, evidence.text
    names = (*evidence.titles, delivery.place, delivery.organ, delivery.speaker, evidence.field("issuer"))
    names = tuple(filter(None, (*names, _issued(evidence))))
    if any(_NATION.match(name) for name in names):
        return NATION
    found = [region for name in names if (region := named_region(name, text))]
    if found:
        return max(found, key=lambda region: (bool(region.county), bool(region.city), bool(region.province)))
    thanks = "" if delivery.organ else represented_organ(text)
    level = _level(evidence)
    return (named_region(thanks, text) if thanks else None) or (commonest_region(text, level) if level else None)


def _level(evidence: _Evidence) -> str | None:
    """Return the level of a place that goes unnamed: 省人民政府, 2016年省十件民生实事, 我区."""
    bare_lists = (match for title in evidence.titles if (match := _BARE_LIST.search(title)))
    if match := _BARE_ORGAN.match(evidence.delivery.organ) or next(bare_lists, None):
        return _LEVELS[match["level"]]
    counts = {own: evidence.text.count(f"全{own}") + evidence.text.count(f"我{own}") for own in _LEVELS}
    own = max(counts, key=counts.__getitem__)
    return _LEVELS[own] if counts[own] else None


def _issued(evidence: _Evidence) -> str | None:
    """Return the organ that a title, or one of the first lines, says it issued the document."""
    texts = (*evidence.titles, *(line.text[:_LONGEST_LINE] for line in evidence.lines[:3]))
    return next((match["organ"] for text in texts if (match := _ISSUED.match(text))), None)


def _issuer(evidence: _Evidence, region: Region | None) -> str | None:
    if issuer := evidence.field("issuer") or _issued(evidence):
        return issuer
    organ = evidence.delivery.organ
    if organ and not _BARE_ORGAN.match(organ):
        return organ
    if region is None or not (organ or any(_GOVERNMENT.search(title) for title in evidence.titles)):
        return None
    return "国务院" if region == NATION else f"{_own_name(region)}人民政府"


def _own_name(region: Region) -> str:
    """Name a region as its own documents do: a province alone, a city without its province."""
    return "".join(part for part in (region.city, region.county) if part) or region.province or ""


def _full_title(found: Metadata) -> str | None:
    """Return the title, built from year and region where a report's page gives none or a bare 政府工作报告."""
    if found.kind != "work_report" or found.region is None or found.title not in {None, "政府工作报告"}:
        return found.title
    organ = "国务院政府" if found.region == NATION else f"{_own_name(found.region)}政府"
    if found.issuer and _COMMITTEE.search(found.issuer):
        organ = f"{_own_name(found.region)}管委会"
    return f"{found.year}年{organ}工作报告" if found.year else f"{organ}工作报告"


def _document_number(evidence: _Evidence) -> str | None:
    heads = (line.text for line in evidence.lines[:_FIRST_LINES] if len(line.text) <= _LONGEST_LINE)
    return next((match.group() for text in heads if (match := _NUMBER.search(text))), None)


def _signed(lines: Sequence[Line]) -> str | None:
    """Return the date that stands alone in a line, as under a signature, or before 通过."""
    for line in lines:
        match = _DATE_LINE.match(line.text) if len(line.text) <= _LONGEST_NAME_LINE else None
        if match and (match.end() == len(line.text) or line.text.endswith("通过)")):
            return iso_date(line.text)
    return None


def _published(evidence: _Evidence) -> str | None:
    """Return the date of a forum's posting line, else of the first line that is a time stamp."""
    stamps = [match for text in evidence.short_lines(_LONGEST_NAME_LINE) if (match := _STAMP.match(text))]
    best = next((match for match in stamps if match["posted"]), stamps[0] if stamps else None)
    return iso_date(best.group()) if best else None


def _byline(evidence: _Evidence) -> str | None:
    heads = evidence.short_lines(_LONGEST_NAME_LINE)
    return next((match["source"] for text in heads if (match := report_pattern("byline").match(text))), None)
