"""Patterns and word lists of ``nouns.toml``: how a measured noun is told from what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from govie.lexicon import alternatives, load_toml

__all__ = ["NounCues", "noun_cues"]


@dataclass(frozen=True, slots=True)
class NounCues:
    """The tables of ``nouns.toml``; each is described there under the same name."""

    not_noun: re.Pattern[str]
    stops: re.Pattern[str]
    value_verbs: re.Pattern[str]
    taken: re.Pattern[str]
    by_organs: re.Pattern[str]
    served: re.Pattern[str]
    funding: re.Pattern[str]
    purpose: re.Pattern[str]
    issued: re.Pattern[str]
    members: re.Pattern[str]
    new_actions: re.Pattern[str]
    names: re.Pattern[str]
    noun_like: frozenset[str]
    outcomes: frozenset[str]
    measure_heads: frozenset[str]
    object_heads: frozenset[str]
    frame_verbs: frozenset[str]
    givers: frozenset[str]
    reaching: frozenset[str]
    so_far: frozenset[str]
    holders: frozenset[str]
    winning: frozenset[str]
    bounds: frozenset[str]
    raisers: frozenset[str]
    begun: frozenset[str]
    causatives: frozenset[str]
    flows: frozenset[str]
    flow_heads: re.Pattern[str]
    share_end: tuple[str, ...]
    funds: tuple[str, ...]
    relief: tuple[str, ...]
    totals: tuple[str, ...]


@lru_cache(maxsize=1)
def noun_cues() -> NounCues:
    """Return the patterns and word lists, read once."""
    data = load_toml("nouns.toml")

    def words(table: str) -> frozenset[str]:
        return frozenset(data[table]["words"])

    def any_word(table: str) -> str:
        return alternatives(words(table))

    def any_pattern(table: str) -> re.Pattern[str]:
        return re.compile("|".join(data[table]["patterns"]))

    return NounCues(
        not_noun=any_pattern("not_noun"),
        stops=any_pattern("stops"),
        value_verbs=re.compile(f"(?:{any_word('adverbs')})*(?:{any_word('value_verbs')})"),
        taken=re.compile(f"(?:{any_word('taken')})(?P<noun>.{{2,}})"),
        by_organs=re.compile(f"(?:{any_word('by_organs')})$"),
        served=re.compile(any_word("served")),
        members=re.compile(
            f".{{0,6}}?(?:{any_word('members')})(?=[^,。;]{{2,16}}(?:{any_word('share_end')}|{any_word('member_heads')})[^,。;、]{{0,8}}$)"
        ),
        issued=re.compile(data["issued"]["pattern"]),
        funding=re.compile(f"(?:{any_pattern('funding').pattern})$"),
        purpose=re.compile(any_word("purpose")),
        funds=tuple(data["funds"]["words"]),
        new_actions=any_pattern("new_actions"),
        names=re.compile(any_word("names")),
        noun_like=words("noun_like"),
        outcomes=words("outcomes"),
        measure_heads=words("measure_heads"),
        object_heads=words("object_heads"),
        frame_verbs=words("frame_verbs"),
        givers=words("givers"),
        reaching=words("reaching"),
        so_far=words("so_far"),
        holders=words("holders"),
        winning=words("winning"),
        bounds=words("bounds"),
        raisers=words("raisers"),
        begun=words("begun"),
        causatives=words("causatives"),
        flows=words("flows"),
        flow_heads=re.compile(f"(?:{any_word('flow_heads')})(?:[和、及与]|$)"),
        share_end=tuple(data["share_end"]["words"]),
        relief=tuple(data["relief"]["words"]),
        totals=tuple(data["totals"]["words"]),
    )
