"""Which noun each quantity of a sentence measures, and the verb over it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from govie.rules.cues import peel_head, peel_tail
from govie.rules.noun_after import read_after
from govie.rules.noun_before import read_before
from govie.rules.noun_cues import noun_cues
from govie.rules.phrase import Frame, Phrase
from govie.rules.slots import Slot

__all__ = ["frames"]

_JOIN_START = re.compile(r"(?:、|和|及|以及|与|或|并)")
_CLAUSE_MARKS = ",。;:、)"


def frames(plain: str, slots: Sequence[Slot], kinds: Sequence[str | None]) -> list[Frame]:
    """Return a frame for each slot.

    Args:
        plain: the sentence.
        slots: its quantities, in order.
        kinds: for each slot the kind of its unit (``money``, ``count``, …), None without a unit.
    """
    found: list[Frame] = []
    named = [name.span() for name in noun_cues().names.finditer(plain)]
    used = 0
    for k, (slot, kind) in enumerate(zip(slots, kinds, strict=True)):
        following = slots[k + 1] if k + 1 < len(slots) else None
        inner = following is not None and following.clause == slot.clause
        right = following.start if following is not None and inner else slot.clause_end
        phrase = Phrase(plain, slot, max(used, _left(plain, slot)), right, kind, inner, named)
        frame = _read(phrase)
        _share(frame, found)
        found.append(frame)
        used = frame.noun[1] if frame.noun and frame.tail is None else slot.rest
    return found


def _left(plain: str, slot: Slot) -> int:
    if not slot.bracket:
        return slot.clause_start
    return max(plain.rfind(mark, 0, slot.clause_start - 1) for mark in _CLAUSE_MARKS) + 1


def _read(phrase: Phrase) -> Frame:
    tail = peel_tail(phrase.plain, phrase.left, phrase.number)
    head = peel_head(phrase.plain, phrase.left, tail.end)
    if tail.kind == "distance" and phrase.of:  # 低于全市3%的平均水平: the number is the mark itself
        return Frame(phrase.slot, None, None, tail)
    frame = read_after(phrase, tail, head) or read_before(phrase, tail, head)
    frame.joined = _JOIN_START.match(phrase.plain, phrase.left) is not None
    return frame


def _share(frame: Frame, before: Sequence[Frame]) -> None:
    """Let a list share its verb (新建A 3个、B 5个), and its noun where that stands at the end."""
    if not before or frame.noun is None:
        return
    last = before[-1]
    together = frame.slot.clause == last.slot.clause and frame.joined
    if together and frame.tail is None and last.noun is None:
        last.noun, last.tail = frame.noun, None
        frame.action = frame.action or last.action
    if last.action and frame.action is None and together and (last.tail is None) == (frame.tail is None):
        frame.action = last.action
