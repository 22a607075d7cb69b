"""Fit who is right where encoder and rules differ.

Run as ``python -m training.arbitrate RUN --data FILE... --into FOLDER...``.

The classifier of :mod:`govie.model.arbiter` is fitted on the documents that RUN held out: neither its encoder nor, with
``--part dev``, the rules have seen them. ``--folds K --out NAME`` also writes copies NAME-1 … NAME-K of the run, each
with an arbiter fitted without a K-th of those documents, held out by the copy: ``training.evaluate`` and
``training.calibrate`` over the copies measure both together without having seen anything.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from govie.errors import GovieError, OptionError
from govie.model.arbiter import ARBITER_FEATURES, ARBITER_TENSORS, TRUSTED, Scores, candidates, lean
from govie.model.arrays import Floats
from govie.model.decode import log_softmax
from govie.model.features import places
from govie.model.labels import ATTRIBUTES
from govie.model.store import write_sums
from govie.model.tagger import ModelTagger
from training.batches import IGNORED, LinkingTargets, linking_targets
from training.examples import Example, load_examples
from training.files import write_atomically
from training.run import Run, add_data_options

__all__ = ["Cases", "cases_of", "collect", "fit", "fold_of"]

log = logging.getLogger("govie.training")

_MEMBERS = 24
_HIDDEN = 24
_DECAY = 0.02
_SCALES = (0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_WEIGHTS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)


@dataclass(frozen=True)
class Linking:
    """Heads' scores of annotated mentions, and the rules' wrong ones, of all sentences together.

    Attributes:
        scores: of all pairs and all mentions.
        links: gold class of each pair.
        attributes: gold values of each mention, shape (mentions, attributes).
        of_pairs, of_mentions: which document each is from.
    """

    scores: Scores
    links: npt.NDArray[np.int64]
    attributes: npt.NDArray[np.int64]
    of_pairs: npt.NDArray[np.str_]
    of_mentions: npt.NDArray[np.str_]

    @classmethod
    def joined(cls, parts: Sequence[tuple[str, Scores, LinkingTargets]]) -> Linking:
        """Put sentences together: document, scores, gold."""
        documents, scores, targets = zip(*parts, strict=True)
        return cls(
            Scores(*(np.concatenate([getattr(one, field.name) for one in scores]) for field in fields(Scores))),
            np.concatenate([np.array(one.links, dtype=np.int64) for one in targets]),
            np.concatenate([np.array(one.attributes, dtype=np.int64).reshape(-1, len(ATTRIBUTES)) for one in targets]),
            np.repeat(documents, [len(one.links) for one in targets]),
            np.repeat(documents, [len(one.attributes) for one in targets]),
        )

    def without(self, documents: frozenset[str]) -> Linking:
        """Leave out documents."""
        pairs, mentions = (~np.isin(one, sorted(documents)) for one in (self.of_pairs, self.of_mentions))
        kept = Scores(
            self.scores.pair_features[pairs],
            self.scores.pair_scores[pairs],
            self.scores.attribute_features[mentions],
            self.scores.attribute_scores[mentions],
        )
        return Linking(
            kept, self.links[pairs], self.attributes[mentions], self.of_pairs[pairs], self.of_mentions[mentions]
        )


@dataclass(frozen=True)
class Cases:
    """Mentions of encoder or rules on sentences that neither has seen.

    Attributes:
        features: shape (mentions, features).
        right: whether each was annotated.
        documents: which document each is from.
        linking: what the heads say of annotated mentions.
    """

    features: Floats
    right: npt.NDArray[np.bool_]
    documents: npt.NDArray[np.str_]
    linking: Linking

    def without(self, documents: frozenset[str]) -> Cases:
        """Leave out documents."""
        kept = ~np.isin(self.documents, sorted(documents))
        return Cases(self.features[kept], self.right[kept], self.documents[kept], self.linking.without(documents))


def cases_of(run: Run, examples: Sequence[Example]) -> Cases:
    """Ask the run about the documents that it held out.

    Raises:
        OptionError: there are none among the examples, or nothing is annotated in them.
    """
    test = [one for one in examples if one.document in run.held_out]
    if not test:
        raise OptionError("the data hold nothing that this run has not seen", where=str(run.folder))
    return collect(run.tagger(), test)


def collect(tagger: ModelTagger, test: Sequence[Example]) -> Cases:
    """Ask a tagger about sentences that it has not seen.

    Raises:
        OptionError: nothing is annotated in them.
    """
    features, right, documents = [np.zeros((0, len(ARBITER_FEATURES)), np.float32)], [], []
    given = [one.given for one in test]
    for example, said in zip(test, tagger.read(given), strict=True):
        hints = example.given.hints
        found, rows = candidates(said.logs, said.mentions, places(hints.mentions) if hints else [])
        gold = set(places(example.gold.mentions))
        features.append(rows)
        right += [place in gold for place in found]
        documents += [example.document] * len(found)
    targets = [linking_targets(one.given, one.gold) for one in test]
    scored = tagger.score(given, [one.mentions for one in targets])
    parts = [(one.document, *both) for one, *both in zip(test, scored, targets, strict=True) if both[0] is not None]
    if not parts:
        raise OptionError("nothing is annotated in what the tagger has not seen")
    linking = Linking.joined(parts)
    return Cases(np.concatenate(features), np.array(right, dtype=bool), np.array(documents), linking)


def fit(cases: Cases) -> dict[str, Floats]:
    """Fit a few small networks from different random weights; their mean is one network, as wide as all together.

    Returns:
        The tensors of :data:`govie.model.arbiter.ARBITER_TENSORS`.
    """
    scaler = StandardScaler().fit(cases.features)
    members = [
        MLPClassifier((_HIDDEN,), alpha=_DECAY, max_iter=60, early_stopping=True, random_state=seed).fit(
            scaler.transform(cases.features), cases.right
        )
        for seed in range(_MEMBERS)
    ]
    hidden = np.concatenate([one.coefs_[0].T for one in members]) / scaler.scale_
    bias = np.concatenate([one.intercepts_[0] for one in members]) - hidden @ scaler.mean_
    out = np.concatenate([one.coefs_[1][:, 0] for one in members]) / _MEMBERS
    out_bias = np.mean([one.intercepts_[1] for one in members])
    tensors = (hidden, bias, out, np.array(out_bias), *_trust(cases.linking))
    # safetensors writes an array's memory as it lies, so a transposed one would come back as another.
    return {n: np.ascontiguousarray(one, dtype=np.float32) for n, one in zip(ARBITER_TENSORS, tensors, strict=True)}


def _trust(linking: Linking) -> tuple[Floats, Floats]:
    """Choose for each of TRUSTED the scale and the log odds under which the gold values are most probable."""
    scale, trust = np.ones(len(TRUSTED), dtype=np.float32), np.zeros(len(TRUSTED), dtype=np.float32)
    for at in range(len(TRUSTED)):
        tried = {}
        for scale[at], trust[at] in product(_SCALES, _WEIGHTS):
            tried[float(scale[at]), float(trust[at])] = _loss(linking, lean(linking.scores, scale, trust), at)
        scale[at], trust[at] = min(tried, key=lambda pair: tried[pair])
    chosen = (f"{name} {by:g} {to:g}" for name, by, to in zip(TRUSTED, scale, trust, strict=True))
    log.info("scale and trust: %s", ", ".join(chosen))
    return scale, trust


def _loss(linking: Linking, scores: Scores, trusted: int) -> float:
    """Return the negative log likelihood of the gold values of one of TRUSTED."""
    if not trusted:
        return _negative(scores.pair_scores, linking.links)
    sizes = [len(values) for values in ATTRIBUTES.values()]
    first = sum(sizes[: trusted - 1])
    gold = linking.attributes[:, trusted - 1]
    known = gold != IGNORED
    return _negative(scores.attribute_scores[known, first : first + sizes[trusted - 1]], gold[known])


def _negative(scores: Floats, gold: npt.NDArray[np.int64]) -> float:
    return float(-log_softmax(scores)[np.arange(len(gold)), gold].sum()) if len(gold) else 0.0


def put(tensors: dict[str, Floats], folder: Path, fitted_on: frozenset[str], source: str) -> None:
    """Write an arbiter into a run's or a model's folder, and what it was fitted on into its run.json."""
    save_file(tensors, folder / "arbiter.safetensors")
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    about["arbiter"] = {"run": source, "fitted_on": sorted(fitted_on)}
    write_atomically(folder / "run.json", json.dumps(about, ensure_ascii=False, indent=1) + "\n")
    write_sums(folder)


def _write_folds(run: Run, cases: Cases, count: int, name: Path) -> None:
    """Write the copies, each with its own documents held out."""
    for number in range(1, count + 1):
        mine = frozenset(one for one in run.held_out if fold_of(one, count) == number)
        folder = name.with_name(f"{name.name}-{number}")
        shutil.copytree(run.folder, folder, dirs_exist_ok=True)
        held_out = {**run.about["held_out"], "documents": sorted(mine)}
        about = {**run.about, "held_out": held_out}
        write_atomically(folder / "run.json", json.dumps(about, ensure_ascii=False, indent=1) + "\n")
        put(fit(cases.without(mine)), folder, run.held_out - mine, run.folder.name)
        log.info("%s: an arbiter of the other folds' documents, %d documents held out", folder, len(mine))


def fold_of(document: str, count: int) -> int:
    """Return which of so many folds, from 1, a document belongs to."""
    return int(sha256(f"fold {document}".encode()).hexdigest(), 16) % count + 1


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Fit who is right where encoder and rules differ.")
    parser.add_argument("run", type=Path, help="a run that held documents out")
    add_data_options(parser)
    parser.add_argument("--into", type=Path, nargs="*", default=[], help="runs or models that get the arbiter")
    parser.add_argument("--folds", type=int, default=0, help="how many copies of the run to write")
    parser.add_argument("--out", type=Path, help="beginning of the copies' names")
    options = parser.parse_args(argv)
    if bool(options.folds) != bool(options.out):
        parser.error("--folds and --out go together")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        run = Run.read(options.run)
        cases = cases_of(run, load_examples(options.data, options.texts))
        log.info("%d mentions, %d of them right", len(cases.right), int(cases.right.sum()))
        tensors = fit(cases)
        for folder in options.into:
            put(tensors, folder, run.held_out, run.folder.name)
        if options.folds:
            _write_folds(run, cases, options.folds, options.out)
    except GovieError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
