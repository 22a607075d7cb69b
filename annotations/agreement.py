"""How far two annotators agree on the sentences that both have read.

Strict F1 counts what both gave with the same offsets and label (:mod:`govie.scoring`); it is the
same whichever side is taken for gold. Corrected for chance are the label of each character
(those outside any span included) and the attributes of the facts that both have:

Cohen's kappa: J. Cohen, "A coefficient of agreement for nominal scales", Educational and
Psychological Measurement 20 (1960), 37-46. Krippendorff's alpha, nominal, two coders, nothing
missing: K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), section B. Both are
a few lines, so no library is taken on; the tests compare them with published examples and with
scikit-learn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from annotations.records import Record
from annotations.sentences import scored
from govie.errors import OptionError
from govie.scoring import ScoredSentence, ScoreReport, score

__all__ = ["Agreement", "Chance", "agreement", "agreement_table", "chance", "kappa", "krippendorff"]

_OUTSIDE = "O"
_SHOWN = ("spans", "relations", "facts", "roles")


@dataclass(frozen=True, slots=True)
class Chance:
    """Agreement corrected for chance: how many units, how many alike, kappa and alpha (None if undefined)."""

    units: int
    same: int
    kappa: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What :func:`agreement` returns.

    Attributes:
        only_first, only_second: sentences that one side alone has; they are left out.
        identical: sentences in which everything is the same.
        report: the first side taken for gold.
        chance: by ``characters`` and attribute.
    """

    only_first: int
    only_second: int
    identical: int
    report: ScoreReport
    chance: dict[str, Chance]


def agreement(first: Sequence[Record], second: Sequence[Record]) -> Agreement:
    """Compare two annotations of the same documents.

    Args:
        first: one annotator's records.
        second: another's; sentences meet by document and offsets, not by id.

    Raises:
        OptionError: they share no sentence, or one has a sentence twice.
    """
    one, other = _by_place(first, "first"), _by_place(second, "second")
    shared = sorted(one.keys() & other.keys())
    if not shared:
        raise OptionError("the two have no sentence in common")
    a, b = ([scored(side[key], str(key)) for key in shared] for side in (one, other))
    chance = {"characters": _chance(*([_characters(side[key]) for key in shared] for side in (one, other)))}
    return Agreement(
        len(one) - len(shared),
        len(other) - len(shared),
        sum(x == y for x, y in zip(a, b, strict=True)),
        score(a, b),
        {**chance, **_attributes(a, b)},
    )


def _by_place(records: Sequence[Record], side: str) -> dict[tuple[str, int, int], Record]:
    placed = {(r.document, int(r.source["start"]), int(r.source["end"])): r for r in records}
    if len(placed) < len(records):
        raise OptionError(f"the {side} has a sentence twice")
    return placed


def _characters(record: Record) -> list[str]:
    labels = [_OUTSIDE] * len(record.text)
    for entity in record.entities:
        labels[entity.start : entity.end] = [entity.label] * (entity.end - entity.start)
    return labels


def _chance(first: Sequence[Sequence[str]], second: Sequence[Sequence[str]]) -> Chance:
    return chance([x for each in first for x in each], [x for each in second for x in each])


def _attributes(first: Sequence[ScoredSentence], second: Sequence[ScoredSentence]) -> dict[str, Chance]:
    """Compare the attributes of pairs that both sides made a fact of."""
    pairs = []
    for one, other in zip(first, second, strict=True):
        theirs = {fact[:2]: fact for fact in other.facts}
        pairs += [(fact, theirs[fact[:2]]) for fact in sorted(one.facts, key=repr) if fact[:2] in theirs]
    names = ("kind", "direction", "bound", "status")
    return {name: chance([getattr(a, name) for a, _ in pairs], [getattr(b, name) for _, b in pairs]) for name in names}


def chance(first: Sequence[Hashable], second: Sequence[Hashable]) -> Chance:
    """Compare two sequences of labels, unit by unit."""
    same = sum(a == b for a, b in zip(first, second, strict=True))
    return Chance(len(first), same, kappa(first, second), krippendorff(first, second))


def kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Return Cohen's kappa, or None where chance alone would agree on everything."""
    size = len(first)
    same = sum(a == b for a, b in zip(first, second, strict=True))
    ours, theirs = Counter(first), Counter(second)
    expected = sum(ours[label] * theirs[label] for label in ours)
    # Whole numbers up to here, so that "all by chance" is exact.
    return None if expected == size * size else (same * size - expected) / (size * size - expected)


def krippendorff(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Return Krippendorff's alpha for nominal labels, or None where there is only one label."""
    different = 2 * sum(a != b for a, b in zip(first, second, strict=True))
    totals = Counter(first) + Counter(second)
    size = sum(totals.values())
    expected = size * size - sum(times * times for times in totals.values())
    return None if not expected else 1 - (size - 1) * different / expected


def agreement_table(found: Agreement) -> str:
    """Return the comparison as Markdown."""
    report = found.report
    lines = [
        f"{report.sentences} sentences of {report.documents} documents read by both, "
        f"{found.identical} of them identical; left out: {found.only_first} and {found.only_second} read by one.",
        "",
        "| | F1 | same | first | second |",
        "|---|---:|---:|---:|---:|",
    ]
    for group in report.groups:
        if group.name in _SHOWN:
            lines.append(f"| **{group.name}** | | | | |")
            counted = ((row.name, row.counts) for row in group.rows)
            lines += (f"| {name} | {c.f1:.3f} | {c.correct} | {c.gold} | {c.predicted} |" for name, c in counted)
    lines += ["", "| label of | units | same | Cohen's κ | Krippendorff's α |", "|---|---:|---:|---:|---:|"]
    lines += (
        f"| {name} | {c.units} | {c.same} | {_figure(c.kappa)} | {_figure(c.alpha)} |"
        for name, c in found.chance.items()
    )
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
