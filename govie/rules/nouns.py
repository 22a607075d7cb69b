"""Which words a quantity measures: the noun before it or after it, and the verb over them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from govie.lexicon import load_toml
from govie.rules.cues import Tail, peel_adverbs, peel_head, peel_tail
from govie.rules.slots import Slot
from govie.rules.verbs import Verbs, verbs

__all__ = ["Frame", "frames"]

Stretch = tuple[int, int]

_JOINT = re.compile(r"、|和|及(?!以[上下])|以及|与")
_JOIN_START = re.compile(r"(?:、|和|及|以及|与|或|并)")
_ETC = re.compile(r"等(?:一批|共|共计|各类|为代表的)?$")
_TOWARDS = frozenset("为对向给将把让使由")


@dataclass(slots=True)
class Frame:
    """What one quantity was found to measure.

    Attributes:
        slot: the quantity.
        noun: the indicator's stretch, None if it is carried over from before.
        action: the verb's stretch, None without one.
        tail: cue words between the noun before and the number; None where the noun follows.
        joined: whether a conjunction ties it to the quantity before.
        sub: whether it is a part of what was counted before (其中).
    """

    slot: Slot
    noun: Stretch | None
    action: Stretch | None
    tail: Tail | None
    joined: bool = False
    sub: bool = False


@dataclass(frozen=True, slots=True)
class _Cues:
    """Patterns and word lists of ``nouns.toml``."""

    not_noun: re.Pattern[str]
    stop: re.Pattern[str]
    value_verb: re.Pattern[str]
    taken: re.Pattern[str]
    served: re.Pattern[str]
    noun_like: frozenset[str]
    measure_heads: frozenset[str]
    object_heads: frozenset[str]
    frame_verbs: frozenset[str]
    share_end: tuple[str, ...]
    names: re.Pattern[str]
    holders: frozenset[str]
    raisers: frozenset[str]
    adverb_verb: re.Pattern[str]


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    data = load_toml("nouns.toml")

    def words(table: str) -> str:
        return "|".join(map(re.escape, sorted(data[table]["words"], key=len, reverse=True)))

    adverbs = f"(?:{words('adverbs')})*"
    return _Cues(
        not_noun=re.compile("|".join([*data["not_noun"]["patterns"], "[,;。)、]"])),
        stop=re.compile("|".join(data["stops"]["patterns"])),
        value_verb=re.compile(f"{adverbs}(?:{words('value_verbs')})"),
        taken=re.compile(f"(?:{words('taken')})(?P<noun>.{{2,}})"),
        served=re.compile(f"(?:{words('served')})"),
        noun_like=frozenset(data["noun_like"]["words"]),
        measure_heads=frozenset(data["measure_heads"]["words"]),
        object_heads=frozenset(data["object_heads"]["words"]),
        frame_verbs=frozenset(data["frame_verbs"]["words"]),
        share_end=tuple(data["share_end"]["words"]),
        names=re.compile(words("names")),
        holders=frozenset(data["holders"]["words"]),
        raisers=frozenset(data["raisers"]["words"]),
        adverb_verb=re.compile("累计|已经?|全年|共|再|将|拟|首次|新(?=[^增建])"),
    )


def frames(plain: str, slots: Sequence[Slot], kinds: Sequence[str | None]) -> list[Frame]:
    """Return a frame for each slot.

    Args:
        plain: the sentence.
        slots: its quantities, in order.
        kinds: for each slot the kind of its unit (``money``, ``count``, …), None without a unit.
    """
    found: list[Frame] = []
    named = [m.span() for m in _cues().names.finditer(plain)]
    used = 0
    for k, slot in enumerate(slots):
        left = max(slot.clause_start, used)
        if slot.bracket:
            left = max(used, _clause_start_before(plain, slot.clause_start - 1))
        following = slots[k + 1] if k + 1 < len(slots) else None
        inner = following is not None and following.clause == slot.clause
        right = following.start if following is not None and inner else slot.clause_end
        frame = _Clause(plain, slot, left, right, kinds[k], inner, named).frame()
        frame.sub = "其中" in plain[left : slot.start]
        frame.joined = _JOIN_START.match(plain, left) is not None
        _share(frame, found)
        found.append(frame)
        used = frame.noun[1] if frame.noun and frame.tail is None else slot.rest
    return found


def _clause_start_before(plain: str, end: int) -> int:
    return max(plain.rfind(mark, 0, end) for mark in ",。;:、)") + 1


def _share(frame: Frame, before: Sequence[Frame]) -> None:
    """Let a list share its verb (新建A 3个、B 5个), and its noun where that stands at the end."""
    if not before or frame.noun is None:
        return
    last = before[-1]
    together = last.slot.clause == frame.slot.clause and frame.joined
    if together and frame.tail is None and last.noun is None:
        last.noun, last.tail = frame.noun, None
        frame.action = frame.action or last.action
    if last.action and frame.action is None and (together or frame.sub) and (last.tail is None) == (frame.tail is None):
        frame.action = last.action


class _Clause:
    """One quantity with the stretch before it and the stretch after it."""

    def __init__(
        self, plain: str, slot: Slot, left: int, right: int, kind: str | None, inner: bool, named: Sequence[Stretch]
    ) -> None:
        self.plain = plain
        self.slot = slot
        self.left = left
        self.right = right
        self.kind = kind
        self.inner = inner
        self.number = slot.start if not slot.bracket else slot.clause_start - 1
        self.tail = peel_tail(plain, left, self.number)
        self.head = peel_head(plain, left, self.tail.end)
        self.lexicon: Verbs = verbs()
        self.cues = _cues()
        self.named = named

    def frame(self) -> Frame:
        after = None if self.slot.bracket else self._noun_after()
        if after is not None:
            verb_end = peel_adverbs(self.plain, self.left, self.number)
            start = peel_head(self.plain, self.left, verb_end)
            verb = self._verb_start(start, verb_end)
            if self._prefers_after(verb < verb_end):
                action = self._action_before(start, verb_end, verb)
                return self._after(after, action)
        return self._before()

    # --- the noun follows the number -------------------------------------------------

    def _prefers_after(self, verb_before: bool) -> bool:
        head, end = self.head, self.tail.end
        unit_end = self.slot.unit[1] if self.slot.unit else self.slot.end
        of = self.plain[self.slot.rest - 1] == "的" and self.slot.rest > unit_end
        spent = of or self.cues.taken.match(self.plain, self.slot.rest, self.right)
        if spent and self.plain[end - 2 : end] in self.cues.noun_like:
            return False
        if verb_before or head >= end or self.plain[self.slot.start - 1] in _TOWARDS:
            return True
        if _ETC.search(self.plain[head:end]):
            return True
        if of:
            return self.kind == "share" and self._verb_end(head, end) > head
        if "rise" in self.tail.roles or "fall" in self.tail.roles:
            return False
        if end - head == 2 and not self.tail.roles and self.kind not in ("share", "money", None):
            return True  # 铺装3.3万平方米路面: two characters before a number and a noun are a verb
        held = not self.tail.roles or (len(self.tail.words) == 1 and self.tail.words[0] in self.cues.holders)
        return self.kind in _COUNTING and held

    def _noun_after(self) -> Stretch | None:
        start, end = self.slot.rest, self.right
        if start >= end:
            return None
        if self.inner:
            end = self._inner_end(start, end)
        stop = self.cues.stop.search(self.plain, start + 1, end)
        end = stop.start() if stop else end
        if end <= start or self.cues.not_noun.match(self.plain, start, end):
            return None
        if self.cues.value_verb.match(self.plain, start, end):
            return None
        value = self.cues.value_verb.search(self.plain, start + 1, end)
        end = value.start() if value else end
        words = self.plain[start:end]
        start += len(words) - len(words.lstrip(" 、"))
        end = start + len(words.strip(" 、"))
        return (start, end) if end > start else None

    def _inner_end(self, start: int, end: int) -> int:
        """Where the noun ends when another quantity follows in the same clause."""
        joints = [m.start() for m in _JOINT.finditer(self.plain, start, end)]
        if joints:
            return joints[-1]
        if end - start <= 2:  # 2金3银
            return end
        cut = self.cues.served.search(self.plain, start + 1, end)
        verb = self.lexicon.first_strong(self.plain, start + 1, end)
        if verb < 0:
            verb = next((i for i in range(start + 3, end) if self.lexicon.compound_at(self.plain, i, end) > i), start)
        return min(verb, cut.start()) if cut else verb

    def _after(self, noun: Stretch, action: Stretch | None) -> Frame:
        start, end = noun
        words = self.plain[start:end]
        taken = self.cues.taken.match(words) if action is None else None
        verb = start + taken.start("noun") if taken else self._money_verb(start, end)
        if verb > start:
            return Frame(self.slot, (verb, end), (start, verb), None)
        served = self.cues.served.search(words, 1) if self.plain[self.slot.start - 1] in _TOWARDS else None
        if served:
            verb = self.lexicon.compound_at(self.plain, start + served.end(), end)
            done = (start + served.end(), verb) if served[0] == "进行" and verb > start + served.end() else None
            return Frame(self.slot, (start, start + served.start()), done, None)
        if action and self.plain[slice(*action)] not in self.cues.frame_verbs:
            verb = self.lexicon.first_strong(self.plain, start + 2, end - 2)
            end = verb if verb >= 0 else end
        return Frame(self.slot, (self._after_clause(start, end), end), action, None)

    def _money_verb(self, start: int, end: int) -> int:
        """Where the verb ends that says what a sum is spent on (筹措8亿元 实施 安居工程)."""
        if self.kind != "money" or not self.lexicon.is_strong(self.plain, start, end):
            return start
        verb = self.lexicon.compound_at(self.plain, start, end)
        return verb if end - verb >= 2 and self.plain[verb:end] not in self.cues.object_heads else start

    def _verb_start(self, start: int, end: int) -> int:
        begin = self.lexicon.compound_before(self.plain, start, end)
        return end if any(first <= begin < last for first, last in self.named) else begin

    def _after_clause(self, start: int, end: int) -> int:
        """Leave out a long 的-clause before the noun (叫得响、立得住的 改革成果)."""
        of = self.plain.rfind("的", start, end)
        return of + 1 if of - start >= 8 and end - of > 2 else start

    def _action_before(self, start: int, end: int, verb: int) -> Stretch | None:
        if start >= end:
            return None
        if verb < end:
            return verb, end - (self.plain[end - 1] == "了")
        if self.plain[end - 1] == "的":
            return None
        stop = self.lexicon.compound_at(self.plain, start, end)
        if stop > start:
            return start, stop
        if end - start == 2 and self.kind is not None:
            return start, end
        strong = self.lexicon.last_strong(self.plain, start, end)
        return (strong, self.lexicon.compound_at(self.plain, strong, end)) if strong >= 0 else None

    # --- the noun stands before the number -------------------------------------------

    def _before(self) -> Frame:
        head, end = self.head, self.tail.end
        if head >= end:
            return self._ranked_field() or self._carried()
        if self.kind == "share" and self.plain.endswith(self.cues.share_end, head, end):
            return self._noun(head)
        stop = self._verb_end(head, end)
        if stop == end:
            return self._verb_only(head, end)
        if stop > head:
            return self._with_action(head, stop)
        return self._inside(head, end) or self._noun(head)

    def _inside(self, head: int, end: int) -> Frame | None:
        """Look for a verb after the clause's subject (示范区新增企业, 全省累计建设片区)."""
        strong = self.lexicon.last_strong(self.plain, head + 1, end)
        if strong < 0 and self.plain[head] in _TOWARDS:
            at = range(head + 2, end - 2)
            strong = next((i for i in at if self.lexicon.compound_at(self.plain, i, end) > i), -1)
        if strong < 0:
            adverb = self.cues.adverb_verb.search(self.plain, head + 1, end)
            strong = adverb.end() if adverb else -1
        if strong < 0:
            return None
        stop = self._verb_end(strong, end)
        if stop == end and stop - 2 > strong:
            return self._verb_only(strong, end)
        return self._with_action(strong, stop) if strong < stop < end else None

    def _verb_end(self, start: int, end: int) -> int:
        """Return where the verb compound at ``start`` ends, kept out of names that hold a verb's characters."""
        stop = self.lexicon.compound_at(self.plain, start, end)
        for first, last in self.named:
            if first <= start < last:
                return start
            if start < first < stop:
                return first
        return stop

    def _ranked_field(self) -> Frame | None:
        """我区位列全国百强主城区第58位: without another noun the ranking's field is what is measured."""
        if self.tail.kind != "rank" or self.tail.mark is None or self.tail.end == self.left:
            return None
        start, end = self.tail.mark
        start = max(start, self.plain.rfind("》", start, end) + 1)
        if end - start < 4 or peel_tail(self.plain, start, end, ranked=True).end <= start:
            return None
        return Frame(self.slot, (start, end), None, self.tail)

    def _noun(self, start: int) -> Frame:
        if self.plain[self.tail.end - 1] == "的" and self.tail.end - start <= 6:
            return self._carried()
        end = self.tail.end - (self.plain[self.tail.end - 1] in "等的")
        return Frame(self.slot, (start, end), None, self.tail) if end > start + 1 else self._carried()

    def _carried(self) -> Frame:
        return Frame(self.slot, None, None, self.tail)

    def _verb_only(self, head: int, end: int) -> Frame:
        """A verb without a noun: 投入 is what is measured, 竣工 says what happens to the noun before."""
        last = self.plain[end - 2 : end]
        if last in self.cues.noun_like or (end - 2 > head and last in self.lexicon.weak):
            action = (head, end - 2) if end - 2 > head else None
            return Frame(self.slot, (end - 2, end), action, self.tail)
        return Frame(self.slot, None, (head, end), self.tail)

    def _with_action(self, begin: int, stop: int) -> Frame:
        """Split verb and noun; a bare head takes the verb before it (新增 绿化面积, 办理时限)."""
        rest = self.plain[stop : self.tail.end]
        last = self.plain[stop - 2 : stop]
        single = stop - begin <= 2
        bare = rest in self.cues.measure_heads and not (single and begin == self.head and last in self.lexicon.strong)
        few = len(rest) <= 2 and not single and last in self.lexicon.weak
        if bare or few or (rest in self.cues.object_heads and not single and last not in self.lexicon.strong):
            stop = max(begin, stop - 2)
        noun = stop + (self.plain[stop] == "了")
        stated = bool({"rise", "fall"} & set(self.tail.roles)) or any(w.startswith("达") for w in self.tail.words)
        end = self.tail.end - (self.plain[self.tail.end - 1] == "的")
        if end <= noun:
            return self._carried()
        if stop == begin or (stated and self.plain[begin:stop] in self.cues.raisers):
            return Frame(self.slot, (noun, end), None, self.tail)
        return Frame(self.slot, (noun, end), (begin, stop), self.tail)


_COUNTING = frozenset({"count", "people", "span", "other", "rank"})
