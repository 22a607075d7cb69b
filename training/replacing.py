"""Mention replacement: an annotated indicator gives way to another one's name, so that more names are seen in place.

Dai and Adel 2020, "An Analysis of Simple Data Augmentation for Named Entity Recognition" (arXiv:2010.11683), section
3; the names come from the lexicon of indicators instead of the training data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from govie.lexicon import load_table
from govie.rules.tagger import tag_sentence
from training.examples import Example

__all__ = ["indicator_names", "replaced"]


@cache
def indicator_names() -> tuple[str, ...]:
    """Return all names of the lexicon's indicators."""
    rows = load_table("indicators.tsv")
    return tuple(name.lstrip("+~") for row in rows for name in (row["name"], *row["aliases"].split(";")) if name)


def replaced(example: Example, names: Sequence[str], rng: np.random.Generator) -> Example:
    """Return the example with one of its indicators, drawn at random, under another name; the rules read it anew.

    Args:
        example: returned as it is where nothing is an indicator.
        names: to choose from.
        rng: of the choice.
    """
    mentions = example.gold.mentions
    indicators = [at for at, mention in enumerate(mentions) if mention.label == "INDICATOR"]
    if not indicators:
        return example
    at = int(rng.choice(indicators))
    name, old = names[rng.integers(len(names))], mentions[at]
    more = len(name) - (old.end - old.start)
    plain = example.given.plain[: old.start] + name + example.given.plain[old.end :]
    later = [replace(one, start=one.start + more, end=one.end + more) for one in mentions[at + 1 :]]
    gold = replace(example.gold, mentions=(*mentions[:at], replace(old, end=old.end + more), *later))
    hints = tag_sentence(plain, example.given.stance, example.year)
    return replace(example, given=replace(example.given, plain=plain, hints=hints), gold=gold)
