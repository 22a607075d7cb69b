"""From frames to links: the kind of each, carried-over subjects, lists and 分别."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product

from govie.lexicon import alternatives, load_toml
from govie.naming import bare_name, fused_names, shared_level_name
from govie.records import Direction, Kind
from govie.rules.cues import Tail, peel_head
from govie.rules.phrase import JOINT, Frame, Stretch
from govie.rules.slots import Slot
from govie.rules.verbs import verbs

__all__ = ["Linked", "link"]

_CONTINUED = re.compile(r"分别|均|都(?!市)|由|从|自\d|\d{4}年为|考虑|扣除")
"""Begins a clause whose subject is the one before: 居民人均收入,|分别增长5%和6%."""
_CLAUSE_MARKS = ",。;:!?\n"
_STATING = frozenset({"value", "rise", "fall"})
_CONTINUING = _STATING | {"rank", "since", "from"}
_LONGEST_CLAUSE = 60
_SHORTEST_SUBJECT, _LONGEST_SUBJECT = 3, 24
"""Code points of a clause without a number, and of the subject in it, that may stand for the clause after it."""
_MOST_NAMES = 8
"""Names to all of which one number may be handed, so that no text costs more than linear time."""
_SHORT_PART = 2
"""Code points up to which a part of a list says nothing without the one before (旅游人数和收入)."""
_SHORTEST_WHOLE = 5
"""Code points below which a part of a list is not taken for a name of its own."""


@dataclass(frozen=True, slots=True)
class Linked:
    """One indicator with one quantity.

    Attributes:
        slot: the quantity.
        noun: the indicator's stretch.
        action: the verb's stretch, None without one.
        kind: level, change or gap.
        direction: of a change or gap, else None.
        name: the indicator's full name where its own words do not say it.
    """

    slot: Slot
    noun: Stretch
    action: Stretch | None
    kind: Kind
    direction: Direction | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class _Cues:
    falling: frozenset[str]
    rising: frozenset[str]
    worse: tuple[str, ...]
    harmful: re.Pattern[str]
    bettering: frozenset[str]
    mark: re.Pattern[str]
    time: re.Pattern[str]
    head: re.Pattern[str]
    whole: re.Pattern[str]
    shared: re.Pattern[str]
    head_or_shared: re.Pattern[str]
    over: re.Pattern[str]
    ratio: re.Pattern[str]
    each: frozenset[str]
    opened: re.Pattern[str]


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    data = load_toml("links.toml")
    heads = data["heads"]["pattern"]
    return _Cues(
        frozenset(data["falling"]["words"]),
        frozenset(data["rising"]["words"]),
        tuple(data["worse"]["first"]),
        re.compile(data["harmful"]["pattern"]),
        frozenset(data["harmful"]["verbs"]),
        re.compile(data["mark"]["pattern"]),
        re.compile(data["time"]["pattern"]),
        re.compile(heads),
        re.compile(f"{heads}|{data['whole']['pattern']}"),
        re.compile(data["shared"]["pattern"]),
        re.compile(f"{heads}|{data['shared']['pattern']}"),
        re.compile(data["over"]["pattern"]),
        re.compile(data["ratio"]["pattern"]),
        frozenset(data["each"]["words"]),
        re.compile(alternatives(data["opened"]["words"])),
    )


def link(plain: str, found: Sequence[Frame]) -> list[Linked]:
    """Return the links of one sentence.

    Args:
        plain: the sentence.
        found: what each of its quantities measures, in order.
    """
    linked: list[Linked] = []
    subject: Stretch | None = None
    listed: Sequence[Linked] = ()
    k = 0
    while k < len(found):
        if _is_somebody_elses(plain, found[k]):
            k += 1
            continue
        group = _respective(found, k)
        own = found[k].noun or _opened(plain, found, k)
        noun = own or subject
        shared = _shared_out(found, k, listed) if own is None and len(group) == 1 else ()
        if shared:
            linked += _again(plain, shared, listed)
            k += len(shared)
            continue
        k += len(group)
        listed = ()
        if noun is None:
            continue
        if len(group) > 1:
            listed = _distribute(plain, group, noun, linked)
            linked += listed
        else:
            linked += _single(plain, group[0], noun, subject, linked)
        subject = noun
    return _complete_levels(plain, linked)


def _opened(plain: str, found: Sequence[Frame], k: int) -> Stretch | None:
    """Return the subject of the clause before, where that holds no number: 粮食产量再创新高,|达到320万吨."""
    frame, tail = found[k], found[k].tail
    if tail is None:
        return None
    comma = frame.slot.clause_start - 1
    continued = _CONTINUED.match(plain, comma + 1)
    goes_on = k + 1 < len(found) and found[k + 1].slot.clause == frame.slot.clause
    stating = _CONTINUING if continued and (goes_on or "from" not in tail.roles) else _STATING
    states = tail.kind in (None, "rank") and stating & set(tail.roles)
    if not states or frame.action or plain[comma : comma + 1] != ",":
        return None
    start = max(plain.rfind(mark, max(0, comma - _LONGEST_CLAUSE), comma) for mark in _CLAUSE_MARKS) + 1
    if k and found[k - 1].slot.rest > start:
        return None
    begin = peel_head(plain, start, comma)
    said = _cues().opened.search(plain, begin, comma)
    end = said.start() if said else comma if continued else begin
    if not _SHORTEST_SUBJECT <= end - begin <= _LONGEST_SUBJECT:
        return None
    return None if verbs().compound_at(plain, begin, comma) > begin else (begin, end)


def _is_somebody_elses(plain: str, frame: Frame) -> bool:
    """Tell whether the number is the mark itself: 低于全市3%的平均水平."""
    tail = frame.tail
    if tail is None or tail.kind != "distance" or frame.slot.unit is None:
        return False
    return plain[frame.slot.unit[1] : frame.slot.unit[1] + 1] == "的"


def _shared_out(found: Sequence[Frame], k: int, listed: Sequence[Linked]) -> Sequence[Frame]:
    """Return the frames from ``k`` on that say something of the names listed before, one of each or one of all."""
    tail = found[k].tail
    if tail is None or not tail.roles or not 0 < len(listed) <= _MOST_NAMES:
        return ()
    run = _run(found[k : k + len(listed) + 1], 0)
    return run if len(run) in (1, len(listed)) else ()


def _run(found: Sequence[Frame], k: int) -> Sequence[Frame]:
    """Return the frame at ``k`` and those after it in its clause that name nothing."""
    end = k + 1
    while end < len(found) and found[end].noun is None and found[end].slot.clause == found[k].slot.clause:
        end += 1
    return found[k:end]


def _again(plain: str, group: Sequence[Frame], listed: Sequence[Linked]) -> list[Linked]:
    """Hand quantities to the names that a 分别 named before: one to each, or each to all (均增长5%)."""
    pairs = zip(group, listed, strict=True) if len(group) == len(listed) else product(group, listed)
    made = []
    for frame, one in pairs:
        kind, direction = _kind(plain, group[0] if frame.joined else frame, one.noun)
        made.append(Linked(frame.slot, one.noun, frame.action, kind, direction, one.name))
    return made


def _respective(found: Sequence[Frame], k: int) -> Sequence[Frame]:
    """Return the frames that one 分别 hands out, or the one frame at ``k``."""
    frame = found[k]
    if frame.tail is None or not any("分别" in word for word in frame.tail.words):
        return found[k : k + 1]
    return _run(found, k)


def _single(plain: str, frame: Frame, noun: Stretch, subject: Stretch | None, before: Sequence[Linked]) -> list[Linked]:
    kind, direction = _kind(plain, frame, noun)
    if frame.noun is None and frame.joined and frame.tail is not None and not frame.tail.roles and before:
        kind, direction = before[-1].kind, before[-1].direction
    names = [noun] if frame.noun is None else _whole_names(plain, noun, each=_says_each(frame)) or [noun]
    previous = None if subject is None else plain[slice(*subject)]
    return [Linked(frame.slot, n, frame.action, kind, direction, bare_name(plain[slice(*n)], previous)) for n in names]


def _says_each(frame: Frame) -> bool:
    """Tell whether a list's figure holds for each of its names: 游客人数、旅游收入|均|增长10%."""
    return frame.tail is not None and not _cues().each.isdisjoint(frame.tail.words)


