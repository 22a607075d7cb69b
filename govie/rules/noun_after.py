"""A noun after its number: 改造475个 *老旧小区*, 7家 *企业获评省级示范*."""

from __future__ import annotations

import re
from bisect import bisect_left

from govie.rules.cues import Tail, peel_adverbs, peel_head, peel_tail
from govie.rules.noun_cues import noun_cues
from govie.rules.phrase import AMONG, JOINT, Frame, Phrase, Stretch
from govie.rules.verbs import verbs

__all__ = ["read_after", "without_predicate"]

_COUNTING = frozenset({"count", "people", "span", "other", "rank"})
_ETC = re.compile(r"等(?:一批|共|共计|各类|为代表的)?$")
_OWNERS = re.compile(r"[^占到为于]{2,12}的")
"""Counted things of which the next number counts something: 127个国家和地区的555个港口."""
_RELATIVE = re.compile(r"(?:以|在|由|从|向|与)[^,。;、]{2,18}的(?=[^,。;、]{2})")
_BEHIND = re.compile(rf"(?:等|{AMONG.pattern})?$")
"""What ends a name without being part of it: 20条河流|中 仍有9条, 改造农房、校舍|等 23万户."""
_AMONG = re.compile(rf"[^,。;、]{{2,12}}(?={AMONG.pattern}(?:仍有|还有|已有|有|占|$))")
"""Counted things among which others are counted: 20条 河流|中仍有9条黑臭水体."""
_BETWEEN = " 、∶:"  # numbers of a list or a ratio
_LONG_CLAUSE = 8
"""Code points from which a 的-clause before a counted noun is left out of its name."""


def read_after(phrase: Phrase, tail: Tail, head: int) -> Frame | None:
    """Read the noun after the number, None if there is none or it is not what is measured.

    Args:
        phrase: the words around the quantity.
        tail: the cue words directly before it.
        head: where the words before them begin, leading cue words left out.
    """
    noun = None if phrase.slot.bracket else _noun(phrase)
    if noun is None:
        return None
    end = peel_adverbs(phrase.plain, phrase.left, phrase.number)
    start = peel_head(phrase.plain, phrase.left, end)
    funding = _funding(phrase, noun, end)
    if funding:
        return Frame(phrase.slot, funding, None, None)
    verb = phrase.verb_start(start, end)
    if not _is_measured(phrase, tail, head, verb < end):
        return None
    issued = noun_cues().issued.match(phrase.plain, start, end)
    return _frame(phrase, noun, issued.span() if issued else _action(phrase, start, end, verb))


def _is_measured(phrase: Phrase, tail: Tail, head: int, verb_before: bool) -> bool:
    """Tell whether the number measures the noun after it rather than one before."""
    end, cues = tail.end, noun_cues()
    spent = phrase.of or cues.taken.match(phrase.plain, phrase.slot.rest, phrase.right)
    if spent and phrase.plain[end - 2 : end] in cues.noun_like:
        return False
    if verb_before or head >= end or phrase.served or _ETC.search(phrase.plain, head, end):
        return True
    if phrase.of:
        return phrase.kind == "share" and phrase.verb_end(head, end) > head
    return not {"rise", "fall"} & set(tail.roles) and _is_counted(phrase, tail, end - head)


def _is_counted(phrase: Phrase, tail: Tail, length: int) -> bool:
    if length == 2 and not tail.roles and phrase.kind not in ("share", "money", None):
        return True  # 铺装3.3万平方米路面: two characters before a number and a noun are a verb
    held = not tail.roles or (len(tail.words) == 1 and tail.words[0] in noun_cues().holders)
    return held and phrase.kind in _COUNTING


def without_predicate(plain: str, noun: Stretch) -> Stretch:
    """Leave out what is said of several counted things: 5个区、2个县|获评全国百强."""
    start, end = noun
    verb = verbs().first_strong(plain, start + 1, end - 2)
    said = noun_cues().taken.search(plain, start + 1, end)
    stops = [at for at in (verb, said.start() if said else -1) if at > start and plain[at - 1] != "全"]  # 全覆盖
    return (start, min(stops)) if stops else noun


def _noun(phrase: Phrase) -> Stretch | None:
    plain, cues = phrase.plain, noun_cues()
    start, end = phrase.slot.rest, phrase.right
    if start >= end:
        return None
    if phrase.inner:
        end = _inner_end(phrase, start, end)
    start = _after_relative(plain, start, end)
    stop = cues.stops.search(plain, start + 1, end)
    end = _before_organ(phrase, start, stop.start() if stop else end)
    if end <= start or cues.not_noun.match(plain, start, end) or cues.value_verbs.match(plain, start, end):
        return None
    value = cues.value_verbs.search(plain, start + 1, end)
    words = plain[start : value.start() if value else end]
    start += len(words) - len(words.lstrip(_BETWEEN))
    words = words.strip(_BETWEEN)
    end = start + len(_BEHIND.sub("", words))
    return (start, end) if end > start else None


