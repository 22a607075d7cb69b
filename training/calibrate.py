"""Make scores probabilities: ``python -m training.calibrate RUN... --data FILE... --model models/NAME``.

What the runs say of the documents they held out is compared with the annotation: of each span, relation, fact and role
that was found, how sure the model was and whether it is strictly right. For each label a logistic (Platt) scale is
fitted on the log odds. A fact is right if its pair, kind, direction, bound and status are.

*Expected calibration error* as in Guo et al. 2017, "On Calibration of Modern Neural Networks" (arXiv:1706.04599,
section 2): scores are sorted into 15 bins of equal width, and the distance between the mean score and the share of
right ones in each bin is averaged, weighted by the bins' sizes. After scaling it is measured by cross-fitting: the
documents are dealt into five groups, and the scores of each group are scaled by what was fitted on the other four.

The model's folder gets ``calibration.json`` (fitted on everything), ``scores/calibration.json`` (errors and bins),
``scores/calibration.png``, and its hashes anew.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from govie.errors import GovieError
from govie.model.calibration import Calibration, Scale, logit
from govie.model.store import calibration_dict, write_sums
from govie.scoring import ScoredSentence
from govie.tags import SentenceTags
from training.evaluate import held_out_answers
from training.examples import Example, load_examples
from training.files import write_atomically
from training.measure import Way
from training.reliability import Bin, bins_of, error_by_chance, expected_error, plot
from training.run import Run, add_data_options

__all__ = ["KINDS", "Finding", "cross_fitted", "findings", "fit"]

Floats = npt.NDArray[np.float64]

KINDS = ("spans", "relations", "facts", "roles")
_GROUPS = 5
_ENOUGH = 10
"""Labels with fewer right or fewer wrong findings share the scale that is fitted on all labels of their kind."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the model found.

    Attributes:
        kind: one of :data:`KINDS`.
        label: of the span or relation, the relation of a fact, the role.
        document: where it was found.
        raw: how sure the model was.
        right: whether it is annotated just so.
    """

    kind: str
    label: str
    document: str
    raw: float
    right: bool


def findings(examples: Sequence[Example], found: Sequence[SentenceTags]) -> list[Finding]:
    """Return all that was found, compared with the annotation."""
    return [
        Finding(kind, label, one.document, raw, right)
        for one, tags in zip(examples, found, strict=True)
        for kind, label, raw, right in _compared(one, tags)
    ]


def _compared(example: Example, tags: SentenceTags) -> Iterator[tuple[str, str, float, bool]]:
    gold = ScoredSentence.from_tags(example.key, example.document, example.gold)
    for mention in tags.mentions:
        said = ScoredSentence.from_tags("", "", SentenceTags((mention,)))
        yield "spans", mention.label, mention.score, said.spans <= gold.spans
    for link in tags.links:
        said = ScoredSentence.from_tags("", "", SentenceTags(tags.mentions, (link,), tags.readings))
        yield "relations", link.label, link.score, said.relations <= gold.relations
        reading = tags.readings.get((link.head, link.tail))
        if said.facts and reading is not None and reading.score is not None:
            yield "facts", link.label, reading.score, said.facts <= gold.facts
    for role in tags.roles:
        said = ScoredSentence.from_tags("", "", SentenceTags(tags.mentions, roles=(role,)))
        yield "roles", role.label, role.score, said.roles <= gold.roles


def fit(found: Sequence[Finding]) -> dict[str, dict[str, Scale]]:
    """Return scales by kind and label."""
    by_label: dict[str, dict[str, list[Finding]]] = {kind: defaultdict(list) for kind in KINDS}
    for one in found:
        by_label[one.kind][one.label].append(one)
    return {
        kind: {
            label: _scale(group if _enough(group) else [one for each in labels.values() for one in each])
            for label, group in sorted(labels.items())
        }
        for kind, labels in by_label.items()
    }


def _enough(group: Sequence[Finding]) -> bool:
    right = sum(one.right for one in group)
    return min(right, len(group) - right) >= _ENOUGH


def _scale(group: Sequence[Finding]) -> Scale:
    """Fit one scale, with Platt's smoothed aims: the more right ones there are, the nearer to 1 theirs is."""
    from sklearn.linear_model import LogisticRegression

    odds = np.array([logit(one.raw) for one in group])
    right = np.array([one.right for one in group])
    number = int(right.sum())
    aims = np.where(right, (number + 1) / (number + 2), 1 / (len(group) - number + 2))
    classes, weights = np.repeat([1, 0], len(group)), np.concatenate([aims, 1 - aims])
    fitted = LogisticRegression(C=1e4).fit(np.tile(odds, 2)[:, None], classes, weights)
    return Scale(round(float(fitted.coef_[0, 0]), 6), round(float(fitted.intercept_[0]), 6))