def _distribute(plain: str, group: Sequence[Frame], noun: Stretch, before: Sequence[Linked]) -> list[Linked]:
    """Hand out the quantities of a 分别 to the names before it, in order."""
    kind, direction = _kind(plain, group[0], noun)
    carried = _last_nouns(before, len(group)) if group[0].noun is None else []
    nouns = carried or _split(plain, noun)
    full: Sequence[str | None] = [None] * len(group)
    if len(nouns) != len(group):
        nouns = [noun] * len(group)
        full = fused_names(plain[slice(*noun)], len(group)) or full
    return [
        Linked(frame.slot, n, group[0].action, kind, direction, name)
        for frame, n, name in zip(group, nouns, full, strict=True)
    ]


def _last_nouns(before: Sequence[Linked], count: int) -> list[Stretch]:
    """Return the last ``count`` different nouns, in order."""
    found: dict[Stretch, None] = {}
    for one in reversed(before):
        found[one.noun] = None
        if len(found) == count:
            break
    return list(found)[::-1]


def _parts(plain: str, noun: Stretch, joint: re.Pattern[str]) -> list[Stretch]:
    spans: list[Stretch] = []
    start = noun[0]
    for match in joint.finditer(plain, *noun):
        spans.append((start, match.start()))
        start = match.end()
    return [*spans, (start, noun[1])]


