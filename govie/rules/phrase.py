"""The words around one quantity, and what is found that it measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from govie.rules.cues import Tail, own_regions
from govie.rules.noun_cues import noun_cues
from govie.rules.slots import Slot
from govie.rules.verbs import verbs

__all__ = ["AMONG", "JOINT", "TOWARDS", "Frame", "Phrase", "Stretch"]

Stretch = tuple[int, int]
"""Start and end offset of some words."""

TOWARDS = frozenset("为对向给将把让使由")
"""Prepositions and the like after which a counted noun is served or acted upon."""

JOINT = re.compile(
    r"[、+]|以及|(?<![总缓平饱])和(?![谐平睦美])|(?<![普涉危顾])及(?![时格]|以[上下])|(?<![参给])与(?!会)"
)
"""What joins the names of a list, words that hold such a character left out (普及率, 和谐, 参与)."""

AMONG = re.compile(r"(?<![高初其集县])中(?![国心小央学型药医间])")
"""Stands behind counted things of which some follow (20条河流 中 仍有9条), words that hold it left out (高中, 中心)."""


@dataclass(slots=True)
class Frame:
    """What one quantity was found to measure.

    Attributes:
        slot: the quantity.
        noun: the indicator's stretch, None if it is carried over from before.
        action: the verb's stretch, None without one.
        tail: cue words between the noun before and the number; None where the noun follows.
        joined: whether a conjunction ties it to the quantity before.
    """

    slot: Slot
    noun: Stretch | None
    action: Stretch | None
    tail: Tail | None
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """The stretch before one quantity and the stretch after it.

    Attributes:
        plain: the sentence.
        slot: the quantity.
        left: where the stretch before it starts.
        right: where the stretch after it ends.
        kind: the kind of its unit (``money``, ``count``, …), None without a unit.
        inner: whether another quantity follows in the same clause.
        named: names that hold a verb's or a conjunction's characters and are never divided.
        agencies: the agencies named in the sentence, in order.
    """

    plain: str
    slot: Slot
    left: int
    right: int
    kind: str | None
    inner: bool
    named: Sequence[Stretch]
    agencies: Sequence[Stretch] = ()

    @property
    def number(self) -> int:
        """Where the numeral, or the bracket around it, begins."""
        return self.slot.clause_start - 1 if self.slot.bracket else self.slot.start

    @property
    def of(self) -> bool:
        """Whether 的 stands between the quantity and what follows."""
        unit_end = self.slot.unit[1] if self.slot.unit else self.slot.end
        return self.slot.rest > unit_end and self.plain[self.slot.rest - 1] == "的"

    @property
    def served(self) -> bool:
        """Whether a preposition stands before the numeral (为3000名…, 对全市18个…)."""
        before = self.slot.start
        before -= next((len(region) for region in own_regions() if self.plain.endswith(region, 0, before)), 0)
        return self.plain[before - 1 : before] in TOWARDS

    def funding(self, end: int) -> Stretch | None:
        """Return the verb before ``end`` that a sum measures: 中央财政将 投入 100亿元."""
        verb = noun_cues().funding.search(self.plain, self.left, end) if self.kind == "money" else None
        return verb.span() if verb else None

    def is_named(self, at: int) -> bool:
        """Tell whether an offset lies within a name that is never divided."""
        return any(first <= at < last for first, last in self.named)

    def verb_end(self, start: int, end: int) -> int:
        """Return where the verb compound at ``start`` ends, ``start`` if there is none."""
        stop = verbs().compound_at(self.plain, start, end)
        for first, last in self.named:
            if first <= start < last:
                return start
            if start < first < stop:
                return first
        return stop

    def verb_start(self, start: int, end: int) -> int:
        """Return where the verb compound that ends at ``end`` begins, ``end`` if there is none."""
        begin = verbs().compound_before(self.plain, start, end)
        return end if self.is_named(begin) else begin
