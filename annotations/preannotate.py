"""Annotation to start from: what the rules find in a new document."""

from __future__ import annotations

from pathlib import Path

import govie
from annotations.extracted import records_of
from annotations.formats import form
from annotations.formats.labelstudio import write_predictions
from annotations.records import write_records

__all__ = ["pre_annotate"]


def pre_annotate(path: Path, out: Path, to: str) -> int:
    """Write the rules' predictions for a document.

    Args:
        path: any file that :func:`govie.read` reads.
        out: file or folder to write. Where the text as read is not the file's, ``<out>.txt`` holds
            it and is named as the source.
        to: a name in :data:`annotations.formats.FORMATS`, or ``"jsonl"`` for our own form. Label
            Studio gets predictions, which an annotator accepts or corrects.

    Returns:
        How many sentences were written.

    Raises:
        ReadError: the document cannot be read.
    """
    document = govie.read(path)
    source = path.name
    if document.text.encode() != path.read_bytes():
        beside = out.with_name(f"{out.name}.txt")
        beside.write_bytes(document.text.encode())
        source = beside.name
    records = records_of(document, govie.load(mode="rules")(document), source, "rules")
    if to == "jsonl":
        write_records(records, out)
    elif to == "labelstudio":
        write_predictions(records, out)
    else:
        form(to).write(records, out)
    return len(records)
