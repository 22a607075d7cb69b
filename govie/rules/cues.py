"""Peeling cue words off the ends of a stretch of text.

Between a noun and its number stand value verbs, adverbs and bounds (增长, 达到,
预计, 超过); before a clause's verb or noun stand adverbs and scope words. Peeling
reads them off, longest word first, and what is left is the verb and the noun.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from govie.lexicon import load_table
from govie.rules.noun_cues import noun_cues

__all__ = ["Tail", "own_regions", "peel_adverbs", "peel_head", "peel_tail"]

_LONGEST = 8

_COMPARED = re.compile(
    r"""(?<![占同环对可])(?:比|较)(?![重例率亚值赛大强好])   # 比上年, 较全国平均水平; not 占比, 比重
        (?P<mark>[^,;。:比较]{1,16})$""",
    re.X,
)
_BASED_ON = re.compile(r"在(?:[^,;。]{1,16})基础上$")
_SHARE = re.compile(
    r"(?<!比)(?:约|均|仅|共)?占(?![地比道用有领])(?P<mark>[^,;。、占]{1,24}?)(?<!比重)(?<!比例)(?<!之比)的?$"
)
_MULTIPLE = re.compile(
    r"(?:是|为|相当于|约为|占|达到?|按?不[低高多少]于|不超过|提高[到至])(?P<mark>[^,;。、是为]{1,24}(?:\([^()]{1,8}\)[^,;。、是为]{1,16})?)的$"
)
_DISTANCE = re.compile(
    r"""(?<!不)(?<!不得)(?:远|大大|明显|显著|略)?
        (?P<verb>高于|快于|好于|优于|多于|大于|高出|超出|超过|低于|慢于|少于|落后于)(?P<mark>[^,;。、的]{1,20})$""",
    re.X,
)
_BEYOND = re.compile(r"(?<!高)超(?P<mark>[^,;。、的超]{0,6}(?:计划|目标|任务|预期|进度))$")
_RANK = re.compile(
    r"""(?P<verb>位居|位列|列|居|排名(?![从由])|排在|排(?!名)|跃居|稳居|名列|升至|跃升至|保持|进入|跻身|上升至|提升至|位于|由|从|居于)
        (?P<mark>[^,;。、]{0,40}?)(?:第|前)$""",
    re.X,
)
_SINCE = re.compile(
    r"""(?:由|从|前|近|后|这)?(?:\d{4}年|“?十[一二三四五]五”?|[上去前]年|[近过][去]?[一二三四五两十\d]+年|[一二三四五两十\d]+年|五年来|当年
        |上半年|前三季度|[一二三四]季度)(?:期间|时期|初期|末|底|末期|同期|以来|来|内|间|初)?的?$|连续[一二三四五六七八九十两\d]+[年个季度月次]+$""",
    re.X,
)
_EACH = re.compile(
    r"(?:每|平均每)(?![年月周天日])[^,。;、每]{1,5}(?<![数量额率价费金])(?<!补[助贴])(?<!标准)(?<!收入)(?<!成本)(?<!拥有)$"
)
_BEFORE_SINGLE = frozenset("再均将各又已同年共")
_NEVER_IN_NAMES = frozenset("翻")
_FROM = re.compile(r"(?:从(?![事业])|(?<!自)由(?!于))[^,;。、从由]{1,14}的?$")
_AMONG = re.compile(
    r"""(?<=[^,。;、])(?<![所现存实正潜])在
        (?:[^,。;、在]{1,12}(?<!考[核评])(?<!评[估比价选])(?<!测评)(?<!督查)(?<!竞赛)[中内]|全[国省市区县州]|国内|世界|全球)$""",
    re.X,
)
_SKIPPED = frozenset(",、:∶")
_SKIPPED_AHEAD = frozenset("、,:;。\ufffc")


class _Phrase(NamedTuple):
    """A cue of several words; ``needs`` holds characters of which one stands in every match."""

    role: str
    pattern: re.Pattern[str]
    needs: frozenset[str]


_COMPARISON = _Phrase("compared", _COMPARED, frozenset("比较"))
_GAP = _Phrase("distance", _DISTANCE, frozenset("于先出过"))
_OVER_PLAN = _Phrase("distance", _BEYOND, frozenset("超"))
_RANKING = _Phrase("rank", _RANK, frozenset("第前"))
_PHRASES = (
    _Phrase("since", _SINCE, frozenset("年“十度次")),
    _Phrase("each", _EACH, frozenset("每")),
    _COMPARISON,
    _Phrase("based", _BASED_ON, frozenset("础")),
    _Phrase("multiple", _MULTIPLE, frozenset("的")),
    _Phrase("share", _SHARE, frozenset("占")),
    _Phrase("from", _FROM, frozenset("从由")),
    _Phrase("among", _AMONG, frozenset("在")),
)
_REACH = 48
"""Code points before the number that a cue may take up."""


@dataclass(frozen=True, slots=True)
class Tail:
    """What was read off the end of a stretch.

    Attributes:
        end: offset where the rest ends.
        roles: the roles of the cues met, nearest to the number first.
        words: the cues in the same order.
        kind: what is said of something named: ``compared``, ``share``, ``multiple``,
            ``distance`` or ``rank``; None if nothing is named.
        mark: start and end of what is named (比 *上年*, 高于 *全国*, 居 *全省* 第).
    """

    end: int
    roles: tuple[str, ...]
    words: tuple[str, ...]
    kind: str | None = None
    mark: tuple[int, int] | None = None


class _Cue(NamedTuple):
    role: str
    start: int
    mark: tuple[int, int] | None = None


@lru_cache(maxsize=1)
def _tail_words() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in load_table("tail_cues.tsv"):
        table.setdefault(row["word"], row["role"])
    return table


@lru_cache(maxsize=1)
def _head_words() -> dict[str, str]:
    return {row["word"]: row["role"] for row in load_table("head_cues.tsv")}


@lru_cache(maxsize=1)
def own_regions() -> tuple[str, ...]:
    """Return the words for the document's own region (全市, 我省, 辖区), the longest first."""
    return tuple(sorted((word for word, role in _head_words().items() if role == "scope"), key=len, reverse=True))


