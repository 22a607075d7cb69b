"""The frozen records that extraction returns, and their plain-dict form.

Offsets are half-open code-point offsets into :attr:`Extraction.text`; for every
span ``text[span.start:span.end] == span.text``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from govie.errors import OptionError

if TYPE_CHECKING:
    import pandas

__all__ = [
    "RELATION_ENDS",
    "RELATION_LABELS",
    "SPAN_LABELS",
    "Bound",
    "Direction",
    "Extraction",
    "Fact",
    "Kind",
    "Relation",
    "RelationLabel",
    "Source",
    "Span",
    "SpanLabel",
    "Status",
    "Task",
    "decimal_string",
]

SpanLabel = Literal["QUANTITY", "UNIT", "INDICATOR", "ACTION", "PERIOD", "AGENCY"]
RelationLabel = Literal["VALUE", "CHANGE", "GAP", "UNIT", "ACTION", "PERIOD", "BASE", "LEAD", "SUPPORT"]
Kind = Literal["value", "change", "gap"]
Direction = Literal["increase", "decrease"]
Bound = Literal["exact", "at_least", "at_most", "about", "range"]
Status = Literal["actual", "estimate", "target"]
Source = Literal["model", "rule"]

SPAN_LABELS: tuple[SpanLabel, ...] = get_args(SpanLabel)
RELATION_LABELS: tuple[RelationLabel, ...] = get_args(RelationLabel)
RELATION_ENDS: dict[RelationLabel, tuple[SpanLabel, SpanLabel]] = {
    "VALUE": ("INDICATOR", "QUANTITY"),
    "CHANGE": ("INDICATOR", "QUANTITY"),
    "GAP": ("INDICATOR", "QUANTITY"),
    "UNIT": ("QUANTITY", "UNIT"),
    "ACTION": ("ACTION", "INDICATOR"),
    "PERIOD": ("QUANTITY", "PERIOD"),
    "BASE": ("QUANTITY", "PERIOD"),
    "LEAD": ("INDICATOR", "AGENCY"),
    "SUPPORT": ("INDICATOR", "AGENCY"),
}
"""Labels of the head and the tail that each relation joins."""


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of text.

    Attributes:
        id: position in :attr:`Extraction.spans`, which is ordered by offset.
        label: one of the six span labels.
        start: offset of the first code point.
        end: offset after the last code point.
        text: the words themselves.
        score: confidence from 0 to 1.
        source: ``"model"`` or ``"rule"``, whichever spoke.
    """

    id: int
    label: SpanLabel
    start: int
    end: int
    text: str
    score: float
    source: Source


@dataclass(frozen=True, slots=True)
class Relation:
    """A typed link from the span ``head`` to the span ``tail`` (both span ids)."""

    head: int
    tail: int
    label: RelationLabel
    score: float
    source: Source


@dataclass(frozen=True, slots=True)
class Fact:
    """One indicator with one quantity and everything linked to the pair.

    ``indicator``, ``action``, ``quantity``, ``unit``, ``period_span``, ``base_span``,
    ``lead`` and ``support`` are span ids.

    Attributes:
        kind: ``value`` (a level, count, share or rank), ``change`` or ``gap``.
        direction: ``increase`` or ``decrease`` for a change or a gap, else None.
        bound: how the number binds: exact, at_least, at_most, about, range.
        status: actual (reported), estimate (预计 of the past) or target.
        value: the number as written, exact; the lower end of a range.
        value_max: the upper end of a range, else None.
        magnitude: multiplier held in the unit (亿元 → 10**8).
        base_unit: the unit without its multiplier (亿元 → 元).
        period: resolved time: ``2020``, ``2016/2020``, ``2021-09``, or None.
        name: action and indicator, ready for a table.
        indicator_id: canonical indicator, or None.
        sentence: start and end offset of the sentence.
        section: headings above the sentence, outermost first.
    """

    indicator: int
    action: int | None
    quantity: int
    unit: int | None
    period_span: int | None
    base_span: int | None
    kind: Kind
    direction: Direction | None
    bound: Bound
    status: Status
    value: Decimal
    value_max: Decimal | None
    magnitude: Decimal
    base_unit: str | None
    period: str | None
    lead: tuple[int, ...]
    support: tuple[int, ...]
    name: str
    indicator_id: str | None
    sentence: tuple[int, int]
    section: tuple[str, ...]
    score: float
    source: Source

    @property
    def amount(self) -> Decimal:
        """``value`` times ``magnitude``: the number in the base unit."""
        return self.value * self.magnitude

    @property
    def amount_max(self) -> Decimal | None:
        """``value_max`` times ``magnitude``, None where there is no upper end."""
        return None if self.value_max is None else self.value_max * self.magnitude


