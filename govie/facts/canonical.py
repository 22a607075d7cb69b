"""Which canonical indicator a fact is about, if it is the region's own figure of it.

Names are compared whole, after one spelling: a longer name (南山区地区生产总值, 服务业增加值占比) is another
quantity. What stands around a name is looked at only where the name is known. The decisions:

- The unit must fit. A level comes in a unit of the indicator's kind, so a rank or a share under its name is none.
  A change of GDP in percentage points is a change of its growth and gets no id; of a rate it is the change.
- The growth of an amount (地区生产总值增速5%) gets the amount's id: in per cent it cannot be taken for the level.
  The growth of a rate or a share gets none: it could. A price index is known by its growth alone.
- Some names mean the indicator only where growth is told (经济增长5%, never 经济500亿元).
- A verb that adds to an amount (新增高新技术企业100家) makes a level another figure; 完成 and 实现 do not. A change
  keeps the id whatever the verb (压减支出10%). Verb and name may make a name together (新增 + 城镇就业).
- The words before the name in its clause must be scope words of the document's own region, dates, adverbs or
  verbs; anything else (东部地区, 某园区) narrows it. 其中 makes short names (出口) those of a sub-item.
- A quantity before 的 describes another noun (地区生产总值超千亿元的县).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from govie.document import Region
from govie.facts.dating import FactSpans
from govie.facts.indicator_names import Entry, entries, spelling
from govie.facts.spans import SpanTable
from govie.lexicon import alternatives, load_toml
from govie.quantity.units import unit_kind
from govie.reading.normalise import plain_form
from govie.records import Kind

__all__ = ["Context", "canonical_indicator", "fact_context"]

_WORDS = "indicator_names.toml"
_SHARES = frozenset({"%", "‰", "成"})
_LARGE = Decimal(10**8)  # where the unit is left out, an amount this large is money (突破5万亿), no rank
_LONGEST_LEAD = 40
_SUBITEM = "其中"

_DATE = r"(?:[12]\d{3}年|十[一二三四五六]五)(?:末|底|期末|时期|期间|以来)?"
_NEW_AREA = re.compile("新区$")
_REGION_END = re.compile(r"(?:(?:[^\W\d_a-zA-Z]{1,3}族)?自治[区州县旗]|新区|[省市区县州盟旗])$")


class Context(NamedTuple):
    """What stands around a name in its sentence; what is empty is not checked.

    Attributes:
        action: the verb whose object it is.
        before: the sentence up to the name and its quantity.
        after: the sentence after them.
        region: the area the document speaks for; None if unknown, no level set for the whole country.
    """

    action: str = ""
    before: str = ""
    after: str = ""
    region: Region | None = None


_NOWHERE = Context()


def fact_context(
    table: SpanTable, spans: FactSpans, unit: int | None, sentence: tuple[int, int], region: Region | None
) -> Context:
    """Return what stands around a fact's indicator and quantity; offsets are those of the document's text."""
    action = "" if spans.action is None else "".join(table.spans[spans.action].text.split())
    quantity = table.spans[spans.quantity if unit is None else unit]
    indicator = table.spans[spans.indicator]
    start, end = min(indicator.start, table.spans[spans.quantity].start), max(indicator.end, quantity.end)
    return Context(action, table.text[sentence[0] : start], table.text[end : max(end, sentence[1])], region)


def canonical_indicator(
    name: str, *, kind: Kind, base_unit: str | None, amount: Decimal | None = None, context: Context = _NOWHERE
) -> str | None:
    """Return the id of the indicator whose own figure a fact gives, None for any other fact.

    Args:
        name: the indicator's full name, without the verb.
        kind: value, change or gap.
        base_unit: the unit without its multiplier (亿元 → 元), None if there is none.
        amount: the number in its base unit; tells money without a unit (突破5万亿) from a rank.
        context: what stands around the name.
    """
    entry, growth, joined = _find(name, context)
    if entry is None or not _fits(entry, kind, base_unit, amount, growth):
        return None
    keeps = joined or kind != "value" or not context.action or context.action in _neutral()
    return entry.indicator.id if keeps and _own_figure(entry, context) else None


def _find(name: str, context: Context) -> tuple[Entry | None, bool, bool]:
    """Look a name up with its verb, as it is and without its scope; say if it is a growth, and if joined."""
    names, key = entries(), spelling(name)
    if context.action and (entry := names.get(spelling(context.action) + key)):
        return entry, False, True
    for candidate in _shorter(key, context.region):
        if entry := names.get(candidate):
            return entry, False, False
        amount = _growth().sub("", candidate)
        if amount != candidate and (entry := names.get(amount)):
            return entry, True, False
    return None, False, False


def _shorter(key: str, region: Region | None) -> Iterator[str]:
    """Yield a name as it is, without the scope or date before it, and without an end that changes nothing."""
    yield key
    bare = key
    while match := _scope(region).match(bare):
        bare = bare[match.end() :]
    if bare != key:
        yield bare
    yield _ends().sub("", bare)


def _fits(entry: Entry, kind: Kind, base_unit: str | None, amount: Decimal | None, growth: bool) -> bool:
    """Whether the number can be a level, change or gap of the indicator."""
    own, unit = entry.unit_kind, None if base_unit is None else unit_kind(base_unit)
    told = base_unit in _SHARES
    if entry.indicator.level == "growth":
        return told or (kind == "gap" and unit == "share")
    if growth:
        return own != "share" and (told or (kind == "gap" and unit == "share"))
    if kind == "value":
        level = _fits_without_unit(own, amount) if base_unit is None else unit == own and (own != "share" or told)
        return level and not entry.growth_only
    if unit == "share":
        return told or own == "share" or kind == "gap"
    return unit == "fold" or (base_unit is not None and unit == own and not entry.growth_only)


def _fits_without_unit(own: str | None, amount: Decimal | None) -> bool:
    """Whether a bare number is a level: a large sum of money, or a ratio (whole numbers may be ranks)."""
    if amount is None:
        return own is None
    return amount >= _LARGE if own == "money" else own is None and amount % 1 != 0


def _own_figure(entry: Entry, context: Context) -> bool:
    """Whether nothing around the name makes it the figure of a smaller area, of a sub-item or of another noun."""
    if _attributive().match(plain_form(context.after)):
        return False
    before = plain_form(context.before[-_LONGEST_LEAD:])
    clause = _clause().split(before)[-1]
    if entry.short and _SUBITEM in before[-len(clause) - len(_SUBITEM) - 1 :]:
        return False
    rest = clause.replace(context.action, "", 1) if context.action else clause
    while rest and (match := _lead(context.region).match(rest)):
        rest = rest[match.end() :]
    return not rest


@lru_cache(maxsize=1)
def _growth() -> re.Pattern[str]:
    return re.compile(load_toml(_WORDS)["growth"]["pattern"])


@lru_cache(maxsize=1)
def _ends() -> re.Pattern[str]:
    return re.compile(load_toml(_WORDS)["ends"]["pattern"])


@lru_cache(maxsize=1)
def _clause() -> re.Pattern[str]:
    return re.compile(load_toml(_WORDS)["clause"]["pattern"])


@lru_cache(maxsize=1)
def _attributive() -> re.Pattern[str]:
    return re.compile(load_toml(_WORDS)["attributive"]["pattern"])


@lru_cache(maxsize=1)
def _neutral() -> frozenset[str]:
    return frozenset(load_toml(_WORDS)["neutral"]["words"])


@lru_cache(maxsize=256)
def _scope(region: Region | None) -> re.Pattern[str]:
    """What may stand before a name and leaves it the figure of the whole region: 全省, its own name, a date."""
    return re.compile(f"{alternatives(_scope_words(region))}|{_DATE}")


@lru_cache(maxsize=256)
def _lead(region: Region | None) -> re.Pattern[str]:
    """What may stand before a name in its clause: its scope, adverbs and verbs."""
    words = load_toml(_WORDS)
    return re.compile(f"{alternatives([*words['lead']['words'], *_neutral()])}|{_scope(region).pattern}")


def _scope_words(region: Region | None) -> list[str]:
    """Return the words for the whole region: those of its level (全市 of a city), of every level if it is unknown."""
    words = load_toml(_WORDS)["scope"]
    levels, names = words["levels"], []
    if region is not None:
        own = region.county or region.city or region.province or words["nation"]
        levels, names = [own[-1], *_NEW_AREA.findall(own)], [own, _REGION_END.sub("", own)]
    return [word.format(level=level) for level in levels for word in words["own"]] + [n for n in names if len(n) > 1]
