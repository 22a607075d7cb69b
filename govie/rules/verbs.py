"""ACTION verbs: finding a compound of lexicon verbs at a place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from govie.lexicon import load_table
from govie.rules.noun_cues import noun_cues

__all__ = ["Verbs", "verbs"]

_JOINERS = frozenset("、和及与或并")
_NEWLY = re.compile(r"(?:^|[^创革更高全最翻刷换焕])新$")
_PREFIXES = frozenset("新续改扩")


@dataclass(frozen=True, slots=True)
class Verbs:
    """The verb lexicon and the grammar of verb compounds (新建和改造提升)."""

    words: frozenset[str]
    strong: frozenset[str]
    weak: frozenset[str]
    acted: frozenset[str]
    begun: frozenset[str]
    suffixes: frozenset[str] = frozenset("率额量值业数费者员品力线站性类型级金")

    def compound_at(self, text: str, start: int, end: int) -> int:
        """Return where the verb compound that begins at ``start`` ends, ``start`` if there is none."""
        at = self._word_at(text, start, end)
        if at == start:
            return start
        while at < end:
            joint = at + 1 if text[at] in _JOINERS else at
            after = self._word_at(text, joint, end)
            if after == joint:
                break
            at = after
        return at

    def compound_before(self, text: str, start: int, end: int) -> int:
        """Return where the verb compound that ends at ``end`` begins, ``end`` if there is none."""
        last = end - 1 if end > start and text[end - 1] == "了" else end
        for begin in range(max(start, last - 14), last - 1):
            if self.compound_at(text, begin, last) == last:
                return begin
        if start < last and text[last - 1] in self.words:
            return last - 1
        return end

    def last_strong(self, text: str, start: int, end: int) -> int:
        """Return where the last clearly verbal word in ``text[start:end]`` begins, -1 if there is none."""
        for begin in range(end - 2, start - 1, -1):
            if self.is_strong(text, begin, end):
                return begin - 1 if begin > start and _NEWLY.search(text, max(start, begin - 2), begin) else begin
        return -1

    def first_strong(self, text: str, start: int, end: int) -> int:
        """Return where the first clearly verbal word in ``text[start:end]`` begins, -1 if there is none."""
        return next((begin for begin in range(start, end - 1) if self.is_strong(text, begin, end)), -1)

    def is_strong(self, text: str, begin: int, end: int) -> bool:
        """Tell whether the word at ``begin`` is a verb far more often than a part of a name."""
        word = text[begin : begin + 2]
        if word in self.strong or (word in self.words and _NEWLY.search(text, max(0, begin - 2), begin)):
            return self._word_at(text, begin, end) > begin
        return word[0] == "获" and word not in self.words and word[1:] not in "批评准取益利奖"

    def _word_at(self, text: str, start: int, end: int) -> int:
        """Return where the verb at ``start`` ends; 新, 续, 改, 扩 may stand before it."""
        begin = start
        longest = start
        while begin + 2 <= end and begin <= start + 2:
            after = begin + 2
            word = text[begin:after]
            known = word in self.words if start in (begin, longest) else word in self.acted
            if text[begin : after + 1] in self.words and after < end:
                longest = after + 1
            elif known and not (after < end and self._is_suffix(text, after)):
                longest = after
            elif text[begin] in self.words and longest == start:
                return begin + 1
            if text[begin] not in _PREFIXES:
                break
            begin += 1
        return longest

    def _is_suffix(self, text: str, at: int) -> bool:
        """Tell whether the character makes a noun of the verb before it (贷款额), unless it begins a word (数字)."""
        return text[at] in self.suffixes and text[at : at + 2] not in self.begun


@lru_cache(maxsize=1)
def verbs() -> Verbs:
    """Return the verb lexicon, read once."""
    rows = load_table("verbs.tsv")
    counts = {row["verb"]: (int(row["action"]), int(row["inside"])) for row in rows}
    sure = {row["verb"] for row in rows if row["sure"] == "yes"}
    return Verbs(
        words=frozenset(counts),
        strong=frozenset(verb for verb, (action, inside) in counts.items() if action >= 2 * max(1, inside)) | sure,
        acted=frozenset(verb for verb, (action, _) in counts.items() if action),
        begun=noun_cues().begun,
        weak=frozenset(verb for verb, (action, inside) in counts.items() if inside and 2 * inside >= 3 * action),
    )
