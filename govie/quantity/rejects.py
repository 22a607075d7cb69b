"""Tell what is no quantity: names, dates, ordinals, classes, idioms, list numbers.

Each rule looks at a candidate and the few characters around it; the words are in
``lexicon/non_quantities.toml``. Where only the noun could decide, a candidate passes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from govie.lexicon import alternatives, load_toml
from govie.quantity.units import unit_word, unit_words

__all__ = ["Candidate", "is_quantity"]

_REACH = 16  # characters looked at on either side
_QUOTE = 25  # longest stretch of a quoted name looked at on either side of a numeral
_QUOTES = (("“", "”"), ("《", "》"), ("「", "」"))


class Candidate(NamedTuple):
    """A numeral in its text, and the unit behind it.

    ``unit_start == unit_end == end`` where no unit follows. ``word`` is the unit
    without multiplier, brackets and divisors; ``before`` and ``after`` are the
    characters around numeral and unit.
    """

    text: str
    start: int
    end: int
    unit_start: int
    unit_end: int
    number: str
    unit: str
    word: str
    before: str
    after: str

    @classmethod
    def of(cls, text: str, start: int, end: int, unit_start: int, unit_end: int) -> Candidate:
        """Cut out the pieces that the rules look at."""
        unit = text[unit_start:unit_end]
        before, after = text[max(0, start - _REACH) : start], text[unit_end : unit_end + _REACH]
        return cls(text, start, end, unit_start, unit_end, text[start:end], unit, unit_word(unit), before, after)

    @property
    def kind(self) -> str:
        """Kind of the unit; empty where there is none."""
        known = unit_words().get(self.word)
        return known.kind if known else ""


@cache
def _words(section: str, key: str) -> tuple[str, ...]:
    data: dict[str, Any] = load_toml("non_quantities.toml")
    return tuple(data[section][key])


@cache
def _pattern(section: str, key: str) -> re.Pattern[str]:
    return re.compile(alternatives(_words(section, key)))


def is_quantity(found: Candidate) -> bool:
    """Judge a candidate by the words around it."""
    return all(not rule(found) for rule in _RULES)


def _quoted(found: Candidate) -> bool:
    """“两个确立”, 《深圳市二〇二〇…》."""
    text, start, end = found.text, found.start, found.unit_end
    for opening, closing in _QUOTES:
        left = text.rfind(opening, max(0, start - _QUOTE), start)
        if left < 0 or text.find(closing, left, start) >= 0:
            continue
        right = text.find(closing, end, end + _QUOTE)
        if right >= 0 and text.find(opening, end, right) < 0:
            return True
    return False


@cache
def _names() -> dict[str, list[tuple[str, str]]]:
    """What stands before and after the numeral of a name, by the first character after it."""
    names: dict[str, list[tuple[str, str]]] = {}
    for left, _, right in (word.partition("#") for word in _words("names", "words")):
        names.setdefault(right[0], []).append((left, right))
    return names


def _named(found: Candidate) -> bool:
    """新三样, 中央八项规定."""
    rest = found.unit + found.after
    pairs = _names().get(rest[:1], ())
    return any(rest.startswith(right) and found.before.endswith(left) for left, right in pairs)


def _listed(found: Candidate) -> bool:
    """五种意识, 三项机制: the text's own lists."""
    return not found.number[0].isascii() and (found.unit + found.after).startswith(_words("listed", "after"))


_NOTE = re.compile(r"\s*[\[〔]\d{1,3}[\]〕][^,。;:]{1,40}:")


def _titled(found: Candidate) -> bool:
    """[4]三张清单: the title of a note, which repeats the words it explains."""
    title = _NOTE.match(found.text)
    return title is not None and found.end <= title.end()


def _pointed(found: Candidate) -> bool:
    """这两项, 以下四类: points back at things already named."""
    return bool(found.unit) and found.before.endswith(_words("pointed", "before"))


def _field(found: Candidate) -> bool:
    """从全国910个市辖区中脱颖而出: the field that one is chosen from."""
    return _chosen().match(found.after) is not None


