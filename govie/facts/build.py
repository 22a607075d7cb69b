"""Putting the tagged sentences of a document together into one :class:`Extraction`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from govie.document import Document, Sentence
from govie.facts.canonical import canonical_indicator, fact_context
from govie.facts.dating import FactSpans, date_fact
from govie.facts.spans import SpanTable, Tagged
from govie.facts.tasks import build_tasks
from govie.quantity.numerals import Numeral, fraction_unit, parse_numeral
from govie.quantity.units import parse_unit
from govie.reading.normalise import plain_form
from govie.records import Extraction, Fact, Kind, Relation, RelationLabel, Source
from govie.rules.scores import relation_score
from govie.rules.tasktable import TaskRow
from govie.tags import DUTIES, SentenceTags

__all__ = ["build_extraction"]

_KINDS: dict[RelationLabel, Kind] = {"VALUE": "value", "CHANGE": "change", "GAP": "gap"}
_ONE = Decimal(1)

_Triple = tuple[int, int, RelationLabel]
_Weight = tuple[float, Source]


def build_extraction(document: Document, tagged: Sequence[Tagged], rows: Sequence[TaskRow]) -> Extraction:
    """Number the spans, resolve values, units and periods, and attach agencies and tasks.

    Args:
        document: the document the sentences belong to.
        tagged: its sentences with their tags, in order.
        rows: its task rows, whose agencies take precedence over those found in prose.
    """
    table = SpanTable(document.text, tagged, rows)
    relations: dict[_Triple, _Weight] = {}
    for sentence, tags in table.tagged:
        relations.update(_sentence_relations(table, sentence, tags))
    for row in rows:
        relations.update(_row_relations(table, row))
    linked = _Linked(relations)
    facts = [
        fact
        for sentence, tags in table.tagged
        if tags.readings
        for fact in _facts(document, table, linked, sentence, tags)
    ]
    facts.sort(key=lambda fact: (table.spans[fact.quantity].start, table.spans[fact.indicator].start))
    return Extraction(
        document.text,
        table.spans,
        tuple(Relation(*triple, *relations[triple]) for triple in sorted(relations)),
        tuple(facts),
        build_tasks(rows, table.spans, facts),
        document.metadata.title,
    )


class _Linked:
    """Relations looked up by label and head, or by label and tail."""

    def __init__(self, relations: dict[_Triple, _Weight]) -> None:
        self._tails: dict[tuple[RelationLabel, int], list[int]] = defaultdict(list)
        self._heads: dict[tuple[RelationLabel, int], list[int]] = defaultdict(list)
        for head, tail, label in sorted(relations):
            self._tails[label, head].append(tail)
            self._heads[label, tail].append(head)

    def tails(self, label: RelationLabel, head: int) -> tuple[int, ...]:
        return tuple(self._tails.get((label, head), ()))

    def tail(self, label: RelationLabel, head: int) -> int | None:
        return next(iter(self._tails.get((label, head), ())), None)

    def heads(self, label: RelationLabel, tail: int) -> tuple[int, ...]:
        return tuple(self._heads.get((label, tail), ()))


def _sentence_relations(table: SpanTable, sentence: Sentence, tags: SentenceTags) -> Iterator[tuple[_Triple, _Weight]]:
    ids = table.ids(sentence, tags)
    for link in tags.links:
        yield (ids[link.head], ids[link.tail], link.label), (link.score, link.source)
    indicators = {ids[indicator] for indicator, _ in tags.readings}
    for role in tags.roles:
        for indicator in indicators:
            yield (indicator, ids[role.agency], DUTIES[role.label]), (role.score, role.source)


def _row_relations(table: SpanTable, row: TaskRow) -> Iterator[tuple[_Triple, _Weight]]:
    for indicator in table.within(row.start, row.end, "INDICATOR"):
        for unit in row.agencies:
            label = DUTIES[unit.role]
            yield (indicator, table.at(unit.start, unit.end), label), (relation_score(label), "rule")


def _facts(
    document: Document, table: SpanTable, linked: _Linked, sentence: Sentence, tags: SentenceTags
) -> Iterator[Fact]:
    ids = table.ids(sentence, tags)
    links = {(link.head, link.tail): link for link in tags.links if link.label in _KINDS}
    for pair, reading in tags.readings.items():
        indicator, quantity, link = ids[pair[0]], ids[pair[1]], links[pair]
        unit, magnitude, base_unit = _unit(table, linked, quantity)
        numeral = _numeral(table, quantity, magnitude)
        kind = _KINDS[link.label]
        name = reading.name or table.spans[indicator].text
        spans = FactSpans(
            indicator=indicator,
            quantity=quantity,
            action=_nearest(linked.heads("ACTION", indicator), quantity),
            period=linked.tail("PERIOD", quantity),
            base=linked.tail("BASE", quantity),
        )
        yield Fact(
            indicator=indicator,
            action=spans.action,
            quantity=quantity,
            unit=unit,
            period_span=spans.period,
            base_span=spans.base,
            kind=kind,
            direction=reading.direction,
            bound=reading.bound,
            status=reading.status,
            value=numeral.value,
            value_max=numeral.value_max,
            magnitude=magnitude,
            base_unit=base_unit,
            period=date_fact(table, spans, kind, sentence),
            lead=linked.tails("LEAD", indicator),
            support=linked.tails("SUPPORT", indicator),
            name=_name(table, spans.action, name),
            indicator_id=canonical_indicator(
                name,
                kind=kind,
                base_unit=base_unit,
                amount=numeral.value * magnitude,
                context=fact_context(table, spans, unit, (sentence.start, sentence.end), document.metadata.region),
            ),
            sentence=(sentence.start, sentence.end),
            section=sentence.section,
            score=link.score if reading.score is None else reading.score,
            source=link.source,
        )


def _nearest(actions: Sequence[int], quantity: int) -> int | None:
    """Return the last verb before the quantity (新建学校1所、扩建2所), ids being in text order."""
    before = [action for action in actions if action < quantity]
    return before[-1] if before else next(iter(actions), None)


def _unit(table: SpanTable, linked: _Linked, quantity: int) -> tuple[int | None, Decimal, str | None]:
    unit = linked.tail("UNIT", quantity)
    if unit is None:
        return None, _ONE, fraction_unit(table.spans[quantity].text)
    parsed = parse_unit(table.spans[unit].text)
    return unit, parsed.magnitude, parsed.base_unit


def _numeral(table: SpanTable, quantity: int, magnitude: Decimal) -> Numeral:
    numeral = parse_numeral(plain_form(table.spans[quantity].text), magnitude)
    assert numeral is not None  # the table holds no others
    return numeral


def _name(table: SpanTable, action: int | None, indicator: str) -> str:
    verb = "" if action is None else table.spans[action].text
    return "".join((verb + indicator).split())
