"""Targets without a number: 居民收入增长与经济增长同步, 固定资产投资增速高于全国平均水平."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, cast

from govie.document import Region, Sentence
from govie.facts.canonical import Context, canonical_indicator
from govie.facts.indicator_names import Indicator
from govie.facts.panel.dates import dated
from govie.facts.panel.figures import Figure, indicator_of
from govie.facts.panel.sources import Source
from govie.facts.panel.wording import lists_goals
from govie.lexicon import load_toml
from govie.records import Bound

__all__ = ["relative_figures"]

_LEXICON = "panel.toml"
_CLAUSE = re.compile(r"[^,。;:!?\n]+")
_LONGEST_NAME = 30
_ONE = Decimal(1)
_SCORE = 0.9  # a rule that was not fitted; never wrong on the development documents


class _Form(NamedTuple):
    pattern: re.Pattern[str]
    bound: Bound


class _Aim(NamedTuple):
    indicator: Indicator
    bound: Bound
    growth: bool
    start: int
    end: int


def relative_figures(source: Source) -> Iterator[Figure]:
    """Yield the targets without a number in the parts of a document that plan."""
    for sentence in source.document.sentences:
        plain = source.document.plain[sentence.start : sentence.end]
        if not sentence.noise and (sentence.stance == "plan" or lists_goals(plain)):
            for clause in _CLAUSE.finditer(plain):
                yield from _clause_figures(source, sentence, plain, clause)


def _clause_figures(source: Source, sentence: Sentence, plain: str, clause: re.Match[str]) -> Iterator[Figure]:
    for form in _forms():
        if found := form.pattern.search(clause.group()):
            if _whole_area(source.area) in found.group():  # 高于全省 in a report of the province: a part of it is
                return
            words, start = clause.group()[: found.start()], sentence.start + clause.start() + found.start()
            for name in _indicators(words, plain[: clause.start()], source.area):
                growth = _is_growth(indicator_of(name), words)
                aim = _Aim(indicator_of(name), form.bound, growth, start, start + len(found.group()))
                yield _figure(source, sentence, aim)
            return


def _is_growth(indicator: Indicator, words: str) -> bool:
    growth = load_toml(_LEXICON)["relative_names"]["growth"]
    return indicator.level == "flow" or any(word in words for word in growth)


def _figure(source: Source, sentence: Sentence, aim: _Aim) -> Figure:
    span = sentence.span
    period = str(sentence.year) if sentence.year is not None else f"{span[0]}/{span[1]}" if span else None
    return Figure(
        source=source,
        indicator=aim.indicator,
        dated=dated(period),
        kind="change" if aim.growth else "value",
        direction="increase" if aim.growth else None,
        status="target",
        value=None,
        value_max=None,
        unit=None,
        magnitude=_ONE,
        base_unit=None,
        bound=aim.bound,
        hardness=None,
        stretch=None,
        relative=source.extraction.text[aim.start : aim.end],
        start=aim.start,
        end=aim.end,
        sentence=(sentence.start, sentence.end),
        section=sentence.section,
        score=_SCORE,
        origin="rule",
    )


def _whole_area(region: Region | None) -> str:
    """Return what a document calls its own area: 全省; words that never occur where that is unknown."""
    if region is None:
        return "\0"
    own = region.county or region.city or region.province or "国"
    return f"全{own[-1]}"


def _indicators(words: str, before: str, region: Region | None) -> Iterator[str]:
    """Yield the indicators that the words before a comparison name, the last one first."""
    rest = _ends().sub("", words)
    if not rest:
        return
    for written in _unfused(rest):
        names = _joiner().split(written)
        for place in range(len(names) - 1, -1, -1):
            lead = before + "".join(f"{name}、" for name in names[:place])
            if name := _indicator(names[place], lead, region):
                yield name


def _indicator(words: str, before: str, region: Region | None) -> str | None:
    """Return the indicator whose name ends the words, the longest name first."""
    for start in range(max(0, len(words) - _LONGEST_NAME), len(words) - 1):
        context = Context("", before + words[:start], "", region)
        if found := canonical_indicator(words[start:], kind="change", base_unit="%", context=context):
            return found
    return None


def _unfused(words: str) -> Iterator[str]:
    for fused, parts in load_toml(_LEXICON)["relative_names"]["fused"].items():
        if fused in words:
            yield from (words.replace(fused, part, 1) for part in parts)
            return
    yield words


@lru_cache(maxsize=1)
def _forms() -> tuple[_Form, ...]:
    """Return the forms; each ends its clause, or stands before 、."""
    return tuple(
        _Form(re.compile(f"(?:{row['pattern']})(?=、|$)"), cast(Bound, row["bound"]))
        for row in load_toml(_LEXICON)["relative"]
    )


@lru_cache(maxsize=1)
def _ends() -> re.Pattern[str]:
    return re.compile(load_toml(_LEXICON)["relative_names"]["ends"])


@lru_cache(maxsize=1)
def _joiner() -> re.Pattern[str]:
    return re.compile(load_toml(_LEXICON)["relative_names"]["joiner"])