def _after_relative(plain: str, start: int, end: int) -> int:
    """Leave out a clause with a preposition before the noun: 38宗 以区政府为被告的|行政诉讼案件."""
    clause = _RELATIVE.match(plain, start, end)
    return clause.end() if clause else start


def _before_organ(phrase: Phrase, start: int, end: int) -> int:
    """Return where the noun ends before what an organ did to it: 7项 工作|获国务院督查激励."""
    named = phrase.agencies[bisect_left(phrase.agencies, (start + 1,)) : bisect_left(phrase.agencies, (end,))]
    found = (noun_cues().by_organs.search(phrase.plain, start + 1, first) for first, _ in named)
    return next((doing.start() for doing in found if doing), end)


def _inner_end(phrase: Phrase, start: int, end: int) -> int:
    """Return where the noun ends when another quantity follows in the same clause."""
    plain, lexicon = phrase.plain, verbs()
    joints = [joint.start() for joint in JOINT.finditer(plain, start, end) if not phrase.is_named(joint.start())]
    if joints:
        return joints[-1]
    if end - start <= 2:  # 2金3银, but not 由35%升至49%
        return end if peel_tail(plain, start, end).end > start else start
    if _OWNERS.fullmatch(plain, start, end):
        return end - 1
    members = noun_cues().members.match(plain, start, end) or _AMONG.match(plain, start, end)
    if members:
        return members.end()
    cut = noun_cues().served.search(plain, start + 1, end)
    verb = lexicon.first_strong(plain, start + 1, end)
    if verb < 0:
        verb = next((at for at in range(start + 3, end) if lexicon.compound_at(plain, at, end) > at), start)
    return min(verb, cut.start()) if cut else verb


def _frame(phrase: Phrase, noun: Stretch, action: Stretch | None) -> Frame:
    start, end = noun
    plain, cues = phrase.plain, noun_cues()
    verb = _taken(phrase, start, end) if action is None else start
    if verb > start:
        return Frame(phrase.slot, (verb, end), (start, verb), None)
    served = cues.served.search(plain, start + 1, end) if phrase.served else None
    if served:
        return Frame(phrase.slot, (start, served.start()), None, None)
    if action and plain[slice(*action)] not in cues.frame_verbs:
        cut = verbs().first_strong(plain, start + 2, end - 2)
        end = cut if cut >= 0 else end
    return Frame(phrase.slot, (_after_clause(plain, start, end), end), action, None)


def _taken(phrase: Phrase, start: int, end: int) -> int:
    """Return where the verb ends that the counted people do: 6万人次 参加 培训."""
    taken = noun_cues().taken.match(phrase.plain, start, end)
    return taken.start("noun") if taken and taken["noun"] != "其中" else start


def _funding(phrase: Phrase, noun: Stretch, end: int) -> Stretch | None:
    """Return the verb that a sum measures where what it is for follows: 筹措|8亿元实施安居工程."""
    cues, plain = noun_cues(), phrase.plain
    if phrase.of or plain.endswith(cues.funds, *noun):
        return None
    begun = cues.purpose.match(plain, *noun) or verbs().compound_at(plain, *noun) > noun[0]
    return phrase.funding(end) if begun else None


def _after_clause(plain: str, start: int, end: int) -> int:
    """Leave out a long 的-clause before the noun: 叫得响、立得住、群众认可的 改革成果."""
    of = plain.rfind("的", start, end)
    return of + 1 if of - start >= _LONG_CLAUSE and end - of > 2 else start


def _action(phrase: Phrase, start: int, end: int, verb: int) -> Stretch | None:
    """Return the verb over number and noun: directly before the number, first or last in its clause."""
    plain, lexicon = phrase.plain, verbs()
    if start >= end:
        return None
    stop = lexicon.compound_at(plain, start, end)
    noun = start < stop < verb and plain[verb:end] in lexicon.weak  # 发展科技服务2个…: 服务 ends a noun
    if verb < end and not noun:
        return verb, end - (plain[end - 1] == "了")
    if plain[end - 1] == "的":
        return None
    if stop > start:
        return start, stop
    if end - start == 2 and phrase.kind is not None:
        return start, end
    strong = lexicon.last_strong(plain, start, end)
    return (strong, lexicon.compound_at(plain, strong, end)) if strong >= 0 else None