@cache
def _chosen() -> re.Pattern[str]:
    return re.compile(rf"[^,。;、中]{{0,10}}中(?:{alternatives(_words('field', 'chosen'))})")


def _glued(found: Candidate) -> bool:
    """PM2.5, 5A, G98, V2G: part of a code in Latin letters."""
    last, following = found.before[-1:], found.after[:1]
    if not found.number[0].isascii():
        return False
    if last.isascii() and (last.isalpha() or last == "_"):
        return found.kind not in ("money", "share")
    return not found.unit and following.isascii() and (following.isalpha() or following in ("_", "+"))


_CLAUSE_END = re.compile(r"[,。;、!)”\"\s(]|的|和|成绩|$")


def _ordinal(found: Candidate) -> bool:
    """第三批, 第二产业, 放在第一位: an order, not a rank among others."""
    if not found.before.endswith("第"):
        return False
    if found.unit not in ("", "位", "名") or not (found.unit or _CLAUSE_END.match(found.after)):
        return True
    context = found.before[:-1]
    if context.endswith(_words("ordinal", "first")):
        return True
    return found.unit != "名" and not _pattern("ordinal", "ranking").search(context)


_TOP = re.compile(r"(?:[居列入进身至]|全[国球省市区县])\D*前\Z")


def _top(found: Candidate) -> bool:
    """前1%的学科, 前三批: no rank; 前十, 前20名 at the end of a clause is one."""
    if not found.before.endswith("前"):
        return False
    if not found.unit:
        return not _CLAUSE_END.match(found.after.removeprefix("强"))
    return found.unit not in ("名", "位", "%") or not _CLAUSE_END.match(found.after) or not _TOP.search(found.before)


def _class_word(found: Candidate) -> bool:
    """20万吨|级航道, 年产10万吨, 500米|范围内: words that make a class of a size."""
    after = found.after
    return (
        found.before.endswith(_words("class", "before"))
        or after.startswith(_words("class", "after_any"))
        or (found.kind == "length" and after.startswith(_words("class", "after_length")))
        or (found.word in ("人", "户") and after.startswith(_words("class", "after_people")))
    )


_COUNTED = re.compile(r"\d[座个台条项家批](?:超|过)?\Z")
_THING = re.compile(r"的?[一-龥A-Za-z]")


def _size_class(found: Candidate) -> bool:
    """10亿元|以上项目, 3座35万千瓦电站, 超10亿元项目: a size that sorts things."""
    kind, before, after = found.kind, found.before, found.after
    if kind not in ("money", "mass", "area", "length", "power") or before.endswith(_words("class", "whole")):
        return False
    if kind != "length" and _COUNTED.search(before):
        return True
    if _counted_thing().match(after) or (before.endswith(("超", "过")) and _sorted_thing().match(after)):
        return True
    larger = _pattern("class", "after").match(after)
    return bool(larger and _THING.match(after, larger.end()))


@cache
def _sorted_thing() -> re.Pattern[str]:
    return re.compile(rf"[一-龥]{{0,4}}(?:{alternatives(_words('class', 'things'))})")


@cache
def _counted_thing() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(_words('class', 'things'))})\d")


_MULTIPLIER = re.compile(r"[百千万亿]+\Z")


def _lone_multiplier(found: Candidate) -> bool:
    """万众, 千家万户, 每万人: a multiplier counts only after a word of bound (突破千亿元)."""
    if not _MULTIPLIER.match(found.number):
        return False
    if not found.before.endswith(_words("bounding", "before")):
        return True
    if found.unit or found.before.endswith(_words("bounding", "before_noun")):
        return False
    return not _CLAUSE_END.match(found.after.removeprefix("大关"))


def _length_of_time(found: Candidate) -> bool:
    """24小时在线, 仅用7天, 连续3个月: counts only where something is as long, or changes by it."""
    if found.kind != "span":
        return False
    if found.word == "年":
        return not _pattern("span", "terms").search(found.before) or bool(re.match(r"\d{4}\Z", found.number))
    if found.word == "岁":
        return "寿命" not in found.before and found.after.startswith(_words("span", "ages"))
    if found.word == "天":
        return found.before.endswith(_words("span", "used")) or found.after.startswith(_words("span", "within"))
    return not (found.before.endswith(_words("span", "cues")) or _LISTED.search(found.before))


