"""Try what could make the tagger better: ``python -m training.ablate PLAN --base BASE --data FILE... --out FOLDER``.

A plan is a TOML file: ``config`` names the configuration that every trial starts from (beside the plan), ``common``
overrides ``settings.key=value`` for all, ``[trials]`` overrides by name, ``baseline`` the trial that the others are
compared with, ``silver`` those that train on ``--silver`` too, ``[ensembles]`` trials whose opinions are averaged.

Each trial is trained and measured on what ``--part`` and its like hold out: the model alone, and with the rules, their
arbiter fitted on other folds of these documents. FOLDER gets a run a trial; those that are finished are skipped. At
the end ``FOLDER/trials.json`` says what each gains over the baseline, with 95 % intervals of a bootstrap over documents
in which both are measured on the same draw.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from govie.errors import GovieError, OptionError
from govie.model.arbiter import Arbiter
from govie.model.tagger import ModelTagger
from govie.scoring.counts import Counts
from govie.scoring.report import document_tallies
from govie.tags import SentenceTags
from training.arbitrate import collect, fit, fold_of
from training.ensemble import ensemble_tagger
from training.examples import Example
from training.files import write_atomically
from training.gains import COMPARED_ROWS, COMPARED_WAYS, summary, table
from training.measure import RELATIONS, scored, tag_examples
from training.run import Data, Run, add_training_options, from_base, load_settings, read_data, train_run
from training.tables import read_tables

__all__ = ["Ablations", "measure_trial"]

log = logging.getLogger("govie.training")

_FOLDS = 3
_RESULT = "trial.json"


@dataclass(frozen=True)
class Ablations:
    """What to try; see the module's docstring."""

    config: Path
    common: Sequence[str]
    baseline: str
    trials: Mapping[str, Sequence[str]]
    silver: Sequence[str]
    ensembles: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, path: Path) -> Ablations:
        """Read a plan's TOML file; ``config`` is relative to it."""
        values = read_tables(path)
        optional = (values.get("silver", []), values.get("ensembles", {}))
        config = path.parent / values["config"]
        return cls(config, values.get("common", []), values["baseline"], values["trials"], *optional)


def train_trial(plan: Ablations, name: str, base: str, data: Data, out: Path) -> None:
    """Train one trial into its folder under ``out``."""
    settings = load_settings(plan.config, [*plan.common, *plan.trials[name]])
    own = data if name in plan.silver else Data(data.examples, data.files, data.held_out)
    train_run(from_base(base, settings), settings, own, out / name, resamples=None)


def measure_trial(make: Callable[[Arbiter | None], ModelTagger], test: Sequence[Example]) -> dict[str, Any]:
    """Return the counts of the model alone, and of the model with the rules.

    Args:
        make: gives the tagger with an arbiter, or without.
        test: sentences that it has not seen.
    """
    tagger = make(None)
    found = {"model": tag_examples(tagger, test, "model"), "auto": [SentenceTags()] * len(test)}
    cases = collect(tagger, test)
    for fold in range(1, _FOLDS + 1):
        mine = [at for at, one in enumerate(test) if fold_of(one.document, _FOLDS) == fold]
        arbiter = Arbiter(fit(cases.without(frozenset(test[at].document for at in mine))))
        tagged = tag_examples(make(arbiter), [test[at] for at in mine], "auto")
        for at, tags in zip(mine, tagged, strict=True):
            found["auto"][at] = tags
    return {way: _counts(test, found[way]) for way in COMPARED_WAYS}


def _counts(test: Sequence[Example], found: Sequence[SentenceTags]) -> dict[str, dict[str, list[int]]]:
    both = zip(scored(test, [one.gold for one in test]), scored(test, found), strict=True)
    tallies = document_tallies(both, RELATIONS)
    return {
        row: {name: list(astuple(tallied.get(place, Counts()))) for name, tallied in tallies.items()}
        for row, place in COMPARED_ROWS.items()
    }


def run_trials(plan: Ablations, names: Sequence[str], base: str, data: Data, out: Path) -> None:
    """Train and measure what is not finished yet.

    Raises:
        OptionError: too few documents are held out to fit an arbiter on some and measure it on others.
    """
    test = [one for one in data.examples if one.document in data.held_out.documents]
    if len({fold_of(one.document, _FOLDS) for one in test}) < 2:
        raise OptionError("the documents held out are too few", hint="Hold out ten or more, with --part dev.")
    for name in [one for one in names if not (out / one / _RESULT).exists()]:
        log.info("# %s", name)
        members = plan.ensembles.get(name, [name])
        for member in members:
            if not (out / member / "run.json").exists():
                train_trial(plan, member, base, data, out)
        runs = [Run.read(out / member) for member in members]
        counts = measure_trial(partial(ensemble_tagger, runs), test)
        seconds = 0 if name in plan.ensembles else runs[0].about["seconds"]
        (out / name).mkdir(parents=True, exist_ok=True)
        write_atomically(out / name / _RESULT, json.dumps({"seconds": seconds, "counts": counts}) + "\n")


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Try what could make the tagger better.")
    parser.add_argument("plan", type=Path, help="TOML, such as training/configs/trials-finetune.toml")
    parser.add_argument("--base", required=True, help="folder of an encoder, or its id on the model hub")
    add_training_options(parser)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these trials and the baseline alone")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        plan = Ablations.read(options.plan)
        data = read_data(options)
        names = dict.fromkeys([plan.baseline, *options.only] if options.only else [*plan.trials, *plan.ensembles])
        run_trials(plan, list(names), options.base, data, options.out)
    except GovieError as error:
        raise SystemExit(str(error)) from None
    done = [name for name in (*plan.trials, *plan.ensembles) if (options.out / name / _RESULT).exists()]
    results = {name: json.loads((options.out / name / _RESULT).read_text(encoding="utf-8")) for name in done}
    found = summary(results, plan.baseline)
    write_atomically(options.out / "trials.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    print(table(found))


if __name__ == "__main__":
    main()
