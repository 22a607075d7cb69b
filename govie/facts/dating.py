"""The time a fact holds at: from its PERIOD span, else from the section it stands in."""

from __future__ import annotations

from typing import NamedTuple

from govie.document import Sentence
from govie.facts.spans import SpanTable
from govie.lexicon import load_toml
from govie.quantity.periods import resolve_period
from govie.records import Kind

__all__ = ["FactSpans", "date_fact"]


class FactSpans(NamedTuple):
    """The ids of the spans that make a fact; None where it has none of the kind."""

    indicator: int
    quantity: int
    action: int | None
    period: int | None
    base: int | None


def date_fact(table: SpanTable, spans: FactSpans, kind: Kind, sentence: Sentence) -> str | None:
    """Resolve a period's words, or without any the years that the section speaks of.

    Of a part that looks back on several years a level, or a change counted from a base,
    holds at their end, while sums, deeds, averages and other changes span them all.

    Returns:
        ``2020``, ``2016/2020`` and the like, None if it cannot be known.
    """
    if spans.period is not None:
        return resolve_period(table.spans[spans.period].text, year=sentence.year, stance=sentence.stance)
    if sentence.year is not None or sentence.span is None:
        return resolve_period(None, year=sentence.year)
    first, last = sentence.span
    ends = spans.base is not None or (kind == "value" and _is_level(table, spans))
    return str(last) if ends and sentence.stance == "review" else f"{first}/{last}"


def _is_level(table: SpanTable, spans: FactSpans) -> bool:
    name, number = table.spans[spans.indicator], table.spans[spans.quantity]
    if spans.action is not None or number.start < name.start:  # 23所学校获评…: an event
        return False
    sums = load_toml("levels.toml")["sums"]
    around = table.text[max(0, name.start - 4) : number.start]
    return name.text not in sums["names"] and not any(word in around for word in sums["words"])
