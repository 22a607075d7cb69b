"""The annotation of documents that are not kept here, joined with them where a user has them.

``annotations/external/*.jsonl`` is standoff (:mod:`annotations.standoff`), one file a region. The
documents lie in the folder that the environment variable GOVIE_CORPUS names, under the file names
given there; their hashes are checked.
"""

from __future__ import annotations

import csv
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from annotations.load import load_records
from annotations.records import Record, load_json
from annotations.standoff import standoff_lines
from annotations.texts import CORPUS_VARIABLE, Texts, corpus_folder
from govie.annotations import read_lines

__all__ = ["FOLDER", "External", "document_lines", "load", "province", "read_index", "write_standoff"]

log = logging.getLogger("annotations")

FOLDER = Path(__file__).parent / "external"
_PROVINCE = re.compile(r".+?(?:省|自治区|特别行政区|市)")


@dataclass(frozen=True, slots=True)
class External:
    """What :func:`load` found.

    Attributes:
        records: sentences whose documents are at hand, hashes checked.
        missing: how many sentences were skipped, by the file name of their document.
    """

    records: tuple[Record, ...]
    missing: Mapping[str, int]

    def __iter__(self) -> Iterator[Record]:
        """Iterate over the records."""
        return iter(self.records)


def load(corpus_dir: str | Path | None = None, folder: Path = FOLDER) -> External:
    """Load the external annotation and join it with its texts.

    What cannot be joined is skipped and a warning says how much and why.

    Args:
        corpus_dir: folder of the documents; by default what GOVIE_CORPUS names.
        folder: the standoff files.

    Raises:
        FormatError: a line is broken, or a document has other words than were annotated.
    """
    corpus = corpus_folder(corpus_dir)
    texts = Texts([corpus] if corpus else [])
    records: list[Record] = []
    missing: Counter[str] = Counter()
    for path in sorted(folder.glob("*.jsonl")):
        for record in load_records(path, texts):
            if texts.get(record.document) is None:
                missing[record.document] += 1
            else:
                records.append(record)
    if missing:
        log.warning(
            "external annotation: %d sentences of %d documents skipped, %s",
            missing.total(),
            len(missing),
            f"{corpus} does not hold them" if corpus else f"{CORPUS_VARIABLE} names no folder of texts",
        )
    return External(tuple(records), missing)


def province(region: str) -> str:
    """Return the first level of a region: 广东省 of 广东省深圳市南山区; what names no province stays as it is."""
    found = _PROVINCE.match(region)
    return found[0] if found else region


def read_index(corpus: Path) -> dict[str, dict[str, str]]:
    """Return the rows of a corpus's INDEX.tsv (file, region, level, year …) by file name; empty without one."""
    path = corpus / "INDEX.tsv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["file"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}


def write_standoff(records: Iterable[Record], folder: Path, corpus: Path) -> list[Path]:
    """Write records without texts, one file for each province.

    Args:
        records: sentences with file, start and end in ``source``.
        folder: where the files go; it is made if missing.
        corpus: folder of the documents, with INDEX.tsv.

    Returns:
        The files written.
    """
    about = read_index(corpus)
    texts = Texts([corpus])
    by_province: dict[str, list[Record]] = {}
    for record in records:
        name = province(about.get(record.document, {}).get("region", "")) or "unknown"
        by_province.setdefault(name, []).append(record)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, group in sorted(by_province.items()):
        path = folder / f"{name}.jsonl"
        path.write_bytes("".join(line + "\n" for line in standoff_lines(group, about, texts)).encode())
        written.append(path)
    return written


def document_lines(folder: Path = FOLDER) -> list[dict[str, object]]:
    """Return the document lines of all standoff files, with the number of sentences of each."""
    documents: list[dict[str, object]] = []
    for path in sorted(folder.glob("*.jsonl")):
        here: dict[object, dict[str, object]] = {}
        for _, line in read_lines(path):
            value = load_json(line)
            if not isinstance(value, dict):
                continue
            if "document" in value:
                here[value["document"]] = {**value, "sentences": 0}
            else:
                here[value["in"]]["sentences"] += 1  # type: ignore[operator]
        documents += here.values()
    return documents
