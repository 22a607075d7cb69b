"""Strict scores of a tagger on examples, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from govie.hybrid import combine, complete_names
from govie.model.tagger import ModelTagger
from govie.records import RELATION_LABELS
from govie.scoring import ScoredSentence, ScoreReport, score
from govie.tags import SentenceTags
from training.examples import Example

__all__ = ["RELATIONS", "Way", "measure", "report", "scored", "tag_examples"]

Way = str
"""``rules``, ``model`` (without the rules) or ``auto``."""
RELATIONS = tuple(label for label in RELATION_LABELS if label not in {"LEAD", "SUPPORT"})
_NOTHING = SentenceTags()


def tag_examples(tagger: ModelTagger | None, examples: Sequence[Example], way: Way = "auto") -> list[SentenceTags]:
    """Tag examples as :class:`govie.Extractor` does in the mode of the same name."""
    if way == "rules" or tagger is None:
        return [example.given.hints or _NOTHING for example in examples]
    hinted = way == "auto"
    given = [example.given if hinted else replace(example.given, hints=None) for example in examples]
    tags = tagger.tag(given)
    if not hinted:
        return [complete_names(one.plain, said, {}) for one, said in zip(given, tags, strict=True)]
    return [combine(one.plain, said, one.hints or _NOTHING) for one, said in zip(given, tags, strict=True)]


def report(examples: Sequence[Example], found: Sequence[SentenceTags], resamples: int = 0) -> ScoreReport:
    """Compare tags with the annotation; LEAD and SUPPORT are compared as roles."""
    gold = scored(examples, [one.gold for one in examples])
    return score(gold, scored(examples, found), relation_labels=RELATIONS, resamples=resamples)


def scored(examples: Sequence[Example], found: Sequence[SentenceTags]) -> list[ScoredSentence]:
    """Return tags of examples, annotated or found, as :mod:`govie.scoring` compares them."""
    return [ScoredSentence.from_tags(one.key, one.document, tags) for one, tags in zip(examples, found, strict=True)]


def measure(tagger: ModelTagger | None, examples: Sequence[Example], way: Way = "auto") -> dict[str, float]:
    """Return F1 of all spans, of all relations and of facts with all attributes."""
    got = report(examples, tag_examples(tagger, examples, way))
    wanted = (("spans", "micro"), ("relations", "micro"), ("facts", "all attributes"))
    return {group: got[group][row].f1 for group, row in wanted}
