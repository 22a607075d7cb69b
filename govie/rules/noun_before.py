"""A noun before its number: *地区生产总值* 完成990亿元, 改造 *老旧小区* 475个."""

from __future__ import annotations

from govie.rules.cues import Tail, own_regions, peel_tail
from govie.rules.noun_cues import noun_cues
from govie.rules.phrase import TOWARDS, Frame, Phrase
from govie.rules.verbs import verbs

__all__ = ["read_before"]

_BEGINS_NAMES = "全国"
"""Stands for its own region elsewhere, but behind a verb is part of a name: 创建|全国文明城市."""
_SHORTEST_NOUN = 2
_NEW_VERB = 3
_BEFORE_FUNDING = frozenset("将拟再已共计中")
"""Ends what stands between who pays and the verb: 中央财政将|投入, 从基金中|拿出."""
_SHORTEST_FIELD = 4
"""Code points from which the field of a rank may be what is measured."""
_LONGEST_OWNER = 4
"""Code points of the owner of a property whose name begins with a verb."""
_LONGEST_OF = 6
"""Code points up to which words before 的 and a number are a modifier without its noun."""


def read_before(phrase: Phrase, tail: Tail, head: int) -> Frame:
    """Read the noun before the number; the frame has none where it is carried over from before.

    Args:
        phrase: the words around the quantity.
        tail: the cue words directly before it.
        head: where the words before them begin, leading cue words left out.
    """
    end = tail.end
    if head >= end:
        return _ranked_field(phrase, tail) or _carried(phrase, tail)
    return _funding(phrase, tail, head) or _measured(phrase, tail, head)


def _funding(phrase: Phrase, tail: Tail, head: int) -> Frame | None:
    """Look for a verb that a sum measures: 中央财政将|投入 100亿元."""
    verb = phrase.funding(tail.end)
    if verb and (verb[0] <= head or phrase.plain[verb[0] - 1] in _BEFORE_FUNDING):
        return Frame(phrase.slot, verb, None, tail)
    return None


def _measured(phrase: Phrase, tail: Tail, head: int) -> Frame:
    end = tail.end
    if phrase.kind == "share" and phrase.plain.endswith(noun_cues().share_end, head, end):
        return _noun(phrase, tail, head + 2 * (phrase.plain[head : head + 2] in noun_cues().raisers))
    head = _after_beneficiary(phrase, head, end)
    stop = phrase.verb_end(head, end)
    if stop < end and _is_joint(phrase.plain, stop):  # 投资、消费增速: a list of names, not a verb
        return _noun(phrase, tail, head)
    if stop == end:
        return _verb_only(phrase, tail, head)
    if stop > head:
        begin, stop = _pivot(phrase, head, stop, end)
        return _verb_and_noun(phrase, tail, begin, stop, opens=begin == head)
    return _after_subject(phrase, tail, head) or _noun(phrase, tail, head)


def _after_beneficiary(phrase: Phrase, head: int, end: int) -> int:
    """Leave out for whom a verb's deed is: 为企业|减负, 为群众|节省医疗费用."""
    if phrase.plain[head] != "为" or phrase.verb_end(head + 1, end) > head + 1:
        return head
    for at in range(head + 2, end - 1):
        verb = phrase.plain[at : at + 2] not in verbs().weak and phrase.verb_end(at, end) > at
        if verb or phrase.plain.startswith(noun_cues().relief, at):
            return at
    return head


def _is_joint(plain: str, at: int) -> bool:
    return plain[at] == "、" or (plain[at] == "和" and plain[at : at + 2] not in noun_cues().begun)


def _carried(phrase: Phrase, tail: Tail) -> Frame:
    return Frame(phrase.slot, None, None, tail)


