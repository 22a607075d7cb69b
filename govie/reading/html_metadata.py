"""What a page says of its document outside the text: <meta> elements, <title>, tables of labelled fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from bs4 import Tag

from govie.document import Metadata
from govie.lexicon import load_toml
from govie.reading.fields import iso_date, page_fields
from govie.reading.html_page import Page
from govie.reading.lines import Line
from govie.reading.normalise import plain_form
from govie.reading.titles import clean_title, find_title

__all__ = ["page_metadata", "title_elements"]

_TAG = re.compile(r"<[^<>]{0,100}>")
_BLANKS = re.compile(r"\s+")
_TITLE_PARTS = re.compile(r"[_|]|\s[-–—]+\s|(?<=[^\x00-\x7f])-(?=[^\x00-\x7f])")
_BARE_TITLE = "政府工作报告"  # names neither year nor place: the text says more
_LONGEST_FIELD = 300
_FIELD_LINES = 600
_FIELD_STEP = 50  # page_fields looks at the first 60 lines it is given


def page_metadata(page: Page, encoding: str) -> Metadata:
    """Return what the page says of its document, apart from the document's own words.

    Args:
        page: the parsed page, furniture included: the fields often stand there.
        encoding: what the source was decoded from.
    """
    named = _named_values(page)
    fields = _labelled_values(page)
    return Metadata(
        title=_title(page, named.get("title") or fields.get("title")),
        issuer=fields.get("issuer"),
        index_number=fields.get("index_number"),
        document_number=fields.get("document_number"),
        written=iso_date(fields.get("written", "")),
        published=iso_date(named.get("published", "")) or iso_date(fields.get("published", "")),
        source=named.get("source") or fields.get("source"),
        encoding=encoding,
    )


def title_elements(page: Page, title: str | None) -> frozenset[int]:
    """Return the ``id`` of the elements around every place where the title stands by itself."""
    wanted = _compact(title or "")
    places = (string for string in page.strings if wanted and wanted in map(_compact, page.lines(string)))
    around = (list(string.parents) for string in places)
    return frozenset(id(parent) for parents in around if not _is_plain_link(parents) for parent in parents)


def _is_plain_link(parents: list[Tag]) -> bool:
    """Tell a link that is no heading, as the last step of a breadcrumb trail is."""
    names = {parent.name for parent in parents}
    return "a" in names and names.isdisjoint({"h1", "h2", "h3"})


def _compact(text: str) -> str:
    return _BLANKS.sub("", plain_form(text))


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", plain_form(text)).strip()


def _named_values(page: Page) -> dict[str, str]:
    """Return what <meta> elements say, by the field it is for."""
    said: dict[str, str] = {}
    for name, content in page.skeleton.said:
        value = _plain(_TAG.sub(" ", content))
        said.setdefault(name, "" if value == "null" else value)
    names = load_toml("html_metadata.toml")["meta"]
    return {field: said[name] for field, wanted in names.items() for name in reversed(wanted) if said.get(name)}


def _labelled_values(page: Page) -> dict[str, str]:
    lines = list(islice(_field_lines(page), _FIELD_LINES))
    values: dict[str, str] = {}
    for at in range(0, len(lines), _FIELD_STEP):
        for field, value in page_fields(lines[at : at + _FIELD_STEP + 1]).values.items():
            values.setdefault(field, value)
    return values


def _field_lines(page: Page) -> Iterator[Line]:
    """Yield short lines outside links and the container; the labels in a table of fields with a colon after them."""
    labels = load_toml("documents.toml")["fields"]
    tables = {id(table) for table in page.root.find_all("table") if _holds_fields(page, table, labels["index_number"])}
    names = frozenset(label for group in labels.values() for label in group)
    for string in page.strings:
        around = {id(parent): parent for parent in string.parents}
        in_fields = not tables.isdisjoint(around)
        if not in_fields and (id(page.container) in around or any(tag.name == "a" for tag in around.values())):
            continue
        for text in map(_plain, page.lines(string)):
            labelled = text + ":" if in_fields and text.replace(" ", "") in names else text
            if 0 < len(labelled) <= _LONGEST_FIELD:
                yield Line(0, len(labelled), labelled)


def _holds_fields(page: Page, table: Tag, labels: list[str]) -> bool:
    """Tell a table of labelled fields by the index number in it."""
    if page.weight(table).tables > 1 or page.weight(table).text > _LONGEST_FIELD * 4:
        return False
    words = "".join(_compact("".join(page.lines(string))) for string in table.find_all(string=True))
    return any(label in words for label in labels)


def _title(page: Page, said: str | None) -> str | None:
    """Return the title that is said outright, or the part of <title> that reads like one.

    The page must repeat that part, unless nothing on the page reads like a title.
    """
    if said and said != _BARE_TITLE:
        return clean_title(said)
    if page.head_title is None:
        return None
    written = " ".join(line for string in page.head_title.find_all(string=True) for line in page.lines(string))
    parts = [_plain(part) for part in _TITLE_PARTS.split(written)]
    shown = [_plain(line) for string in page.strings[:_FIELD_LINES] for line in page.lines(string)]
    if find_title(_as_lines(shown)):
        repeated = {_compact(part) for part in parts}.intersection(map(_compact, shown))
        parts = [part for part in parts if _compact(part) in repeated]
    title = find_title(_as_lines(parts))
    return None if title == _BARE_TITLE else title


def _as_lines(texts: Iterable[str]) -> list[Line]:
    return [Line(0, len(text), text) for text in texts if text]
