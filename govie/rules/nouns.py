"""Which noun each quantity of a sentence measures, and the verb over it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from govie.rules.cues import peel_head, peel_tail
from govie.rules.noun_after import read_after, without_predicate
from govie.rules.noun_before import read_before
from govie.rules.noun_cues import noun_cues
from govie.rules.phrase import AMONG, JOINT, Frame, Phrase, Stretch
from govie.rules.slots import Slot
from govie.rules.verbs import verbs

__all__ = ["frames"]

_JOIN_START = re.compile(rf"{JOINT.pattern}|或|并")
_CLASSES = re.compile(r"[一二三四五六七八九十]+大?类")
"""Classes that belong to a name whose number follows: 九大类民生支出 3000亿元."""
_CLAUSE_MARKS = ",。;:、)\n"
_LONGEST_NAME = 100
"""Code points before a bracketed number in which its noun begins."""


def frames(
    plain: str, slots: Sequence[Slot], kinds: Sequence[str | None], agencies: Sequence[Stretch] = ()
) -> list[Frame]:
    """Return a frame for each slot.

    Args:
        plain: the sentence.
        slots: its quantities, in order.
        kinds: for each slot the kind of its unit (``money``, ``count``, …), None without a unit.
        agencies: start and end of the agencies named, in order.
    """
    found: list[Frame] = []
    named = [name.span() for name in noun_cues().names.finditer(plain)]
    used = 0
    run: list[Slot] = []  # 10大类|60项|改革任务: numbers that touch measure the same
    for k, (slot, kind) in enumerate(zip(slots, kinds, strict=True)):
        following = slots[k + 1] if k + 1 < len(slots) else None
        run.append(slot)
        if following is not None and following.start == slot.rest and plain[slot.rest - 1] != "的":
            continue
        inner = following is not None and following.clause == slot.clause
        if inner and _CLASSES.match(plain, slot.start, slot.rest):
            run = []
            continue
        right = following.start if following is not None and inner else slot.clause_end
        whole = slot if len(run) == 1 else replace(slot, start=run[0].start)
        left = _after_agency(plain, max(used, _left(plain, whole)), whole.start, agencies)
        phrase = Phrase(plain, whole, left, right, kind, inner, named, agencies)
        frame = _read(phrase)
        _share(plain, frame, found)
        found += [frame] if whole is slot else [replace(frame, slot=one) for one in run]
        run = []
        used = _behind(plain, frame.noun[1]) if frame.noun and frame.tail is None else slot.rest
    return found


def _behind(plain: str, end: int) -> int:
    """Return where the next number's words begin behind a counted noun: 160个断面 中|水质占比 86%."""
    among = AMONG.match(plain, end)
    return among.end() if among else end


def _after_agency(plain: str, left: int, number: int, agencies: Sequence[Stretch]) -> int:
    """Return where the words before a number begin, an agency that does what they say left out: 区住建局|改造小区."""
    at = bisect_left(agencies, (left, left))
    if at == len(agencies) or agencies[at][1] >= number or peel_head(plain, left, number) < agencies[at][0]:
        return left
    while at + 1 < len(agencies) and agencies[at + 1][0] - agencies[at][1] <= 1:  # 市委、市政府
        at += 1
    end = agencies[at][1]
    begin = peel_head(plain, end, number)
    return end if verbs().compound_at(plain, begin, number) > begin else left


def _left(plain: str, slot: Slot) -> int:
    if not slot.bracket:
        return slot.clause_start
    end = slot.clause_start - 1
    least = max(0, end - _LONGEST_NAME)
    return max(least, *(plain.rfind(mark, least, end) + 1 for mark in _CLAUSE_MARKS))


def _read(phrase: Phrase) -> Frame:
    tail = peel_tail(phrase.plain, phrase.left, phrase.number)
    head = peel_head(phrase.plain, phrase.left, tail.end)
    if tail.kind == "distance" and phrase.of:  # 低于全市3%的平均水平: the number is the mark itself
        return Frame(phrase.slot, None, None, tail)
    frame = read_after(phrase, tail, head) or read_before(phrase, tail, head)
    frame.joined = _JOIN_START.match(phrase.plain, phrase.left) is not None
    return frame


def _share(plain: str, frame: Frame, before: Sequence[Frame]) -> None:
    """Let a list share its verb (新建A 3个、B 5个), its predicate, and its noun where that stands at the end."""
    if not before or frame.noun is None:
        return
    last = before[-1]
    together = frame.slot.clause == last.slot.clause and frame.joined
    if together and frame.tail is None and last.noun is None:
        last.noun, last.tail = frame.noun, None
        frame.action = frame.action or last.action
    counted = together and frame.tail is None and last.tail is None and not (frame.action or last.action)
    if counted and last.noun and without_predicate(plain, last.noun) == last.noun:
        frame.noun = without_predicate(plain, frame.noun)
    total = plain.startswith(noun_cues().totals, frame.noun[0])
    if last.action and frame.action is None and together and (last.tail is None) == (frame.tail is None) and not total:
        frame.action = last.action