def peel_tail(text: str, start: int, end: int, *, ranked: bool = False) -> Tail:
    """Read cue words off the end of ``text[start:end]``; ``ranked`` where 第N follows."""
    roles: list[str] = ["rank"] if ranked else []
    words: list[str] = []
    named: _Cue | None = None
    at = end
    while at > start:
        if text[at - 1] in _SKIPPED or text[at - 1].isspace():
            at -= 1
            continue
        cue = _last_cue(text, start, at, roles)
        if cue is None:
            break
        if cue.mark is not None and named is None:
            named = cue
        roles.append(cue.role)
        words.append(text[cue.start : at])
        at = cue.start
    kind, mark = (None, None) if named is None else (named.role, named.mark)
    return Tail(at, tuple(roles), tuple(words), kind, mark)


def _last_cue(text: str, start: int, at: int, roles: Sequence[str]) -> _Cue | None:
    """Return the cue that ends at ``at``; ``roles`` are those of the cues after it."""
    near = text[max(start, at - _REACH) : at]
    if "rise" in roles or "fall" in roles:
        compared = _match(_COMPARISON, near, at)
        if compared:
            return compared
    ahead = _match(_GAP, near, at) or _match(_OVER_PLAN, near, at)
    ahead = ahead or (_match(_RANKING, near, at) if near[-1] in "第前" else None)
    if ahead:
        return ahead
    table = _tail_words()
    for size in range(min(_LONGEST, at - start), 0, -1):
        role = table.get(near[-size:])
        if role == "opaque":
            return None
        if role == "scope" and "rank" not in roles:
            break
        if role is not None and (size > 1 or _single_holds(text, start, at - 1, role)):
            return _Cue(role, at - size)
    found = (_match(phrase, near, at) for phrase in _PHRASES)
    return next((cue for cue in found if cue), None)


def _match(phrase: _Phrase, near: str, at: int) -> _Cue | None:
    """Find a phrase at the end of ``near``, the words before offset ``at``."""
    if phrase.needs.isdisjoint(near):
        return None
    match = phrase.pattern.search(near)
    if match is None:
        return None
    offset = at - len(near)
    start, end = match.span("mark") if "mark" in phrase.pattern.groupindex else (0, 0)
    return _Cue(phrase.role, offset + match.start(), (offset + start, offset + end) if end else None)


def _single_holds(text: str, start: int, at: int, role: str) -> bool:
    """Tell whether the one-character change word at ``at`` stands alone: 高 after 比全国, not in 新高."""
    if role not in ("rise", "fall") or at == start or text[at] in _NEVER_IN_NAMES:
        return True
    return _COMPARED.search(text[max(start, at - _REACH) : at]) is not None or text[at - 1] in _BEFORE_SINGLE


def peel_adverbs(text: str, start: int, end: int) -> int:
    """Return where ``text[start:end]`` ends once trailing adverbs and bounds are read off, verbs left alone."""
    words, bounds = _tail_words(), noun_cues().bounds
    at = end
    while at > start:
        for size in range(min(_LONGEST, at - start), 0, -1):
            role = words.get(text[at - size : at])
            if role == "opaque":
                return at
            if role == "adverb" or text[at - size : at] in bounds:
                break
        else:
            return at
        at -= size
    return at


def peel_head(text: str, start: int, end: int) -> int:
    """Return where ``text[start:end]`` begins once its leading cue words are read off."""
    words = _head_words()
    at = start
    while at < end:
        if text[at] in _SKIPPED_AHEAD or text[at].isspace():
            at += 1
            continue
        phrase = _HEAD_PHRASE.match(text, at, end)
        if phrase and phrase.end() > at:
            at = phrase.end()
            continue
        for size in range(min(_LONGEST, end - at), 0, -1):
            role = words.get(text[at : at + size])
            if role is not None:
                break
        else:
            return at
        if role == "opaque":
            return at
        at += size
    return at


_HEAD_PHRASE = re.compile(
    r"""(?:(?:到|至|从|自|在|截至)?(?:\d{4}|[二一][〇零一二三四五六七八九]{3})年?(?:[—\-~至到](?:\d{4}|[二一][〇零一二三四五六七八九]{3})年?)?(?:\d{1,2}月)?(?:底|末|初|以来|以前|间|期间|前|全年)?
      |(?:到|至|在)?“?十[一二三四五]五”?(?:时期|期间|末|以来)?
      |(?:过去|未来|今后|近|前|后|这)[一二三四五两十\d]+(?:年|个月)(?:来|内|间)?
      |\d{1,2}(?:月份?)?[—\-~至到]{1,2}\d{1,2}月份?
      |[一二三四五六七八九十两\d]+(?:年来|年(?=累计|共)|(?:年|个月|天|日)(?:以|之)?内)
      |第?[一二三四五六七八九十]+[,是]
      |[(\[]?[一二三四五六七八九十\d]{1,3}[)\]、.]\s*
      |[①-⑳]
      |——?|[—-]{1,2})""",
    re.X,
)
