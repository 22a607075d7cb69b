"""Scores of a whole set: totals, bootstrap intervals over documents, text and JSON output."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from govie.annotations import AnnotatedSentence
from govie.errors import OptionError
from govie.records import RELATION_LABELS, RelationLabel
from govie.scoring.counts import GROUPS, MICRO, Counts, Tally, tally
from govie.scoring.sentences import ScoredSentence
from govie.tags import SentenceTags

__all__ = ["Group", "Interval", "Linker", "Row", "ScoreReport", "document_tallies", "score", "score_links"]

Linker = Callable[[AnnotatedSentence], SentenceTags]
"""Links the annotated mentions of a sentence: the tags it returns hold no other mentions."""

_LINKED_GROUPS = ("relations", "facts", "attributes of right pairs")
_CONFIDENCE = 0.95
_HEADER = f"{'':26} {'precision':>9} {'recall':>7} {'F1':>6}  {'95% of F1':13} {'right':>7} {'found':>7} {'gold':>7}"


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds between which 95 % of the resampled values lie."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One label's counts, with the bootstrap interval of its F1 if it was asked for."""

    name: str
    counts: Counts
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one way of comparing; rows that occur on neither side are left out."""

    name: str
    rows: tuple[Row, ...]

    def __getitem__(self, row: str) -> Counts:
        """Return a row's counts: zeros if the label occurs on neither side."""
        return next((each.counts for each in self.rows if each.name == row), Counts())


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """What :func:`score` returns.

    Attributes:
        sentences: how many were compared.
        documents: how many documents they come from.
        groups: scores in the order of :data:`govie.scoring.GROUPS`.
    """

    sentences: int
    documents: int
    groups: tuple[Group, ...]

    def __getitem__(self, group: str) -> Group:
        """Return a group by name.

        Raises:
            KeyError: the report holds no such group.
        """
        for each in self.groups:
            if each.name == group:
                return each
        raise KeyError(group)

    def to_dict(self) -> dict[str, object]:
        """Return plain dicts, strings and numbers."""
        return {
            "sentences": self.sentences,
            "documents": self.documents,
            "groups": {group.name: {row.name: _row_dict(row) for row in group.rows} for group in self.groups},
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """Return :meth:`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def to_table(self) -> str:
        """Return a text table: one block a group, one line a row."""
        lines = [f"{self.sentences} sentences of {self.documents} documents", _HEADER]
        for group in self.groups:
            lines += ["", group.name, *(_row_line(row) for row in group.rows)]
        return "\n".join(lines)


def score(
    gold: Iterable[ScoredSentence],
    predicted: Iterable[ScoredSentence],
    *,
    relation_labels: Collection[RelationLabel] = RELATION_LABELS,
    resamples: int = 0,
    seed: int = 0,
) -> ScoreReport:
    """Compare predictions with the annotation, sentence by sentence.

    Args:
        gold: the annotation; keys are unique.
        predicted: predictions by key; a sentence without one counts as all missed.
        relation_labels: relations with other labels are compared on neither side, for
            annotation that leaves a type out.
        resamples: bootstrap samples of documents for the intervals of F1; 0 for none.
        seed: of the bootstrap.

    Raises:
        OptionError: a key occurs twice on one side, or only among the predictions.
    """
    answers = _by_key(gold, "gold")
    guesses = _by_key(predicted, "predicted")
    if strange := guesses.keys() - answers.keys():
        raise OptionError(f"{len(strange)} predicted sentences are not in gold, such as {min(strange)!r}")
    pairs = ((answer, guesses.get(key, ScoredSentence(key, answer.document))) for key, answer in answers.items())
    tallies = list(document_tallies(pairs, relation_labels).values())
    draws = _draws(len(tallies), resamples, seed)
    groups = (Group(name, tuple(_rows(name, tallies, draws))) for name in GROUPS)
    return ScoreReport(len(answers), len(tallies), tuple(groups))


def document_tallies(
    pairs: Iterable[tuple[ScoredSentence, ScoredSentence]], relation_labels: Collection[RelationLabel] = RELATION_LABELS
) -> dict[str, Tally]:
    """Return the counts of each document, ordered by name so that draws do not depend on the order of sentences.

    Args:
        pairs: annotation and prediction of each sentence.
        relation_labels: as in :func:`score`.
    """
    documents: dict[str, Tally] = {}
    for answer, guess in pairs:
        total = documents.setdefault(answer.document, defaultdict(Counts))
        for place, counts in tally(answer, guess, relation_labels).items():
            total[place] += counts
    return dict(sorted(documents.items()))


def score_links(
    sentences: Sequence[AnnotatedSentence],
    linker: Linker,
    *,
    relation_labels: Collection[RelationLabel] = RELATION_LABELS,
    resamples: int = 0,
    seed: int = 0,
) -> ScoreReport:
    """Compare relations and facts that a linker finds when it is given the annotated spans.

    Args:
        sentences: the annotation; the linker must look at text and mentions only.
        linker: see :data:`Linker`.
        relation_labels: as in :func:`score`.
        resamples: as in :func:`score`.
        seed: as in :func:`score`.

    Raises:
        OptionError: the linker returned a mention that is not annotated.
    """
    gold = [ScoredSentence.from_annotation(sentence) for sentence in sentences]
    predicted = [ScoredSentence.from_tags(each.id, each.file, linker(each)) for each in sentences]
    for given, linked in zip(gold, predicted, strict=True):
        if not linked.spans <= given.spans:
            raise OptionError("the linker returned spans that it was not given", where=given.key)
    report = score(gold, predicted, relation_labels=relation_labels, resamples=resamples, seed=seed)
    groups = (group for group in report.groups if group.name in _LINKED_GROUPS)
    return ScoreReport(report.sentences, report.documents, tuple(groups))


def _by_key(sentences: Iterable[ScoredSentence], side: str) -> dict[str, ScoredSentence]:
    by_key: dict[str, ScoredSentence] = {}
    for sentence in sentences:
        if sentence.key in by_key:
            raise OptionError(f"{side} holds sentence {sentence.key!r} twice")
        by_key[sentence.key] = sentence
    return by_key


def _draws(documents: int, resamples: int, seed: int) -> list[list[int]]:
    """Draw, for each sample, as many documents as there are, with replacement."""
    source = random.Random(seed)
    return [source.choices(range(documents), k=documents) for _ in range(resamples if documents else 0)]


def _rows(group: str, tallies: list[Tally], draws: list[list[int]]) -> Iterable[Row]:
    for name in GROUPS[group]:
        by_document = [counts.get((group, name), Counts()) for counts in tallies]
        total = sum(by_document, Counts())
        if total != Counts() or name == MICRO:
            yield Row(name, total, _interval(by_document, draws))


def _interval(by_document: list[Counts], draws: list[list[int]]) -> Interval | None:
    if not draws:
        return None
    correct = [counts.correct for counts in by_document]
    both = [counts.predicted + counts.gold for counts in by_document]
    values = sorted(_f1(sum(map(correct.__getitem__, draw)), sum(map(both.__getitem__, draw))) for draw in draws)
    cut = int(len(values) * (1 - _CONFIDENCE) / 2)
    return Interval(values[cut], values[-1 - cut])


def _f1(correct: int, both: int) -> float:
    return 2 * correct / both if both else 1.0


def _row_dict(row: Row) -> dict[str, object]:
    counts = row.counts
    shown: dict[str, object] = {
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "correct": counts.correct,
        "predicted": counts.predicted,
        "gold": counts.gold,
    }
    if row.interval:
        shown["f1_interval"] = [row.interval.low, row.interval.high]
    return shown


def _row_line(row: Row) -> str:
    counts = row.counts
    interval = f"{row.interval.low:.3f}–{row.interval.high:.3f}" if row.interval else ""
    return (
        f"  {row.name:24} {counts.precision:9.3f} {counts.recall:7.3f} {counts.f1:6.3f}  {interval:13}"
        f" {counts.correct:7} {counts.predicted:7} {counts.gold:7}"
    )
