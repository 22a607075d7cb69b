"""Advertising pasted into good text: where it stands, so that no name or number includes it."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from govie.lexicon import load_toml

__all__ = ["spam_stretches"]

_BRAND = r"[0-9A-Za-z]{1,12}"
_JOINT = r"[_\-|·—~/. ]{0,2}"
_SEAM = re.compile(r"(?<=[一-鿿])[_|](?=[0-9A-Za-z一-鿿])")
_REACH = 40  # a repeated phrase reaches at most this far on either side of its seam
_SAMPLE = 1000  # so many occurrences are compared
_FEWEST = 3  # so many occurrences make a phrase repeated


def spam_stretches(plain: str) -> list[tuple[int, int]]:
    """Return the offsets of spam in normalised text, in order and not overlapping.

    Two signs give it away: a chain of gambling words, with brands and joints between them (365体育投注_365体育直播);
    and a phrase with an underscore or bar inside Chinese words that occurs at least three times, as far as all its
    occurrences agree. A single word of the lexicon proves nothing: documents speak of 彩票投注站 and of 网络赌博.
    """
    return _merged(sorted((*_chains(plain), *_repeated_phrases(plain))))


@lru_cache(maxsize=64)
def _chain(words: tuple[str, ...]) -> re.Pattern[str]:
    word = f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"
    return re.compile(rf"(?:{_BRAND}{_JOINT})?{word}(?:{_JOINT}(?:{_BRAND})?{_JOINT}{word})+")


def _chains(plain: str) -> list[tuple[int, int]]:
    present = tuple(word for word in load_toml("noise.toml")["spam"]["words"] if word in plain)
    return [match.span() for match in _chain(present).finditer(plain)] if present else []


def _repeated_phrases(plain: str) -> list[tuple[int, int]]:
    seams = defaultdict(list)
    for match in _SEAM.finditer(plain):
        seams[plain[match.start() - 2 : match.start() + 3]].append(match.start())
    return [stretch for places in seams.values() if len(places) >= _FEWEST for stretch in _agreed(plain, places)]


def _agreed(plain: str, places: list[int]) -> list[tuple[int, int]]:
    """Return the occurrences of the longest phrase that the first of ``places`` share."""
    sample = places[:_SAMPLE]
    after = _shared_start([plain[place : place + _REACH] for place in sample])
    before = _shared_start([plain[max(0, place - _REACH) : place][::-1] for place in sample])[::-1]
    phrase = before + after
    starts = (place - len(before) for place in places)
    return [(start, start + len(phrase)) for start in starts if plain.startswith(phrase, start)]


def _shared_start(texts: list[str]) -> str:
    """Return what all of ``texts`` begin with: what the first and the last in order share."""
    first, last = min(texts), max(texts)
    pairs = zip(first, last, strict=False)
    length = next((n for n, pair in enumerate(pairs) if pair[0] != pair[1]), min(len(first), len(last)))
    return first[:length]


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in stretches:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
