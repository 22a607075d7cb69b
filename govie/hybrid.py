"""The model and the rules together: the rules go first, the model weighs what they say, and they name its facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from govie.document import Sentence
from govie.facts import Tagged
from govie.model.features import Input
from govie.naming import bare_name, fused_names, is_bare, shared_level_name
from govie.tags import Mention, Reading, SentenceTags

if TYPE_CHECKING:
    from govie.model.tagger import ModelTagger

__all__ = ["RuleTagged", "combine", "complete_names", "tag_with_model"]

RuleTagged = tuple[Sentence, str, SentenceTags]
"""A sentence, its plain words and what the rules say of it."""

_Place = tuple[int, int]


def tag_with_model(
    tagger: ModelTagger, documents: Sequence[Sequence[RuleTagged]], *, hinted: bool
) -> list[list[Tagged]]:
    """Tag the sentences of several documents, all in one go, so that the model's batches are full.

    Args:
        tagger: the model's.
        documents: the sentences of each, tagged by rule.
        hinted: whether the model weighs what the rules say, and takes their names; without it the model stands alone.

    Returns:
        For each document its sentences with what was found, those with nothing left out.
    """
    every = [(at, *one) for at, document in enumerate(documents) for one in document]
    found = tagger.tag([Input(plain, one.stance, rules if hinted else None) for _, one, plain, rules in every])
    tagged: list[list[Tagged]] = [[] for _ in documents]
    for (at, sentence, plain, rules), tags in zip(every, found, strict=True):
        final = combine(plain, tags, rules) if hinted else complete_names(plain, tags, {})
        if final.mentions:
            tagged[at].append((sentence, final))
    return tagged


def combine(plain: str, model: SentenceTags, rules: SentenceTags) -> SentenceTags:
    """Return the model's tags with full names: the rules' where both see the same fact.

    Args:
        plain: the sentence.
        model: what the model says of it.
        rules: what the rules say of it.
    """
    return complete_names(plain, model, _names(rules))


def _names(tags: SentenceTags) -> dict[tuple[_Place, _Place], str]:
    return {
        (_place(tags.mentions[i]), _place(tags.mentions[q])): reading.name
        for (i, q), reading in tags.readings.items()
        if reading.name
    }


def _place(mention: Mention) -> _Place:
    return mention.start, mention.end


def complete_names(plain: str, tags: SentenceTags, known: dict[tuple[_Place, _Place], str]) -> SentenceTags:
    """Give each fact the full name of its indicator where the indicator's own words do not say it.

    Args:
        plain: the sentence.
        tags: facts without names.
        known: names found otherwise, by the places of indicator and quantity.
    """
    fused, nouns = _fused(plain, tags), _Nouns(plain, tags)
    readings: dict[tuple[int, int], Reading] = {}
    for (indicator, quantity), reading in tags.readings.items():
        places = _place(tags.mentions[indicator]), _place(tags.mentions[quantity])
        name = known.get(places) or fused.get((indicator, quantity)) or nouns.full_name(indicator)
        readings[indicator, quantity] = replace(reading, name=name)
    return replace(tags, readings=readings)


def _fused(plain: str, tags: SentenceTags) -> dict[tuple[int, int], str]:
    """城乡居民收入分别增长4.4%、5.6%: the parts of a fused name, in the order of the quantities."""
    by_indicator: dict[int, list[int]] = defaultdict(list)
    for indicator, quantity in sorted(tags.readings):
        by_indicator[indicator].append(quantity)
    named: dict[tuple[int, int], str] = {}
    for indicator, quantities in by_indicator.items():
        mention = tags.mentions[indicator]
        at = plain.find("分别", mention.end)
        shared = [quantity for quantity in quantities if -1 < at < tags.mentions[quantity].start]
        names = fused_names(plain[mention.start : mention.end], len(shared)) if shared else None
        named.update({(indicator, quantity): name for quantity, name in zip(shared, names or (), strict=False)})
    return named


class _Nouns:
    """The indicators of a sentence, which complete one another's names."""

    def __init__(self, plain: str, tags: SentenceTags) -> None:
        indicators = [(at, one) for at, one in enumerate(tags.mentions) if one.label == "INDICATOR"]
        self._words = [plain[one.start : one.end] for _, one in indicators]
        self._order = {at: order for order, (at, _) in enumerate(indicators)}

    def full_name(self, indicator: int) -> str | None:
        at = self._order[indicator]
        words, following = self._words[at], self._words[at + 1 : at + 2]
        subject = next((before for before in reversed(self._words[:at]) if not is_bare(before)), None)
        return bare_name(words, subject) or (shared_level_name(words, following[0]) if following else None)
