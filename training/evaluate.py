"""Measure runs on the documents they held out: ``python -m training.evaluate RUN... --data FILE... --out SCORES.json``.

Several runs are taken together: folds, each of which held out other documents, and the same folds with other seeds.
Rules, model and both together are asked about the same sentences. ``SCORES.json`` gets all scores
(:func:`training.ways.scores`), headlines by province, document and seed, and how many mistakes of each kind both
together make; ``SCORES.md`` the same as tables. ``--mistakes`` writes the mistakes out; only those in documents that
the rules' authors may read are quoted, the others are counted.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.mistakes import Mistake, find_mistakes, listing
from govie.errors import GovieError, OptionError
from govie.scoring import ScoredSentence
from training.examples import Example, load_examples
from training.files import write_atomically
from training.markdown import markdown_table
from training.measure import RELATIONS
from training.run import Run, add_data_options
from training.splits import Splits
from training.ways import HEADLINES, WAYS, Answers, answer, headlines, pool, scores

__all__ = ["held_out_answers", "mistake_table", "part_table", "score_table"]

_FEW = 12
"""Up to so many documents, each gets its own line."""
_KINDS = 40
_GROUPS = ("spans", "relations", "facts", "attributes of right pairs", "roles")
_GIVEN_GROUPS = ("relations", "facts", "attributes of right pairs")


def held_out_answers(runs: Sequence[Run], examples: Sequence[Example]) -> Answers:
    """Ask each run about the documents that it held out.

    Args:
        runs: those of one seed must have held out different documents.
        examples: of all documents.

    Raises:
        OptionError: a run held nothing out, or nothing of what it held out is among the examples.
    """
    parts = []
    for run in runs:
        test = [one for one in examples if one.document in run.held_out]
        if not test:
            raise OptionError("the data hold nothing that this run has not seen", where=str(run.folder))
        parts.append((f"seed {run.seed}", answer(run.tagger(), test)))
    return pool(parts)


def evaluate(runs: Sequence[Run], answers: Answers, resamples: int) -> dict[str, Any]:
    """Return everything that ``scores.json`` holds."""
    splits = Splits()
    documents = {one.document for one in answers.examples}
    parts = {"province": _parts(answers, lambda one: splits.province(one.document))}
    if len(documents) <= _FEW:
        parts["document"] = _parts(answers, lambda one: one.document)
    if len({run.seed for run in runs}) > 1:
        parts["seed"] = _parts(answers, lambda one: one.key.partition(":")[0])
    return {
        "runs": [
            {
                "run": run.folder.name,
                "seed": run.seed,
                "held_out": run.about["held_out"]["how"],
                "git": run.about["git"],
            }
            for run in runs
        ],
        **scores(answers, resamples),
        "parts": parts,
        "mistakes": _by_kind(mistakes(answers)),
    }


def _parts(answers: Answers, name: Callable[[Example], str]) -> dict[str, Any]:
    """Return headlines for each group of sentences."""
    chosen: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(answers.examples):
        chosen[name(one)].append(at)
    return {group: _part(answers, chosen[group]) for group in sorted(chosen)}


def _part(answers: Answers, at: Sequence[int]) -> dict[str, Any]:
    part = Answers([answers.examples[i] for i in at], {w: [answers.found[w][i] for i in at] for w in WAYS}, {})
    documents = len({one.document for one in part.examples})
    return {"sentences": len(at), "documents": documents, **{way: headlines(part, way) for way in WAYS}}


def mistakes(answers: Answers) -> list[Mistake]:
    """Return what rules and model together get wrong, each with the sentence's key."""
    found: list[Mistake] = []
    for one, tags in zip(answers.examples, answers.found["auto"], strict=True):
        gold, said = (_compared(ScoredSentence.from_tags(one.key, one.document, each)) for each in (one.gold, tags))
        found += find_mistakes(gold, said, one.given.plain)
    return found


