"""The quality floor: ``python -m training.gate [--write]``.

The rules, and the model that comes with govie together with them, are run over the hand-annotated seeds, and no F1 may
lie below the floor that ``training/floors.toml`` records. The shipped model was trained on the seeds too, so what is
measured here says nothing about accuracy: it shows that nothing broke. Accuracy is in the model's card.

The floors belong to the annotation and the model whose digests stand beside them. Where either changes, or to raise the
floors after an improvement, ``--write`` records them anew, but never lower than they were: lowering one is an edit of
``floors.toml`` by hand, for a reviewer to see.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import govie
from govie.errors import GovieError
from govie.model.loading import open_model
from training.examples import load_examples
from training.files import write_atomically
from training.measure import report, tag_examples
from training.tables import read_tables

__all__ = ["FLOORS", "annotation_digest", "check", "floors_toml", "measured"]

FLOORS = Path(__file__).with_name("floors.toml")
ANNOTATIONS = Path(__file__).parents[1] / "annotations"
_SEEDS = Path(__file__).parents[1] / "seeds"
_SLACK = 0.003
"""Below what was measured: int8 products differ a little between processors."""
_ROWS = (
    ("spans", "micro"),
    ("spans", "QUANTITY"),
    ("spans", "UNIT"),
    ("spans", "INDICATOR"),
    ("spans", "ACTION"),
    ("spans", "AGENCY"),
    ("relations", "micro"),
    ("facts", "pair and kind"),
    ("facts", "all attributes"),
)
_MODEL_ROWS = (("roles", "micro"),)  # the rules find a task table's roles in the document, not in its sentences
_HEADER = """\
# Floors of F1 on the hand-annotated seeds, written by `python -m training.gate --write`, which never lowers one.
# A regression floor: the shipped model was trained on these sentences, its accuracy is in its card.
# Each is {slack} below what was measured. The digests say for which annotation and which model.

"""

Scores = dict[str, dict[str, float]]
"""F1 by way (``rules``, ``auto``) and row."""


def annotation_digest(folder: Path = ANNOTATIONS) -> str:
    """Return the SHA-256 that names the gold standard and the external annotation together."""
    content = sha256()
    for path in sorted([*folder.glob("gold/*.jsonl"), *folder.glob("external/*.jsonl")]):
        content.update(f"{path.name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return content.hexdigest()


def measured() -> tuple[Scores, str]:
    """Return the scores on the seeds, and the hash of the model.

    Raises:
        ModelError: no model comes with this checkout, or it is damaged.
    """
    tagger, model = open_model(None, "cpu")
    examples = load_examples(sorted(ANNOTATIONS.glob("gold/*.jsonl")), [_SEEDS])
    found = {}
    for way in ("rules", "auto"):
        got = report(examples, tag_examples(tagger, examples, way))
        rows = (*_ROWS, *_MODEL_ROWS) if way == "auto" else _ROWS
        found[way] = {f"{group} {row}": got[group][row].f1 for group, row in rows}
    return found, model


def check(found: Scores, model: str, floors: Mapping[str, object], annotation: str) -> list[str]:
    """Return what is wrong, in words; nothing if the gate is passed.

    Args:
        found: what was measured.
        model: hash of the model.
        floors: the content of ``floors.toml``.
        annotation: digest of the annotation.
    """
    faults = [
        f"the {what} is not the one that the floors were recorded for; measure anew with --write"
        for what, now, then in (("annotation", annotation, floors["annotation"]), ("model", model, floors["model"]))
        if now != then
    ]
    for way, rows in found.items():
        recorded = floors.get(way)
        assert isinstance(recorded, Mapping)
        for row in rows.keys() | recorded.keys():
            if row not in rows or row not in recorded:
                faults.append(f"{way}, {row}: recorded and measured rows differ")
            elif rows[row] < recorded[row]:
                faults.append(f"{way}, {row}: {rows[row]:.4f} is below the floor of {recorded[row]:.4f}")
    return sorted(faults)


def floors_toml(found: Scores, model: str, before: Mapping[str, object], annotation: str) -> str:
    """Return the content of ``floors.toml`` for what was measured, no floor lower than ``before``."""
    lines = [f'annotation = "{annotation}"', f'model = "{model}"']
    for way, rows in found.items():
        recorded = before.get(way, {})
        assert isinstance(recorded, Mapping)
        lines += ["", f"[{way}]"]
        lines += [f'"{row}" = {max(f1 - _SLACK, recorded.get(row, 0.0)):.4f}' for row, f1 in rows.items()]
    return _HEADER.format(slack=_SLACK) + "\n".join(lines) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Return 0 if the gate is passed, else 1."""
    parser = argparse.ArgumentParser(description="Check that nothing is recognised worse than before.")
    parser.add_argument("--write", action="store_true", help="record the floors for this annotation and model")
    options = parser.parse_args(argv)
    try:
        found, model = measured()
    except GovieError as error:
        print(error, file=sys.stderr)
        return 1
    annotation = annotation_digest()
    if options.write:
        before = read_tables(FLOORS) if FLOORS.is_file() else {}
        write_atomically(FLOORS, floors_toml(found, model, before, annotation))
    faults = check(found, model, read_tables(FLOORS), annotation)
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print(
            f"passed, govie {govie.__version__}: "
            + ", ".join(f"{way} {rows['spans micro']:.4f}" for way, rows in found.items())
        )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
