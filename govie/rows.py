"""Facts and tasks as flat rows: one dict with readable columns for each.

Rows hold numbers as exact decimal strings, because a row may end up in a file that
knows no decimals. :func:`frame` turns the same columns into numbers for pandas.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from govie.errors import MissingExtraError, OptionError
from govie.records import Extraction, Fact, Task, decimal_string

if TYPE_CHECKING:
    import pandas

    from govie.document import Document

__all__ = [
    "COLUMN_TYPES",
    "FACT_COLUMNS",
    "NUMBER_COLUMNS",
    "SOURCE_COLUMNS",
    "TASK_COLUMNS",
    "Row",
    "fact_rows",
    "frame",
    "source_columns",
    "span_text",
    "storable",
    "task_rows",
]

Row = dict[str, Any]

SOURCE_COLUMNS = ("document", "region", "year")
FACT_COLUMNS = (
    *("name", "indicator", "action", "indicator_id", "kind", "direction"),
    *("value", "value_max", "unit", "amount", "amount_max", "base_unit", "bound", "status", "period"),
    *("lead", "support", "section", "sentence", "start", "end", "score", "source"),
)
TASK_COLUMNS = ("number", "text", "lead", "support", "facts", "start", "end")
NUMBER_COLUMNS = ("value", "value_max", "amount", "amount_max")
COLUMN_TYPES = {
    **dict.fromkeys(("document", "region", *FACT_COLUMNS, *TASK_COLUMNS), "string"),
    **dict.fromkeys((*NUMBER_COLUMNS, "score"), "float64"),
    **dict.fromkeys(("start", "end"), "int64"),
    "year": "Int64",
}
"""The pandas type of each column where rows become a table of typed columns."""

_AGENCY_JOINER = "、"
_SECTION_JOINER = " > "
_FACT_JOINER = "；"
# Neither a lone surrogate nor a NUL can stand in UTF-8 text that other programs read.
_UNSTORABLE = re.compile("[\ud800-\udfff\x00]")


def fact_rows(extraction: Extraction, **source: str | int | None) -> list[Row]:
    """Return one row for each fact, in the order of the text.

    Args:
        extraction: what :func:`govie.extract` returned.
        source: leading columns, the same in every row. ``document`` (the text's
            title unless given), ``region`` and ``year`` are always there; further
            ones, such as ``file``, come first.

    Returns:
        Dicts with the source columns and :data:`FACT_COLUMNS`. ``value`` and
        ``value_max`` are the numbers as written, ``amount`` and ``amount_max`` the
        same in ``base_unit``, all exact decimal strings; ``start`` and ``end`` are
        the offsets of the quantity; what is unknown is None.

    Raises:
        OptionError: a source column has the name of a fact column.
    """
    leading = _leading(extraction, source, FACT_COLUMNS)
    return [leading | _fact_row(extraction, fact) for fact in extraction.facts]


def task_rows(extraction: Extraction, **source: str | int | None) -> list[Row]:
    """Return one row for each task, in the order of the text.

    The source columns are those of :func:`fact_rows`, followed by
    :data:`TASK_COLUMNS`; ``facts`` lists the facts inside as words.
    """
    leading = _leading(extraction, source, TASK_COLUMNS)
    return [leading | _task_row(extraction, task) for task in extraction.tasks]


def source_columns(document: Document) -> dict[str, str | int | None]:
    """Return what a document's metadata says, as source columns for the row functions."""
    metadata = document.metadata
    region = metadata.region.name if metadata.region else None
    return {"document": metadata.title, "region": region or None, "year": metadata.year}


def frame(rows: Sequence[Row], columns: Sequence[str] = (*SOURCE_COLUMNS, *FACT_COLUMNS)) -> pandas.DataFrame:
    """Return rows as a data frame with numbers where a reader of tables expects them.

    ``value``, ``value_max``, ``amount``, ``amount_max`` and ``score`` are float64 (NaN
    where there is none), ``year`` is Int64, ``start`` and ``end`` are int64, everything
    else is of the type string. The exact decimals stay in the rows and in ``Fact.value``.

    Args:
        rows: what :func:`fact_rows` or :func:`task_rows` returned, possibly of several texts.
        columns: the columns of a frame without rows.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise MissingExtraError("to_frame()", "frame") from None
    table = pandas.DataFrame(list(rows), columns=list(rows[0] if rows else columns))
    typed: pandas.DataFrame = table.astype({name: COLUMN_TYPES[name] for name in table.columns if name in COLUMN_TYPES})
    return typed


def span_text(extraction: Extraction, span: int | None) -> str | None:
    """Return the words of the span with this id, None for no span."""
    return None if span is None else extraction.spans[span].text


def storable(text: str) -> str:
    """Return the text with lone surrogates and NULs replaced by U+FFFD; the length stays."""
    return _UNSTORABLE.sub("\ufffd", text)


def _leading(extraction: Extraction, source: dict[str, str | int | None], columns: Sequence[str]) -> Row:
    taken = sorted(source.keys() & set(columns))
    if taken:
        raise OptionError(f"the column {taken[0]!r} is already there", where="source", hint="Choose another name.")
    known: Row = {"document": extraction.title, "region": None, "year": None}
    return {name: value for name, value in source.items() if name not in known} | known | source


def _fact_row(extraction: Extraction, fact: Fact) -> Row:
    quantity = extraction.spans[fact.quantity]
    start, end = fact.sentence
    return {
        "name": fact.name,
        "indicator": span_text(extraction, fact.indicator),
        "action": span_text(extraction, fact.action),
        "indicator_id": fact.indicator_id,
        "kind": fact.kind,
        "direction": fact.direction,
        "value": decimal_string(fact.value),
        "value_max": _number(fact.value_max),
        "unit": span_text(extraction, fact.unit),
        "amount": decimal_string(fact.amount),
        "amount_max": _number(fact.amount_max),
        "base_unit": fact.base_unit,
        "bound": fact.bound,
        "status": fact.status,
        "period": fact.period,
        "lead": _agencies(extraction, fact.lead),
        "support": _agencies(extraction, fact.support),
        "section": _SECTION_JOINER.join(fact.section) or None,
        "sentence": extraction.text[start:end].strip(),
        "start": quantity.start,
        "end": quantity.end,
        "score": fact.score,
        "source": fact.source,
    }


def _task_row(extraction: Extraction, task: Task) -> Row:
    inside = [_fact_words(extraction, extraction.facts[index]) for index in task.facts]
    return {
        "number": task.number,
        "text": extraction.text[task.start : task.end].strip(),
        "lead": _agencies(extraction, task.lead),
        "support": _agencies(extraction, task.support),
        "facts": _FACT_JOINER.join(inside) or None,
        "start": task.start,
        "end": task.end,
    }


def _fact_words(extraction: Extraction, fact: Fact) -> str:
    written = extraction.spans[fact.quantity].text + (span_text(extraction, fact.unit) or "")
    return f"{fact.name} {written}"


def _agencies(extraction: Extraction, spans: Sequence[int]) -> str | None:
    return _AGENCY_JOINER.join(extraction.spans[span].text for span in spans) or None


def _number(number: Decimal | None) -> str | None:
    return None if number is None else decimal_string(number)