def _compared(sentence: ScoredSentence) -> ScoredSentence:
    return replace(sentence, relations=frozenset(one for one in sentence.relations if one.label in RELATIONS))


def _by_kind(found: Sequence[Mistake]) -> dict[str, int]:
    counts = Counter(one.kind for one in found)
    return dict(sorted(counts.items(), key=lambda row: (-row[1], row[0])))


def score_table(found: Mapping[str, Any]) -> str:
    """Return the scores as a table: F1 with its interval, rules, model and both side by side."""
    rows = [
        (f"{group}: {row}", counts["gold"], *(_cell(found["ways"][way][group].get(row)) for way in WAYS))
        for group in _GROUPS
        for row, counts in found["ways"]["auto"][group].items()
    ]
    given = found["given_spans"]
    rows += [
        (f"{group}, spans given: {row}", counts["gold"], "", *(_cell(given[way][group].get(row)) for way in WAYS[1:]))
        for group in _GIVEN_GROUPS
        for row, counts in given["auto"][group].items()
    ]
    return markdown_table(("F1", "gold", *WAYS), rows)


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "—"
    interval = row.get("f1_interval")
    return f"{row['f1']:.3f}" + (f" ({interval[0]:.3f}–{interval[1]:.3f})" if interval else "")


def part_table(parts: Mapping[str, Any], name: str) -> str:
    """Return the headlines of parts, a line for each."""
    rows = [
        (part, got["sentences"], *(f"{got[way][f'{group} {row}']:.3f}" for group, row in HEADLINES for way in WAYS))
        for part, got in parts.items()
    ]
    heads = (f"{group}, {row}: {way}" for group, row in HEADLINES for way in WAYS)
    return markdown_table((name, "sentences", *heads), rows)


def mistake_table(counts: Mapping[str, int]) -> str:
    """Return the most frequent kinds of mistakes."""
    return markdown_table(("kind", "count"), list(counts.items())[:_KINDS])


def to_markdown(found: Mapping[str, Any]) -> str:
    """Return the page of tables."""
    held = "; ".join(sorted({run["held_out"] for run in found["runs"]}))
    lines = [
        f"{found['sentences']} sentences of {found['documents']} documents that the model has not seen"
        f" ({len(found['runs'])} runs; held out: {held}); in brackets 95 % bootstrap intervals over documents.",
        score_table(found),
    ]
    for name, parts in found["parts"].items():
        lines += [f"## By {name}", part_table(parts, name)]
    lines += ["## Mistakes of both together, the most frequent kinds", mistake_table(found["mistakes"])]
    return "\n\n".join(lines) + "\n"


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Measure runs on the documents they held out.")
    parser.add_argument("runs", type=Path, nargs="+", help="folders of runs")
    add_data_options(parser)
    parser.add_argument("--resamples", type=int, default=1000, help="bootstrap samples of documents")
    parser.add_argument("--out", type=Path, required=True, metavar="SCORES.json")
    parser.add_argument("--mistakes", type=Path, metavar="FILE.md", help="write the mistakes, grouped by kind")
    options = parser.parse_args(argv)
    try:
        runs = [Run.read(folder) for folder in options.runs]
        answers = held_out_answers(runs, load_examples(options.data, options.texts))
        found = evaluate(runs, answers, options.resamples)
    except GovieError as error:
        raise SystemExit(str(error)) from None
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(options.out, json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    write_atomically(options.out.with_suffix(".md"), to_markdown(found))
    if options.mistakes:
        write_atomically(options.mistakes, _mistakes_page(answers))
    print(to_markdown(found), end="")


def _mistakes_page(answers: Answers) -> str:
    closed = Splits().set_aside()
    document = {one.key: one.document for one in answers.examples}
    found = mistakes(answers)
    readable = [one for one in found if document[one.key] not in closed]
    table = markdown_table(("kind", "count"), list(_by_kind(found).items()))
    return f"# Mistakes by kind\n\n{table}\n\n# Those in documents open to reading\n{listing(readable)}\n"


if __name__ == "__main__":
    main()