@dataclass(frozen=True, slots=True)
class Task:
    """One row of a task table, or one task with its agencies named inline.

    Attributes:
        number: the item's number as written, or None.
        start: offset where the task's text starts.
        end: offset after the task's text (the responsible agencies excluded).
        lead: ids of the AGENCY spans that lead.
        support: ids of the AGENCY spans that take part.
        facts: indices into :attr:`Extraction.facts` of the facts inside.
    """

    number: str | None
    start: int
    end: int
    lead: tuple[int, ...]
    support: tuple[int, ...]
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found in one text. Immutable; spans, facts and tasks are ordered by offset.

    Attributes:
        text: the text, as it was passed in or read.
        spans: all labelled stretches; a span's id is its index here.
        relations: links between spans.
        facts: indicators with their quantities.
        tasks: rows of task tables, and tasks in prose.
        title: the document's title, None if none is known; not part of :meth:`to_dict`.
    """

    text: str
    spans: tuple[Span, ...]
    relations: tuple[Relation, ...]
    facts: tuple[Fact, ...]
    tasks: tuple[Task, ...]
    title: str | None = field(default=None, compare=False)

    def __iter__(self) -> Iterator[Fact]:
        """Iterate over the facts."""
        return iter(self.facts)

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, dicts, strings and numbers; exact decimals are strings."""
        return {
            "text": self.text,
            "spans": [_plain(span) for span in self.spans],
            "relations": [_plain(relation) for relation in self.relations],
            "facts": [_plain(fact) for fact in self.facts],
            "tasks": [_plain(task) for task in self.tasks],
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any], *, title: str | None = None) -> Extraction:
        """Return the extraction whose :meth:`to_dict` is given, equal to the one it was made from.

        Args:
            plain: what :meth:`to_dict` returned, or a line of ``govie extract --format jsonl``;
                further keys are ignored.
            title: the document's title, which :meth:`to_dict` leaves out.

        Raises:
            OptionError: ``plain`` does not have that form.
        """
        try:
            return cls(
                plain["text"],
                _records(Span, plain["spans"]),
                _records(Relation, plain["relations"]),
                _records(Fact, plain["facts"]),
                _records(Task, plain["tasks"]),
                title,
            )
        except (AttributeError, InvalidOperation, KeyError, TypeError) as error:
            hint = "Give what Extraction.to_dict() returned, or one line of the JSON lines as a dict."
            raise OptionError(f"not an extraction ({type(error).__name__}: {error})", hint=hint) from None

    def to_json(self, *, indent: int | None = None) -> str:
        """Return :meth:`to_dict` as JSON, Chinese characters left readable."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def to_rows(self, **source: str | int | None) -> list[dict[str, Any]]:
        """Return one flat dict for each fact; see :func:`govie.rows.fact_rows` for the columns.

        Args:
            source: leading columns such as ``document``, ``region`` and ``year``.
        """
        from govie.rows import fact_rows

        return fact_rows(self, **source)

    def to_frame(self, **source: str | int | None) -> pandas.DataFrame:
        """Return :meth:`to_rows` as a data frame with numeric columns; see :func:`govie.rows.frame`.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        from govie.rows import fact_rows, frame

        return frame(fact_rows(self, **source))


def decimal_string(number: Decimal) -> str:
    """Write a decimal without exponent or trailing zeros: ``990``, ``0.25``, ``6.5``."""
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def _magnitude_string(number: Decimal) -> str:
    """Write a multiplier as a power of ten: ``1``, ``1e4``, ``1e8``."""
    exponent = number.adjusted()
    if exponent > 2 and number == Decimal(10) ** exponent:
        return f"1e{exponent}"
    return decimal_string(number)


def _plain_value(name: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        return _magnitude_string(value) if name == "magnitude" else decimal_string(value)
    return list(value) if isinstance(value, tuple) else value


def _plain(record: Span | Relation | Fact | Task) -> dict[str, Any]:
    return {f.name: _plain_value(f.name, getattr(record, f.name)) for f in fields(record)}


_Record = TypeVar("_Record", Span, Relation, Fact, Task)
_DECIMAL_FIELDS = {"value", "value_max", "magnitude"}


def _records(kind: type[_Record], plain: list[dict[str, Any]]) -> tuple[_Record, ...]:
    return tuple(kind(**{name: _from_plain_value(name, value) for name, value in one.items()}) for one in plain)


def _from_plain_value(name: str, value: Any) -> Any:
    if name in _DECIMAL_FIELDS and value is not None:
        return Decimal(format(Decimal(value), "f"))  # digits, not 1E+8, so that what is computed from it shows digits
    return tuple(value) if isinstance(value, list) else value
