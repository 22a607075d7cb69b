"""Typed marks (:mod:`annotations.marked`) as records."""

from __future__ import annotations

from pathlib import Path

from annotations.marked import MarkupError, parse_blocks, to_record
from annotations.records import Record, parse_record
from annotations.texts import Texts
from govie.errors import FormatError

__all__ = ["read_marked"]


def read_marked(path: Path, source: Path, annotator: str | None = None, round_: int = 1) -> list[Record]:
    """Read a file of typed marks.

    Args:
        path: the file.
        source: the document it annotates.
        annotator: who decided; by default the last part of the file's name before its suffix
            (``shenhe.b.txt``: b).
        round_: pass number.

    Raises:
        MarkupError: a block breaks the form; the message begins with the file and names all faulty blocks.
        ReadError: a file cannot be read.
    """
    texts = Texts([path.parent]), Texts([source.parent])
    marked, document = (each.get(name) for each, name in zip(texts, (path.name, source.name), strict=True))
    if marked is None or document is None:
        raise FormatError("cannot be read", where=str(path if marked is None else source))
    who = annotator or path.stem.rsplit(".", 1)[-1]
    records, faults = [], []
    for block in parse_blocks(marked):
        try:
            line = to_record(block, document, seed=source.name, annotator=who, round_=round_)
            records.append(parse_record(line))
        except MarkupError as error:
            faults.append(str(error))
    if faults:
        raise MarkupError("\n".join([f"{len(faults)} faults", *faults]), where=str(path))
    return records
