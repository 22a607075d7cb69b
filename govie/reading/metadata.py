"""What a page says about its document: title, issuer, region, year, kind, dates and numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cache
from typing import NamedTuple

from govie.document import DocumentKind, Metadata, Region
from govie.lexicon import load_toml
from govie.reading.fields import Fields, iso_date, page_fields
from govie.reading.headings import FIRST, parse_heading
from govie.reading.lines import Line
from govie.reading.regions import NATION, commonest_region, named_region
from govie.reading.stance import heading_views, is_main_heading
from govie.reading.titles import find_title, title_kind
from govie.reading.years import years_in

__all__ = ["find_metadata"]

_EVIDENCE = 200_000  # a region shows itself within this many code points
_HEAD_LINES = 80
_LONGEST_LINE = 200
_MANY_RESPONSIBLE = 5
_LATE_MONTH = 10  # a report delivered in autumn or winter is for the year to come
_NUMBER = re.compile(r"[一-鿿]{1,12}[〔\[(（]\s?(?P<year>(?:19|20)\d\d)\s?[〕\])）]\s?\d{1,4}\s?号")
_DATE_LINE = re.compile(r"\(?(?:19|20)\d\d年\d{1,2}月\d{1,2}日")
_ISSUED = re.compile(
    r"^(?P<organ>[一-鿿]{2,30}?(?:人民政府办公厅|人民政府办公室|人民政府|委员会|办公厅|办公室|局|厅|委))(?:等.{1,6}部门)?(?:关于|印发)"
)
_LONGEST_NAME_LINE = 60
_NATION = re.compile(r"国务院|全国人民代表大会|中华人民共和国")
_BARE_ORGAN = re.compile(r"^(?P<level>省|自治区|市|州|区|县)(?:人民政府|政府)$")
_OPENING_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_BARE_LIST = re.compile(r"年(?P<level>省|自治区|市|州|区|县)(?=政府|[一二三四五六七八九十\d])")
_GOVERNMENT = re.compile(r"[省市区县州盟旗](?:人民)?政府")
_COMMITTEE = re.compile(r"(?:管委会|管理委员会)$")
_STAMP = re.compile(
    r"""
      (?P<posted> 发表于 ) \s* \d{4}-\d{1,2}-\d{1,2}
    | (?:19|20)\d\d (?: [-/.]\d{1,2}[-/.]\d{1,2} | 年\d{1,2}月\d{1,2}日 ) \s*
      (?: \d\d?:\d\d (?: :\d\d )? \s* )? (?: $ | 来源 )
    """,
    re.X,
)
_LEVELS = {"省": "province", "自治区": "province", "市": "city", "州": "city", "区": "county", "县": "county"}


class _Report(NamedTuple):
    """Who delivers a report, where and when, and the index of the line that starts it; empty if it is none."""

    organ: str = ""
    speaker: str = ""
    place: str = ""
    date: str | None = None
    start: int | None = None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load_toml("documents.toml")["report"][name])


def find_metadata(text: str, lines: Sequence[Line], known: Metadata) -> tuple[Metadata, frozenset[int]]:
    """Return what is known of a document, and the indices of the lines that hold only labelled fields.

    Args:
        text: the whole document, normalised, spam blanked.
        lines: its lines.
        known: what the reader of the file already knows; its fields win over what the text says.
    """
    text = text[:_EVIDENCE]
    page = page_fields(lines)
    report = _report(lines)
    shown = page.values.get("title") or find_title(lines[: report.start], page.lines)
    title = known.title or shown
    kind = known.kind if known.kind != "other" else _kind(title, shown, report, text, lines)
    number = page.values.get("document_number") or _document_number(lines)
    written = known.written or report.date or iso_date(page.values.get("written", "")) or _signed(lines)
    published = known.published or iso_date(page.values.get("published", "")) or _published(lines)
    year = known.year or _year(title, kind, lines, written or published, number)
    region = known.region or _region(title, page, report, text, lines)
    issuer = known.issuer or _issuer(title, page, report, region, lines)
    found = Metadata(
        title=_full_title(title, kind, year, region, issuer),
        issuer=issuer,
        region=region,
        year=year,
        kind=kind,
        index_number=page.values.get("index_number"),
        document_number=number,
        written=written,
        published=published,
        source=page.values.get("source") or _byline(lines),
    )
    return _merged(known, found), page.lines


def _merged(known: Metadata, found: Metadata) -> Metadata:
    default = Metadata()
    given = {field.name: getattr(known, field.name) for field in fields(Metadata)}
    return replace(found, **{name: value for name, value in given.items() if value != getattr(default, name)})


def _report(lines: Sequence[Line]) -> _Report:
    """Read the lines between a report's title and its first part."""
    organ = speaker = place = ""
    date, start = None, None
    for index, line in enumerate(lines[:_HEAD_LINES]):
        text = line.text[:_LONGEST_LINE]
        if start is None and _pattern("salutation").match(text):
            start = index
        if not organ and (match := _pattern("represents").search(text)) and _pattern("reports").search(text):
            organ, start = match["organ"], index if start is None else start
        if not place and (match := _pattern("delivered").search(text)):
            place, date = match["place"].replace(" ", ""), iso_date(match["date"])
        if not speaker and len(text) <= _LONGEST_NAME_LINE and (match := _pattern("speaker").match(text)):
            speaker = match["organ"]
    return _Report(organ, speaker, place, date, start)


