"""The rules, the model, and both together, measured on the same sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from govie.annotations import AnnotatedSentence
from govie.model.features import places
from govie.model.tagger import ModelTagger
from govie.scoring import ScoreReport, score_links
from govie.tags import SentenceTags
from training.examples import Example
from training.measure import RELATIONS, Way, report, tag_examples

__all__ = ["HEADLINES", "WAYS", "Answers", "answer", "headlines", "pool", "scores"]

WAYS: tuple[Way, ...] = ("rules", "model", "auto")
HEADLINES = (("spans", "micro"), ("relations", "micro"), ("facts", "pair and kind"), ("facts", "all attributes"))
"""Groups and rows that are shown where there is no room for all."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was found in each example.

    Attributes:
        examples: the sentences with their annotation.
        found: tags by way.
        linked: tags by way where the annotated spans were given; the rules cannot be given spans.
    """

    examples: Sequence[Example]
    found: Mapping[Way, Sequence[SentenceTags]]
    linked: Mapping[Way, Sequence[SentenceTags]]


def answer(tagger: ModelTagger, examples: Sequence[Example]) -> Answers:
    """Ask the rules, the model without them, and both together."""
    return Answers(
        examples,
        {way: tag_examples(tagger, examples, way) for way in WAYS},
        {way: _link(tagger, examples, hinted=way == "auto") for way in WAYS[1:]},
    )


def _link(tagger: ModelTagger, examples: Sequence[Example], *, hinted: bool) -> list[SentenceTags]:
    spanned = [at for at, one in enumerate(examples) if one.gold.mentions]
    given = [examples[at].given if hinted else replace(examples[at].given, hints=None) for at in spanned]
    linked = [SentenceTags()] * len(examples)
    for at, tags in zip(
        spanned, tagger.link(given, [places(examples[at].gold.mentions) for at in spanned]), strict=True
    ):
        linked[at] = tags
    return linked


def pool(parts: Iterable[tuple[str, Answers]]) -> Answers:
    """Put the answers of several runs together; a document's sentences of all runs stay together.

    Args:
        parts: what tells runs apart that were tested on the same sentences (their seed), and their answers.
    """
    named = list(parts)
    return Answers(
        [replace(one, key=f"{name}:{one.key}") for name, part in named for one in part.examples],
        {way: [tags for _, part in named for tags in part.found[way]] for way in WAYS},
        {way: [tags for _, part in named for tags in part.linked[way]] for way in WAYS[1:]},
    )


def scores(answers: Answers, resamples: int = 0) -> dict[str, Any]:
    """Return all scores as plain values: ``ways`` end to end, ``given_spans`` where the annotated spans were given.

    Args:
        answers: of one run, or pooled.
        resamples: bootstrap samples of documents for the 95 % intervals.
    """
    first, *_ = reports = {way: report(answers.examples, answers.found[way], resamples) for way in WAYS}
    return {
        "sentences": reports[first].sentences,
        "documents": reports[first].documents,
        "ways": {way: one.to_dict()["groups"] for way, one in reports.items()},
        "given_spans": {
            way: _link_report(answers.examples, tags, resamples).to_dict()["groups"]
            for way, tags in answers.linked.items()
        },
    }


def headlines(answers: Answers, way: Way) -> dict[str, float]:
    """Return the F1 of :data:`HEADLINES`."""
    got = report(answers.examples, answers.found[way])
    return {f"{group} {row}": got[group][row].f1 for group, row in HEADLINES}


def _link_report(examples: Sequence[Example], linked: Sequence[SentenceTags], resamples: int) -> ScoreReport:
    by_key = {one.key: tags for one, tags in zip(examples, linked, strict=True)}
    sentences = [
        AnnotatedSentence(one.key, one.given.plain, one.gold, one.document, 0, len(one.given.plain)) for one in examples
    ]
    return score_links(sentences, lambda sentence: by_key[sentence.id], relation_labels=RELATIONS, resamples=resamples)