def _scaled(found: Sequence[Finding], scales: Mapping[str, Mapping[str, Scale]]) -> Floats:
    same = Scale()
    return np.array([scales[one.kind].get(one.label, same)(one.raw) for one in found])


def cross_fitted(found: Sequence[Finding], fitted_on: Sequence[Finding]) -> Floats:
    """Return scaled scores of what was found, each by scales that were fitted on other documents than its own."""
    from sklearn.model_selection import GroupKFold

    documents = [one.document for one in found]
    scaled = np.zeros(len(found))
    for _, test in GroupKFold(min(_GROUPS, len(set(documents)))).split(documents, groups=documents):
        own = {documents[i] for i in test}
        scales = fit([one for one in fitted_on if one.document not in own])
        scaled[test] = _scaled([found[i] for i in test], scales)
    return scaled


def report(found: Sequence[Finding], scaled: Floats) -> dict[str, Any]:
    """Return error and bins of each kind, before and after scaling, and the errors by label."""
    kinds = [one.kind for one in found]
    return {kind: _report([i for i, each in enumerate(kinds) if each == kind], found, scaled) for kind in KINDS}


def _report(at: Sequence[int], found: Sequence[Finding], scaled: Floats) -> dict[str, Any]:
    raw, right = np.array([found[i].raw for i in at]), np.array([found[i].right for i in at], dtype=bool)
    after = scaled[list(at)]
    labels = np.array([found[i].label for i in at])
    before_bins, after_bins = bins_of(raw, right), bins_of(after, right)
    return {
        "found": len(at),
        "right": int(right.sum()),
        "before": {"error": expected_error(before_bins), "bins": [_plain(one) for one in before_bins]},
        "after": {"error": expected_error(after_bins), "bins": [_plain(one) for one in after_bins]},
        "by_chance": error_by_chance(after),
        "labels": {
            str(label): {
                "found": int((labels == label).sum()),
                "before": expected_error(bins_of(raw[labels == label], right[labels == label])),
                "after": expected_error(bins_of(after[labels == label], right[labels == label])),
            }
            for label in sorted(set(labels.tolist()))
        },
    }


def _plain(one: Bin) -> dict[str, float]:
    """Return a bin as plain values."""
    return {"count": one.count, "score": one.score, "right": one.right}


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Make a model's scores probabilities.")
    parser.add_argument("runs", type=Path, nargs="+", help="runs that held documents out")
    add_data_options(parser)
    parser.add_argument("--model", type=Path, required=True, help="folder of the model that is calibrated")
    options = parser.parse_args(argv)
    try:
        answers = held_out_answers([Run.read(one) for one in options.runs], load_examples(options.data, options.texts))
    except GovieError as error:
        raise SystemExit(str(error)) from None
    by_way = {way: findings(answers.examples, answers.found[way]) for way in ("auto", "model")}
    write_calibration(by_way, [folder.name for folder in options.runs], options.model)


def write_calibration(by_way: Mapping[Way, Sequence[Finding]], runs: Sequence[str], model: Path) -> None:
    """Write what the module's docstring lists; the scales are fitted on the way ``auto`` and serve both."""
    found = by_way["auto"]
    scales = fit(found)
    reports = {way: report(one, cross_fitted(one, found)) for way, one in by_way.items()}
    (model / "scores").mkdir(parents=True, exist_ok=True)
    _write(model / "calibration.json", calibration_dict(Calibration(**scales)))
    _write(model / "scores" / "calibration.json", {"runs": list(runs), **reports})
    plot(reports["auto"], model / "scores" / "calibration.png")
    write_sums(model)
    for kind, got in reports["auto"].items():
        print(f"{kind:10} {got['found']:6} found, error {got['before']['error']:.4f} → {got['after']['error']:.4f}")


def _write(path: Path, content: object) -> None:
    write_atomically(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
