"""Annotation of texts that are kept elsewhere: offsets, hashes and labels, no words of the text.

A file is JSONL. A document line names a text, the sentence lines that refer to it follow::

    {"document": 1, "file": "….txt", "region": "广东省", "level": "省", "year": "2014",
     "repo": "owner/name", "path": "…", "commit": "…", "characters": 17998, "sha256": "…"}
    {"id": "v-gd#0012", "in": 1, "at": [3802, 3823], "sha1": "…", "annotator": "a", "round": 1,
     "spans": [["QUANTITY", 5, 7], ["UNIT", 7, 8], ["INDICATOR", 8, 20]],
     "links": [[1, "UNIT", 2], [3, "VALUE", 1]],
     "facts": [[3, 1, "value", null, "exact", "actual"]]}

``at`` are half-open code-point offsets in the text, those of ``spans`` count from the sentence's
start; links, facts and roles number the spans from 1. A fact is indicator, quantity, kind,
direction, bound, status, then an object with anything further. ``links``, ``facts``, ``roles`` and
``spans`` are left out where empty. ``sha1`` is that of the sentence, ``sha256`` that of the whole
text, both of its UTF-8 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha1, sha256
from typing import Any

from annotations.records import Record, one_line, parse_record
from annotations.texts import Texts
from govie.errors import FormatError

__all__ = ["StandoffReader", "standoff_lines"]

_ORDER = ("kind", "direction", "bound", "status")
_OF_DOCUMENT = ("file", "repo", "path", "commit")
_OF_PLACE = ("start", "end", "sha1")
_OF_SENTENCE = ("id", "in", "at", "sha1", "spans", "links", "facts", "roles", "source")
# Stands for text that is not at hand: no white space, so that nothing is said of spaces.
_UNKNOWN = "\N{WHITE SQUARE}"


def standoff_lines(records: Iterable[Record], about: Mapping[str, Mapping[str, str]], texts: Texts) -> Iterator[str]:
    """Write records without their texts.

    Args:
        records: sentences; each ``source`` names file, start and end.
        about: region, level and year by file name; repository, path and commit where ``source`` lacks them.
        texts: the documents, for their length and hash.

    Yields:
        Lines without their ends, ordered by file name and offset.
    """
    ordered = sorted(records, key=lambda record: (record.document, record.source["start"], record.id))
    file, number = None, 0
    for record in ordered:
        if record.document != file:
            file, number = record.document, number + 1
            yield _compact({"document": number, **_document(record, about, texts)})
        yield _compact(_sentence(record, number))


def _document(record: Record, about: Mapping[str, Mapping[str, str]], texts: Texts) -> dict[str, Any]:
    row = about.get(record.document, {})
    source = {key: record.source.get(key) or row.get(key) for key in ("repo", "path", "commit")}
    known = {key: row.get(key) for key in ("region", "level", "year")}
    text = texts.get(record.document)
    size = {} if text is None else {"characters": len(text), "sha256": sha256(text.encode()).hexdigest()}
    named = {key: value for key, value in {**source, **known}.items() if value}
    return {"file": record.document, **named, **size}


def _sentence(record: Record, document: int) -> dict[str, Any]:
    lists = {
        "spans": [[entity.label, entity.start, entity.end] for entity in record.entities],
        "links": [[link.head + 1, link.label, link.tail + 1] for link in record.links],
        "facts": [_fact(fact.indicator, fact.quantity, fact.attributes) for fact in record.facts],
        "roles": [[role.agency + 1, role.label] for role in record.roles],
    }
    further = {key: record.source[key] for key in record.source if key not in (*_OF_DOCUMENT, *_OF_PLACE, "seed")}
    return {
        "id": record.id,
        "in": document,
        "at": [record.source["start"], record.source["end"]],
        "sha1": sha1(record.text.encode()).hexdigest(),
        **record.extra,
        **{key: rows for key, rows in lists.items() if rows},
        **({"source": further} if further else {}),
    }


def _fact(indicator: int, quantity: int, attributes: Mapping[str, Any]) -> list[Any]:
    further = {key: attributes[key] for key in attributes if key not in _ORDER}
    return [indicator + 1, quantity + 1, *(attributes.get(key) for key in _ORDER), *([further] if further else [])]


def _compact(value: object) -> str:
    return one_line(value, separators=(",", ":"))


class StandoffReader:
    """Reads the lines of one file in order, joining sentences with the texts at hand."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._documents: dict[int, Mapping[str, Any]] = {}

    def read(self, value: object) -> tuple[Record | None, bool]:
        """Read one line.

        Args:
            value: the line's JSON.

        Returns:
            The sentence, or None for a document line; and whether its words are those that were
            annotated. Where the text is missing, each character of it is a white square.

        Raises:
            FormatError: the line is broken, or the text's hash is not the sentence's.
        """
        if not isinstance(value, dict):
            raise FormatError("the line is not an object")
        if "document" in value:
            self._documents[value["document"]] = value
            return None, False
        try:
            about = self._documents[value["in"]]
            whole = self._texts.get(about["file"])
            text = self._words(value, about["file"], whole)
            return parse_record(_joined(value, about, text)), whole is not None
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise FormatError(f"no standoff annotation ({type(error).__name__}: {error})") from None

    @staticmethod
    def _words(line: dict[str, Any], file: str, whole: str | None) -> str:
        start, end = line["at"]
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
            raise FormatError(f"at {line['at']} is no stretch of a text")
        if whole is None:
            return _UNKNOWN * (end - start)
        text = whole[start:end]
        if sha1(text.encode()).hexdigest() != line["sha1"]:
            raise FormatError(f"{file} has other words at {start}: another edition?")
        return text


def _joined(line: dict[str, Any], about: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return the JSON form of :mod:`annotations.records`."""
    start, end = line["at"]
    return {
        "id": line["id"],
        "text": text,
        "entities": [
            {"id": n, "label": label, "start_offset": first, "end_offset": last}
            for n, (label, first, last) in enumerate(line.get("spans", ()), 1)
        ],
        "relations": [{"from_id": head, "to_id": tail, "type": label} for head, label, tail in line.get("links", ())],
        "facts": [_fact_object(fact) for fact in line.get("facts", ())],
        "roles": [{"agency": agency, "role": role} for agency, role in line.get("roles", ())],
        "source": {
            **{key: about[key] for key in _OF_DOCUMENT if key in about},
            **{"start": start, "end": end, "sha1": line["sha1"]},
            **line.get("source", {}),
        },
        **{key: line[key] for key in line if key not in _OF_SENTENCE},
    }


def _fact_object(row: list[Any]) -> dict[str, Any]:
    indicator, quantity, *values = row
    further = values.pop() if len(values) > len(_ORDER) else {}
    return {"indicator": indicator, "quantity": quantity, **dict(zip(_ORDER, values, strict=True)), **further}
