from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy", reason="the training extra is not installed: no numpy")
pytest.importorskip("torch", reason="the training extra is not installed: no torch")
pytest.importorskip("sklearn", reason="the training extra is not installed: no scikit-learn")

from tagged_sentence import PLAIN, RIGHT, example  # noqa: E402

from govie.errors import OptionError  # noqa: E402
from govie.model.arbiter import ARBITER_FEATURES, TRUSTED, Arbiter, Scores  # noqa: E402
from govie.model.decode import log_softmax  # noqa: E402
from govie.model.features import Input, Place, attribute_features, candidate_pairs, pair_features  # noqa: E402
from govie.model.labels import ATTRIBUTES, LINK_CLASSES, TAGS  # noqa: E402
from govie.model.tagger import Said  # noqa: E402
from govie.tags import SentenceTags  # noqa: E402
from training.arbitrate import Cases, Linking, _write_folds, cases_of, fit, put  # noqa: E402
from training.batches import linking_targets  # noqa: E402
from training.run import Run  # noqa: E402

RULES = ARBITER_FEATURES.index("rules: same")


def undecided(given: Input, mentions: list[Place]) -> Scores:
    """Heads that leave everything open."""
    pairs = candidate_pairs(mentions)
    values = sum(map(len, ATTRIBUTES.values()))
    return Scores(
        pair_features(given, mentions, pairs),
        np.zeros((len(pairs), len(LINK_CLASSES)), np.float32),
        attribute_features(given, mentions),
        np.zeros((len(mentions), values), np.float32),
    )


class Doubtful:
    """Says the first mention of the annotation and a wrong one, and scores nothing."""

    def read(self, given: list[Input]) -> list[Said]:
        logs = log_softmax(np.zeros((len(given[0].plain), len(TAGS)), np.float32))
        return [Said(logs, [("INDICATOR", 0, 3), ("UNIT", 5, 7)]) for _ in given]

    def score(self, given: list[Input], mentions: list[list[Place]]) -> list[Scores]:
        return [undecided(*both) for both in zip(given, mentions, strict=True)]


def run_of(folder: Path, documents: list[str]) -> Run:
    about = {"settings": {"seed": 1}, "held_out": {"how": "documents", "documents": documents}}
    return Run(folder, about)


def told(hints: SentenceTags | None) -> Linking:
    """The annotated sentence in ten documents, of which the rules say this."""
    given = Input(PLAIN, None, hints)
    targets = linking_targets(given, RIGHT)
    return Linking.joined([(f"document {at}", undecided(given, targets.mentions), targets) for at in range(10)])


def cases(count: int, right: Callable[[Any], Any], linking: Linking) -> Cases:
    """Mentions whose features are noise but for whether the rules mark them, half of them."""
    features = np.random.default_rng(1).normal(size=(count, len(ARBITER_FEATURES))).astype(np.float32)
    features[:, 8:] = 0
    features[:, RULES] = np.arange(count) % 2
    documents = np.array([f"document {at % 7}" for at in range(count)])
    return Cases(features, right(features), documents, linking)


@pytest.fixture(scope="module")
def fitted() -> tuple[Cases, dict[str, object]]:
    """The rules are right where they say something, else chance."""
    chance = np.random.default_rng(2).random(1000)
    made = cases(1000, lambda features: (features[:, RULES] > 0) & (chance < 0.9) | (chance < 0.1), told(None))
    return made, fit(made)


def test_who_is_right_is_learnt(fitted: tuple[Cases, dict[str, object]]) -> None:
    made, tensors = fitted
    odds = Arbiter(tensors).log_odds(made.features)
    probable = 1 / (1 + np.exp(-odds))
    marked = made.features[:, RULES] > 0
    assert probable[marked].mean() > 0.6
    assert probable[~marked].mean() < 0.4
    assert ((odds > 0) == marked).mean() > 0.95


def test_the_same_cases_give_the_same_arbiter_whatever_their_unit(fitted: tuple[Cases, dict[str, object]]) -> None:
    made, tensors = fitted
    wide = Cases(made.features * 64, made.right, made.documents, made.linking)
    again = fit(wide)
    assert Arbiter(again).log_odds(wide.features) == pytest.approx(Arbiter(tensors).log_odds(made.features), abs=1e-2)
    assert all(value.dtype == np.float32 for value in again.values())


@pytest.mark.parametrize(("hints", "trust"), [(RIGHT, 8.0), (None, 0.0)])
def test_the_rules_are_trusted_as_far_as_they_are_right(hints: SentenceTags | None, trust: float) -> None:
    made = cases(80, lambda features: features[:, RULES] > 0, told(hints))
    assert fit(made)["arbiter.trust"].tolist() == [trust] * len(TRUSTED)


def test_cases_are_of_the_documents_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "tagger", lambda _: Doubtful())
    found = cases_of(run_of(tmp_path, ["a", "c"]), [example(1, "a"), example(2, "b"), example(3, "c")])
    assert found.documents.tolist() == ["a", "a", "c", "c"]
    assert found.right.tolist() == [True, False] * 2
    assert found.linking.of_mentions.tolist() == ["a"] * 4 + ["c"] * 4
    assert len(found.linking.links) == len(found.linking.scores.pair_scores) == len(found.linking.of_pairs) > 0
    less = found.without(frozenset({"a"}))
    assert (len(less.features), less.documents.tolist()) == (2, ["c", "c"])
    assert len(less.linking.attributes) == len(less.linking.scores.attribute_scores) == 4
    assert len(less.linking.links) == len(less.linking.scores.pair_features) == len(found.linking.links) / 2
    with pytest.raises(OptionError, match="nothing that this run has not seen"):
        cases_of(run_of(tmp_path, ["d"]), [example(1, "a")])


def test_an_arbiter_is_written_with_what_it_was_fitted_on(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"base": "tiny"}), "utf-8")
    put({"arbiter.trust": np.zeros(1, np.float32)}, tmp_path, frozenset("ba"), "dev")
    about = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert about == {"base": "tiny", "arbiter": {"run": "dev", "fitted_on": ["a", "b"]}}
    assert "arbiter.safetensors" in (tmp_path / "SHA256SUMS").read_text("utf-8")


def test_each_fold_holds_out_what_its_arbiter_has_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []

    def remember(some: Cases) -> dict[str, object]:
        seen.append(set(some.documents.tolist()))
        return {"arbiter.trust": np.zeros(1, np.float32)}

    monkeypatch.setattr("training.arbitrate.fit", remember)
    made = cases(28, lambda features: features[:, RULES] > 0, told(RIGHT))
    every = sorted(set(made.documents.tolist()))
    folder = tmp_path / "dev"
    folder.mkdir()
    run = run_of(folder, every)
    _write_folds(run, made, 3, tmp_path / "copy")
    held_out = [sorted(Run.read(tmp_path / f"copy-{number}").held_out) for number in (1, 2, 3)]
    assert sorted(document for some in held_out for document in some) == every
    assert [sorted(set(every) - some) for some in seen] == held_out