def _ranked_field(phrase: Phrase, tail: Tail) -> Frame | None:
    """我区位列全国百强主城区第58位: without another noun the ranking is what is measured."""
    if tail.kind != "rank" or tail.mark is None or tail.end == phrase.left:
        return None
    start, end = tail.mark
    start = max(start, phrase.plain.rfind("》", start, end) + 1)
    if end - start < _SHORTEST_FIELD or peel_tail(phrase.plain, start, end, ranked=True).end <= start:
        return None
    return Frame(phrase.slot, (start, end), None, tail)


def _noun(phrase: Phrase, tail: Tail, start: int) -> Frame:
    last = phrase.plain[tail.end - 1]
    end = tail.end - (last in "等的" or (last == "中" and "rank" in tail.roles))
    if end <= start + 1 or (last == "的" and tail.end - start <= _LONGEST_OF):
        return _carried(phrase, tail)
    verb = _verb_behind(phrase, start, end) if tail.end == end else end
    if verb < end:
        return Frame(phrase.slot, (start, verb - 2), (verb, end), tail)
    won = start - 2 >= phrase.left and phrase.plain[start - 2 : start] in noun_cues().winning and not _is_stated(tail)
    return Frame(phrase.slot, (start, end), (start - 2, start) if won else None, tail)


def _verb_behind(phrase: Phrase, start: int, end: int) -> int:
    """Return where a verb behind the noun and its adverb begins, ``end`` if there is none: 专精特新企业 累计|培育."""
    verb = end - 2
    apart = verb - 2 > start + 1 and phrase.plain[verb - 2 : verb] in noun_cues().so_far
    apart = apart and phrase.plain[verb:end] not in noun_cues().reaching
    return verb if apart and verbs().is_strong(phrase.plain, verb, end) else end


def _verb_only(phrase: Phrase, tail: Tail, head: int) -> Frame:
    """A verb without a noun: 投入 is what is measured, 竣工 says what happens to the noun before."""
    end = tail.end
    last = phrase.plain[end - 2 : end]
    more = end - 2 > head
    unit = phrase.slot.unit
    reached = phrase.kind == "people" or (unit is not None and phrase.plain[unit[1] - 1] == "户")
    if reached and phrase.plain[head:end] in noun_cues().reaching:
        return Frame(phrase.slot, (head, end), None, tail)
    if last in noun_cues().noun_like or (more and last in verbs().weak and last not in noun_cues().outcomes):
        return Frame(phrase.slot, (end - 2, end), (head, end - 2) if more else None, tail)
    return Frame(phrase.slot, None, (head, end), tail)


def _after_subject(phrase: Phrase, tail: Tail, head: int) -> Frame | None:
    """Look for a verb after the clause's subject: 示范区 新增 企业, 全省累计 建设 片区."""
    end, plain, cues = tail.end, phrase.plain, noun_cues()
    verb = _verb_inside(phrase, head, end)
    if verb < 0:
        return None
    stop = phrase.verb_end(verb, end)
    if stop == end and stop - 2 > verb:
        named = plain[stop - 2 : stop] in cues.noun_like or plain[verb : stop - 2] in cues.givers
        return _verb_only(phrase, tail, verb) if named else None
    if not verb < stop < end:
        return None
    frame = _verb_and_noun(phrase, tail, verb, stop, opens=False)
    if (
        frame.noun and frame.noun[0] == verb and verb - head <= _LONGEST_OWNER
    ):  # 企业|开办时间: the verb names a property
        frame.noun = (head, frame.noun[1])
    return frame


def _pivot(phrase: Phrase, head: int, stop: int, end: int) -> tuple[int, int]:
    """Return the verb's stretch; of two the second, where the first makes somebody do it: 帮助农民工 讨回 工资."""
    if phrase.plain[head:stop] not in noun_cues().causatives:
        return head, stop
    verb = verbs().last_strong(phrase.plain, stop + 2, end)
    after = phrase.verb_end(verb, end) if verb >= 0 else end
    return (verb, after) if after < end else (head, stop)