_LISTED = re.compile(r"\d(?:个|天|分钟)?[、和]\Z")


@cache
def _session() -> re.Pattern[str]:
    """What follows 次 where the numeral counts sittings: (四次)、五次全会."""
    return re.compile(rf"(?:、[一二三四五六七八九十]+次)*(?:{alternatives(_words('ordinal', 'sessions'))})")


def _chinese_word(found: Candidate) -> bool:
    """一批, 二次, 两手, 队伍, 唯一一家: a numeral character that is part of a word."""
    number = found.number
    if number[0].isascii() or not found.unit or found.before.endswith("第"):
        return False
    if len(number) == 2 and number[0] == number[1]:
        return True
    if number == "二":
        return found.kind != "share"
    if number == "一":
        return found.kind != "fold" and (
            found.word in _words("one", "never") or not found.before.endswith(_words("one", "before"))
        )
    if found.word == "次" and _session().match(found.after):
        return True
    return not set(load_toml("numerals.toml")["financial"]["signs"]).isdisjoint(number) and found.kind != "money"


def _wrong_numeral(found: Candidate) -> bool:
    """八股, 二期, 千方: a measure word that goes with digits or multipliers only."""
    known = unit_words().get(found.word)
    if known is None or known.numerals == "any":
        return False
    scaled = bool(re.search(r"[万亿]", found.number + found.unit))
    return not scaled and (known.numerals == "scaled" or not re.search(r"\d", found.number))


_LIST = re.compile(r"(?:[、和及]\d+(?:\.\d+)?)+(?:%|[万亿个])")
_CLOCK = re.compile(r"\d{1,2}:[0-5]\d\Z")
_DECIMAL = re.compile(r"\d+\.\d+(?:[-—~至]\d+(?:\.\d+)?)?\Z")


def _bare(found: Candidate) -> bool:
    """Without a unit only multiples, fractions, ratios, ranks and levels are quantities."""
    number, after, before = found.number, found.after, found.before
    if found.unit or before.endswith(("第", "前")):
        return False
    if re.search(r"[万亿]|分之|一半|半数", number):
        return after.startswith(_words("code", "after"))
    if "/" in number:
        return after[:1] in ("/", "-") or before.endswith("/")
    if ":" in number:
        return bool(_CLOCK.match(number)) and "比" not in before
    if number == "零":
        return not (before.endswith("为") and _CLAUSE_END.match(after))
    return not (_is_ratio_part(found) or _is_medal(found) or _LIST.match(after) or _is_level(found))


def _is_ratio_part(found: Candidate) -> bool:
    """4.2:43.0:53 makes a quantity of each part."""
    left, right = re.search(r"(?:[\d.]+:)*\Z", found.before), re.match(r"(?::[\d.]+)*", found.after)
    parts = f"{left[0] if left else ''}{found.number}{right[0] if right else ''}"
    return ":" in parts and ("." in parts or "比" in found.before)


def _is_medal(found: Candidate) -> bool:
    """4金2银3铜."""
    return bool(
        re.search(r"[获得夺]\Z|\d[金银]\Z", found.before)
        and re.match(r"[金银铜](?![\w])|[金银铜][\d好、,。]", found.after)
    )


def _is_level(found: Candidate) -> bool:
    """综合指数2.41, 缩小至2.12: a bare decimal after a word of level."""
    if not _DECIMAL.match(found.number) or found.after.startswith(_words("code", "after")):
        return False
    return found.before.endswith(_words("level", "cues"))


# the rules that settle most candidates come first
_RULES: tuple[Callable[[Candidate], bool], ...] = (
    _bare,
    _length_of_time,
    _chinese_word,
    _ordinal,
    _glued,
    _top,
    _lone_multiplier,
    _wrong_numeral,
    _class_word,
    _size_class,
    _named,
    _listed,
    _titled,
    _pointed,
    _field,
    _quoted,
)
