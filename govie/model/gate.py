"""What is worth an encoder pass: sentences that could hold a quantity or a responsible agency; of long ones, parts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from heapq import merge
from itertools import accumulate

from govie.model.batching import WINDOW
from govie.model.features import Input
from govie.tags import Link, Mention, Reading, Role, SentenceTags

__all__ = ["Stretch", "divided", "joined", "stretches"]

Stretch = tuple[int, int]
"""Start and end of a part of a sentence."""

_WORTH = re.compile(
    r"""[0-9]+
    | 百分之
    | [零〇一二三四五六七八九十百千万亿两几]{3}   # 二百六十三
    | [百千万][万名人户个家吨元亩里]              # 百万, 万名
    | [二三四五六七八九十两几][十百千万亿倍成番年]
    | [前第居列][一二三四五六七八九十]            # 居全市前三
    | (?:不少于|不低于|不超过|至少|超过)[一二三四五六七八九十两几]
    | 翻[一两番]
    | 牵头|负责|责任|主办|承办|协办|配合
    | \S\n+\S                                    # cells of a table's row, which may be agencies
    """,
    re.VERBOSE,
)

# Numerals and words of duty that measure nothing and charge nobody.
_IDLE = re.compile(
    r"""(?<![0-9])(?:19|20)[0-9]{2}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?
    | [0-9]{1,2}月(?:[0-9]{1,2}日|底|末|前)
    | (?<!\S)[((]?[0-9]{1,3}[))..、](?![0-9])                # 12. at the head of a paragraph
    | [((][零〇一二三四五六七八九十百]+[))]
    | 第[零〇一二三四五六七八九十百千0-9]+[届次批轮条章款期代步方产中附实、人号者道]
    | “?十?[一二三四五六七八九十]五[”"]?[规时]                  # “十四五”规划, “十三五”时期
    | [一二三四五六七八九十两几多]+年(?=来|行动|计划|规划|前|间|,|的|发展|攻坚|再)
    | “[0-9一二三四五六七八九十][0-9+NXx一二三四五六七八九十]*”  # “3+2”
    | [0-9][AaGgDd](?![A-Za-z])                               # 5A级, 5G
    | 责任[感制担心追书]|主体责任|[对以]人?民?负责
    """,
    re.VERBOSE,
)


def _blanked(match: re.Match[str]) -> str:
    return "·" * len(match[0])


def stretches(sentence: Input) -> list[Stretch]:
    """Return which stretches of a sentence go through the encoder, in order.

    A sentence no longer than a window is read whole or not at all. Of a longer one, such as a file without any line
    end, that is read which lies within a window's length of a number, a duty or a mention of the rules.
    """
    length = len(sentence.plain)
    hints = [] if sentence.hints is None else [(one.start, one.end) for one in sentence.hints.mentions]
    if hints and length <= WINDOW:
        return [(0, length)]
    plain = _IDLE.sub(_blanked, sentence.plain)
    if length <= WINDOW:
        return [(0, length)] if _WORTH.search(plain) else []
    found: list[Stretch] = []
    for start, end in merge((match.span() for match in _WORTH.finditer(plain)), hints):
        first, last = max(0, start - WINDOW), min(length, end + WINDOW)
        if found and first <= found[-1][1]:
            first, last = found[-1][0], max(last, found.pop()[1])
        found.append((first, last))
    return found


def divided(sentence: Input, parts: Sequence[Stretch]) -> list[Input]:
    """Return the stretches of a sentence as sentences; the rules' mentions lie in one of them each."""
    if parts == [(0, len(sentence.plain))]:
        return [sentence]
    hints = [None] * len(parts) if sentence.hints is None else _divided(sentence.hints, [start for start, _ in parts])
    return [
        replace(sentence, plain=sentence.plain[start:end], hints=said)
        for (start, end), said in zip(parts, hints, strict=True)
    ]


def _divided(tags: SentenceTags, starts: Sequence[int]) -> list[SentenceTags]:
    of = [bisect_right(starts, one.start) - 1 for one in tags.mentions]
    first = [bisect_left(of, part) for part in range(len(starts))]
    mentions: list[list[Mention]] = [[] for _ in starts]
    links: list[list[Link]] = [[] for _ in starts]
    readings: list[dict[tuple[int, int], Reading]] = [{} for _ in starts]
    roles: list[list[Role]] = [[] for _ in starts]
    for part, mention in zip(of, tags.mentions, strict=True):
        mentions[part].append(_moved(mention, -starts[part]))
    for link in tags.links:
        if (part := of[link.head]) == of[link.tail]:
            links[part].append(replace(link, head=link.head - first[part], tail=link.tail - first[part]))
    for (head, tail), reading in tags.readings.items():
        if (part := of[head]) == of[tail]:
            readings[part][head - first[part], tail - first[part]] = reading
    for role in tags.roles:
        part = of[role.agency]
        roles[part].append(replace(role, agency=role.agency - first[part]))
    return [
        SentenceTags(tuple(mentions[part]), tuple(links[part]), readings[part], tuple(roles[part]))
        for part in range(len(starts))
    ]


def joined(tags: Sequence[SentenceTags], parts: Sequence[Stretch]) -> SentenceTags:
    """Put together what was found in the stretches of one sentence."""
    if [start for start, _ in parts] == [0]:
        return tags[0]
    first = list(accumulate((len(one.mentions) for one in tags), initial=0))
    every = [(one, start, at) for one, (start, _), at in zip(tags, parts, first, strict=False)]
    return SentenceTags(
        tuple(_moved(mention, start) for one, start, _ in every for mention in one.mentions),
        tuple(replace(link, head=link.head + at, tail=link.tail + at) for one, _, at in every for link in one.links),
        {(head + at, tail + at): said for one, _, at in every for (head, tail), said in one.readings.items()},
        tuple(replace(role, agency=role.agency + at) for one, _, at in every for role in one.roles),
    )


def _moved(mention: Mention, by: int) -> Mention:
    return replace(mention, start=mention.start + by, end=mention.end + by)