def _verb_inside(phrase: Phrase, head: int, end: int) -> int:
    plain, lexicon = phrase.plain, verbs()
    strong = lexicon.last_strong(plain, head + 1, end)
    if strong < 0 and plain[head] in TOWARDS:
        strong = next((at for at in range(head + 2, end - 2) if lexicon.compound_at(plain, at, end) > at), -1)
    if strong < 0:
        adverb = noun_cues().new_actions.search(plain, head + 1, end)
        strong = adverb.end() if adverb else -1
    return strong


def _verb_and_noun(phrase: Phrase, tail: Tail, begin: int, stop: int, *, opens: bool) -> Frame:
    """Split verb and noun; ``opens`` where the verb stands at the head of its clause."""
    if phrase.plain[stop] == "、" and stop + 2 < tail.end:  # 全面实施、|开户602万人: another thing begins
        return _noun(phrase, tail, stop + 1)
    verb = phrase.plain[begin:stop]
    relative = opens and verb not in noun_cues().frame_verbs and _is_relative(phrase, tail, stop)
    if relative or (verb in noun_cues().flows and _is_flow(phrase, tail, stop)):
        return _noun(phrase, tail, begin)
    stop = _give_back(phrase, tail, begin, stop, opens=opens)
    plain = phrase.plain
    end = tail.end - (plain[tail.end - 1] in "的等")
    noun = _after_own_region(plain, stop, end)
    if end <= noun:
        return _carried(phrase, tail)
    raised = _is_stated(tail) and plain[begin:stop] in noun_cues().raisers
    return Frame(phrase.slot, (noun, end), None if stop == begin or raised else (begin, stop), tail)


def _after_own_region(plain: str, start: int, end: int) -> int:
    """Leave out the document's own region between a verb and its noun: 实现|本区|生产总值 470亿元."""
    own = next((one for one in own_regions() if one != _BEGINS_NAMES and plain.startswith(one, start)), "")
    noun = start + len(own)
    named = own and end - noun >= _SHORTEST_NOUN and "、" not in plain[noun : noun + _SHORTEST_NOUN]
    return noun if named else start + (plain[start] in "了的")


def _is_relative(phrase: Phrase, tail: Tail, stop: int) -> bool:
    """Tell whether the verb is one of a clause before a noun that a value is said of: 参加合作社的农户|占六成."""
    of = phrase.plain.rfind("的", stop, tail.end - 2)
    return of > 0 and bool({"value", "rise", "fall", "share"} & set(tail.roles))


def _is_flow(phrase: Phrase, tail: Tail, stop: int) -> bool:
    """Tell whether a verb and a measure together name what rises or has a share: 新增贷款余额|增长20%."""
    changes = {"rise", "fall", "share"} & set(tail.roles)
    return bool(changes) and noun_cues().flow_heads.search(phrase.plain, stop, tail.end) is not None


def _give_back(phrase: Phrase, tail: Tail, begin: int, stop: int, *, opens: bool) -> int:
    """Return where the verb ends once a bare noun took the verb's last word: 新增 绿化面积, 办理时限."""
    cues, lexicon = noun_cues(), verbs()
    rest = phrase.plain[stop : tail.end]
    last = phrase.plain[stop - 2 : stop]
    single = stop - begin <= 2
    ranked = "rank" in tail.roles  # 发行规模|居第三
    bare = rest in cues.measure_heads and (ranked or not (single and opens and last in lexicon.strong))
    few = len(rest) <= 2 and not single and last in lexicon.weak
    shared = rest in cues.object_heads and not single and last not in lexicon.strong
    newly = stop - begin == _NEW_VERB and phrase.plain[begin] == "新"  # 新入驻|企业, where 入驻企业 alone is a name
    return max(begin, stop - 2) if (bare or few or shared) and not newly else stop


def _is_stated(tail: Tail) -> bool:
    """Tell whether a verb between noun and number already states a change or a level."""
    return bool({"rise", "fall"} & set(tail.roles)) or any(word.startswith("达") for word in tail.words)