def _kind(title: str | None, report: _Report, text: str, lines: Sequence[Line]) -> DocumentKind:
    kind = title_kind(title) if title else "other"
    if kind == "other" and (report.organ or (report.start is not None and _heading_year(lines))):
        return "work_report"
    return "task_table" if kind in {"other", "livelihood_list"} and _assigns(text, lines) else kind


def _assigns(text: str, lines: Sequence[Line]) -> bool:
    """Tell whether a document names those responsible, in a column of their own or after each item."""
    if any(_pattern("responsible_header").match(line.text) for line in lines[:_HEAD_LINES]):
        return True
    return len(_pattern("responsible").findall(text)) >= _MANY_RESPONSIBLE


def _year(
    title: str | None, kind: DocumentKind, lines: Sequence[Line], date: str | None, number: str | None
) -> int | None:
    """Return the year a document is for: by its title, its headings, or the date it was written."""
    named = next((years.last for years in years_in(title or "") if years.first == years.last), None)
    if named is None and kind == "work_report":
        named = _heading_year(lines)
    if named is None and (match := _NUMBER.search(number or "")):
        named = int(match["year"])
    if named is None and date:
        late = kind == "work_report" and int(date[5:7]) >= _LATE_MONTH
        named = int(date[:4]) + late
    if named is None and lines and (match := _OPENING_YEAR.match(lines[0].text)):
        named = int(match.group())
    return named


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


def _region(title: str | None, page: Fields, report: _Report, text: str, lines: Sequence[Line]) -> Region | None:
    """Return the finest region among those that the title, the organs and the assembly name."""
    issuer = page.values.get("issuer", "")
    names = [
        name for name in (title, report.place, report.organ, report.speaker, issuer, _issued(title, lines)) if name
    ]
    if any(_NATION.match(name) for name in names):
        return NATION
    found = [region for name in names if (region := named_region(name, text))]
    if found:
        return max(found, key=lambda region: (bool(region.county), bool(region.city), bool(region.province)))
    thanks = _pattern("represents").search(text)
    if not report.organ and thanks and (region := named_region(thanks["organ"], text)):
        return region
    level = _level(title, report, text)
    return commonest_region(text, level) if level else None


def _level(title: str | None, report: _Report, text: str) -> str | None:
    """Return the level of a place that goes unnamed: 省人民政府, 2016年省十件民生实事, 我区."""
    if match := _BARE_ORGAN.match(report.organ) or _BARE_LIST.search(title or ""):
        return _LEVELS[match["level"]]
    counts = {own: text.count(f"全{own}") + text.count(f"我{own}") for own in _LEVELS}
    own = max(counts, key=counts.__getitem__)
    return _LEVELS[own] if counts[own] else None


def _issued(title: str | None, lines: Sequence[Line]) -> str | None:
    """Return the organ that a title, or one of the first lines, says it issued the document."""
    texts = (title or "", *(line.text[:_LONGEST_LINE] for line in lines[:3]))
    return next((match["organ"] for text in texts if (match := _ISSUED.match(text))), None)


def _issuer(
    title: str | None, page: Fields, report: _Report, region: Region | None, lines: Sequence[Line]
) -> str | None:
    if issuer := page.values.get("issuer"):
        return issuer
    if organ := _issued(title, lines):
        return organ
    if report.organ and not _BARE_ORGAN.match(report.organ):
        return report.organ
    if region is None or not (report.organ or _GOVERNMENT.search(title or "")):
        return None
    return "国务院" if region == NATION else f"{_own_name(region)}人民政府"


def _own_name(region: Region) -> str:
    """Name a region as its own documents do: a province alone, a city without its province."""
    return "".join(part for part in (region.city, region.county) if part) or region.province or ""


def _full_title(
    title: str | None, kind: DocumentKind, year: int | None, region: Region | None, issuer: str | None
) -> str | None:
    """Return the title, built from year and region where the page gives none or a bare 政府工作报告."""
    if kind != "work_report" or region is None or (title and title != "政府工作报告"):
        return title
    organ = "国务院政府" if region == NATION else f"{_own_name(region)}政府"
    if issuer and _COMMITTEE.search(issuer):
        organ = f"{_own_name(region)}管委会"
    return f"{year}年{organ}工作报告" if year else f"{organ}工作报告"


def _document_number(lines: Sequence[Line]) -> str | None:
    heads = (line.text for line in lines[: _HEAD_LINES // 8] if len(line.text) <= _LONGEST_LINE)
    return next((match.group() for text in heads if (match := _NUMBER.search(text))), None)


def _signed(lines: Sequence[Line]) -> str | None:
    """Return the date that stands alone in a line, as under a signature, or before 通过."""
    for line in lines:
        match = _DATE_LINE.match(line.text) if len(line.text) <= _LONGEST_NAME_LINE else None
        if match and (match.end() == len(line.text) or line.text.endswith("通过)")):
            return iso_date(line.text)
    return None


def _published(lines: Sequence[Line]) -> str | None:
    heads = (line.text for line in lines[:_HEAD_LINES] if len(line.text) <= _LONGEST_NAME_LINE)
    stamps = [match for text in heads if (match := _STAMP.match(text))]
    best = next((match for match in stamps if match["posted"]), stamps[0] if stamps else None)
    return iso_date(best.group()) if best else None


def _byline(lines: Sequence[Line]) -> str | None:
    heads = (line.text for line in lines[:_HEAD_LINES] if len(line.text) <= _LONGEST_NAME_LINE)
    return next((match["source"] for text in heads if (match := _pattern("byline").match(text))), None)