def _split(plain: str, noun: Stretch) -> list[Stretch]:
    """Divide a list of names; one whose parts share their head stays whole (粮食、油料种植面积)."""
    spans = _parts(plain, noun, JOINT)
    if any(end - start < 2 for start, end in spans):  # 第一、二、三产业
        return [noun]
    cues = _cues()
    over = [cues.over.search(plain, *part) is not None for part in spans]
    if over[-1] and not any(over[:-1]) and not any(cues.ratio.search(plain, *part) for part in spans[:-1]):
        return [noun]
    if not cues.head_or_shared.search(plain, *spans[-1]):
        return spans
    alone = cues.head_or_shared if cues.shared.search(plain, *spans[-1]) else cues.whole
    return spans if any(alone.search(plain, *part) for part in spans[:-1]) else [noun]


def _whole_names(plain: str, noun: Stretch, *, each: bool) -> list[Stretch] | None:
    """Divide a list whose parts can each stand alone (社会消费品零售总额、固定资产投资), or are said to by 均."""
    spans = _parts(plain, noun, JOINT)
    if each and all(end - start > _SHORT_PART for start, end in spans):
        return _split(plain, noun)
    if len(spans) > 1 and all(plain[b] == "“" and plain[e - 1] == "”" for b, e in spans):
        return spans
    if len(spans) > 1 and all(e - b >= _SHORTEST_WHOLE and _cues().head.search(plain, b, e) for b, e in spans):
        return spans
    return None


def _complete_levels(plain: str, linked: list[Linked]) -> list[Linked]:
    """Give N个国家级、M个省级园区 its full names."""
    for k, (one, following) in enumerate(pairwise(linked)):
        name = shared_level_name(plain[slice(*one.noun)], plain[slice(*following.noun)])
        if name:
            linked[k] = replace(one, name=name)
    return linked


def _kind(plain: str, frame: Frame, noun: Stretch) -> tuple[Kind, Direction | None]:
    tail, cues = frame.tail, _cues()
    action = plain[slice(*frame.action)] if frame.action else ""
    if tail is None:
        return ("change", "decrease") if action in cues.falling else ("value", None)
    if tail.kind == "distance" and tail.mark:
        worse = any(sign in tail.words[tail.roles.index("distance")][:4] for sign in cues.worse)
        over_time = cues.time.match(plain, *tail.mark)
        return "change" if over_time else "gap", "decrease" if worse else "increase"
    change = _change(tail, harmful=cues.harmful.search(plain, *noun) is not None)
    if change:
        is_gap = (
            tail.kind == "compared"
            and tail.mark
            and cues.mark.search(plain, *tail.mark)
            and not cues.time.search(plain, *tail.mark)
        )
        return "gap" if is_gap else "change", change
    if action in cues.falling:
        return "change", "decrease"
    return ("change", "increase") if action in cues.rising else ("value", None)


def _change(tail: Tail, *, harmful: bool) -> Direction | None:
    if tail.words and tail.words[0].endswith(("至", "到")):
        return None
    for role, word in zip(tail.roles, tail.words, strict=True):
        if role == "rise":
            return "decrease" if harmful and word in _cues().bettering else "increase"
        if role == "fall":
            return "decrease"
        if role in ("rank", "share"):
            return None
    return None
