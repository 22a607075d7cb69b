"""Which canonical indicator a fact is about, if it is the region's own figure of it.

Names are compared whole, after one spelling: a longer name (南山区地区生产总值, 服务业增加值占比) is another
quantity. What stands around a name is looked at only where the name is known. The decisions:

- The unit must fit. A level comes in a unit of the indicator's kind, so a rank or a share under its name is none.
  A change of GDP in percentage points is a change of its growth and gets no id; of a rate it is the change.
- The growth of an amount (地区生产总值增速5%) gets the amount's id: in per cent it cannot be taken for the level.
  The growth of a rate or a share gets none: it could. A price index is known by its growth alone; its level (103%)
  and a 降幅, whose number has lost its sign, get none.
- Some names mean the indicator only where growth is told (经济增长5%, never 经济500亿元).
- A verb that adds to an amount (新增高新技术企业100家、增长10%) makes it another figure; 完成 and 实现 do not, nor do
  压减 and 提高 before a change (压减支出10%). Verb and name may make a name together (新增 + 城镇就业).
- The words before the name in its clause must be scope words of the document's own region, dates, adverbs or
  verbs; anything else (东部地区, 某园区) narrows it. 其中 makes short names (出口) those of a sub-item, and 带动 makes
  them the work of what stands before (建成创业园10个,带动新增就业5000人).
- A part of the region that is the subject of the clause before (合作区地区生产总值增长15%,固定资产投资…) still is.
- A word between name and quantity may turn it into another figure (生产总值2860亿元,人均5.39万元).
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
from govie.lexicon import alternatives, load_table, load_toml
from govie.quantity.units import unit_kind
from govie.reading.normalise import plain_form
from govie.records import Kind

__all__ = ["Context", "canonical_indicator", "fact_context"]

_WORDS = "indicator_names.toml"
_SHARES = frozenset({"%", "‰", "成"})
_TIMES = frozenset({"人次", "户次"})
_INDEX = 50  # a price index of 102% (the year before is 100) is no rise of 102%
_LARGE = Decimal(10**8)  # where the unit is left out, an amount this large is money (突破5万亿), no rank
_LONGEST_LEAD = 40
_LONGEST_SUBJECT = 120
_SENTENCE, _COMMA = re.compile(r"[。;；!?\n]"), re.compile("[,，]")
_SUBITEM = "其中"

_DATE = r"(?:[12]\d{3}年|十[一二三四五六]五)(?:末|底|期末|时期|期间|以来)?"
_NEW_AREA = re.compile("新区$")
_REGION_END = re.compile(r"(?:新区|[省市区县州盟旗])$")


class Context(NamedTuple):
    """What stands around a name in its sentence; what is empty is not checked.

    Attributes:
        action: the verb whose object it is.
        before: the sentence up to the name and its quantity.
        after: the sentence after them.
        between: what stands between name and quantity, where the name comes first.
        region: the area the document speaks for; None if unknown, no level set for the whole country.
    """

    action: str = ""
    before: str = ""
    after: str = ""
    region: Region | None = None
    between: str = ""


_NOWHERE = Context()


def fact_context(
    table: SpanTable, spans: FactSpans, unit: int | None, sentence: tuple[int, int], region: Region | None
) -> Context:
    """Return what stands around a fact's indicator and quantity; offsets are those of the document's text."""
    action = "" if spans.action is None else "".join(table.spans[spans.action].text.split())
    quantity = table.spans[spans.quantity if unit is None else unit]
    indicator = table.spans[spans.indicator]
    start, end = min(indicator.start, table.spans[spans.quantity].start), max(indicator.end, quantity.end)
    between = table.text[indicator.end : max(indicator.end, table.spans[spans.quantity].start)]
    return Context(action, table.text[sentence[0] : start], table.text[end : max(end, sentence[1])], region, between)


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
    entry, growth, joined = _find(name, context.action, context.region)
    if entry is None or not _fits(entry, kind, base_unit, amount, growth):
        return None
    keeps = joined or not context.action or context.action in _keeping(kind)
    return entry.indicator.id if keeps and _own_figure(entry, context) else None


@lru_cache(maxsize=8192)
def _find(name: str, action: str, region: Region | None) -> tuple[Entry | None, bool, bool]:
    """Look a name up with its verb, as it is and without its scope; say if it is a growth, and if joined."""
    names, key = entries(), spelling(name)
    if action and (entry := names.get(spelling(action) + key)):
        return entry, False, True
    for candidate in _shorter(key, region):
        if entry := names.get(candidate):
            return entry, False, False
        if candidate.endswith(_growth_words()) and (entry := names.get(_growth().sub("", candidate))):
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
    rate = base_unit in _SHARES or (kind == "gap" and unit == "share")
    if entry.indicator.level == "growth":
        return rate and not (kind == "value" and amount is not None and amount >= _INDEX)
    if growth:
        return own != "share" and rate
    if kind == "value":
        return not entry.growth_only and _is_level(entry, base_unit, amount)
    if unit == "share":
        return rate or own == "share"
    return unit == "fold" or (unit is not None and unit == own and not entry.growth_only)


def _is_level(entry: Entry, base_unit: str | None, amount: Decimal | None) -> bool:
    own = entry.unit_kind
    if base_unit is None:
        return _is_bare_level(own, amount)
    if base_unit in _TIMES and entry.indicator.level == "stock":
        return False
    return base_unit in _SHARES if own == "share" else own is not None and unit_kind(base_unit) == own


def _is_bare_level(own: str | None, amount: Decimal | None) -> bool:
    """Whether a bare number is a level: a large sum of money, or a ratio (whole numbers may be ranks)."""
    if amount is None:
        return own is None
    return amount >= _LARGE if own == "money" else own is None and amount % 1 != 0


def _own_figure(entry: Entry, context: Context) -> bool:
    """Whether nothing around the name makes it the figure of a smaller area, of a sub-item or of another noun."""
    if _attributive().match(plain_form(context.after[:_LONGEST_LEAD])):
        return False
    if any(word in context.between for word in load_toml(_WORDS)["turns"]["words"]):
        return False
    before = plain_form(context.before[-_LONGEST_LEAD:])
    clause = _clause(entry.short).split(before)[-1]
    if entry.short and _SUBITEM in before[-len(clause) - len(_SUBITEM) - 1 :]:
        return False
    if entry.short and any(word in clause for word in _causes()):
        return False
    rest = clause.replace(context.action, "", 1) if context.action else clause
    if _narrower().search(_two_clauses(context.before)):
        return False
    while rest and (match := _lead(context.region).match(rest)):
        rest = rest[match.end() :]
    return not rest


def _two_clauses(before: str) -> str:
    """Return the clause a name stands in, up to the name, and the one before it."""
    sentence = _SENTENCE.split(plain_form(before[-_LONGEST_SUBJECT:]))[-1]
    return ",".join(_COMMA.split(sentence)[-2:])


@lru_cache(maxsize=1)
def _narrower() -> re.Pattern[str]:
    return re.compile(load_toml(_WORDS)["narrower"]["pattern"])


@lru_cache(maxsize=1)
def _growth_words() -> tuple[str, ...]:
    return tuple(load_toml(_WORDS)["growth"]["words"])


@lru_cache(maxsize=1)
def _growth() -> re.Pattern[str]:
    before = alternatives(load_toml(_WORDS)["growth"]["before"])
    return re.compile(f"(?:{before})*(?:{alternatives(_growth_words())})$")


@lru_cache(maxsize=1)
def _ends() -> re.Pattern[str]:
    return re.compile(load_toml(_WORDS)["ends"]["pattern"])


@lru_cache(maxsize=2)
def _clause(short: bool) -> re.Pattern[str]:
    return re.compile(load_toml(_WORDS)["clause"]["of_short" if short else "pattern"])


@lru_cache(maxsize=1)
def _causes() -> tuple[str, ...]:
    return tuple(load_toml(_WORDS)["causes"]["words"])


@lru_cache(maxsize=1)
def _attributive() -> re.Pattern[str]:
    return re.compile(load_toml(_WORDS)["attributive"]["pattern"])


@lru_cache(maxsize=3)
def _keeping(kind: Kind) -> frozenset[str]:
    """Return the verbs that keep a figure what it is; those of rise and fall do where the rise or fall is told."""
    links = load_toml("links.toml")
    moving = [] if kind == "value" else [*links["falling"]["words"], *links["rising"]["words"]]
    return frozenset([*load_toml(_WORDS)["neutral"]["words"], *moving])


@lru_cache(maxsize=256)
def _scope(region: Region | None) -> re.Pattern[str]:
    """What may stand before a name and leaves it the figure of the whole region: 全省, its own name, a date."""
    return re.compile(f"{alternatives(_scope_words(region))}|{_DATE}")


@lru_cache(maxsize=256)
def _lead(region: Region | None) -> re.Pattern[str]:
    """What may stand before a name in its clause: its scope, adverbs and verbs."""
    words = load_toml(_WORDS)
    return re.compile(f"{alternatives([*words['lead']['words'], *_keeping('value')])}|{_scope(region).pattern}")


def _scope_words(region: Region | None) -> list[str]:
    """Return the words for the whole region: those of its level (全市 of a city), of every level if it is unknown."""
    words = load_toml(_WORDS)["scope"]
    levels, names = words["levels"], []
    if region is not None:
        own = region.county or region.city or region.province or words["nation"]
        new_area = _NEW_AREA.findall(own)
        levels, names = [own[-1], *new_area], [own, _short_names().get(own) or _REGION_END.sub("", own), *new_area]
    return [word.format(level=level) for level in levels for word in words["own"]] + [n for n in names if len(n) > 1]


@lru_cache(maxsize=1)
def _short_names() -> dict[str, str]:
    """Map the names of regions to what running text calls them: 宁夏回族自治区 → 宁夏."""
    return {row["county"] or row["city"] or row["province"]: row["short"] for row in load_table("regions.tsv")}
