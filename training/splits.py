"""Which documents a run leaves out: those named, a fold of the seeds, regions, or those set aside from the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govie.errors import OptionError
from training.examples import Example
from training.tables import read_tables

__all__ = ["SPLITS", "Splits", "divide"]

SPLITS = Path(__file__).parents[1] / "annotations" / "splits.toml"
_PROVINCE_OF_SEEDS = "辽宁省"  # seeds/README.md: 沈阳 and 大连


@dataclass(frozen=True)
class _Document:
    name: str
    region: str
    province: str
    sentences: int
    held_out_for_rules: bool


class Splits:
    """The splits that ``annotations/splits.toml`` writes down.

    Args:
        path: the file.
    """

    def __init__(self, path: Path = SPLITS) -> None:
        values = read_tables(path)
        self._folds = {int(fold["number"]): str(fold["test"]) for fold in values["fold"]}
        self._documents = [_document(region, row) for region in values["region"] for row in region["documents"]]
        seeds = (_Document(name, _PROVINCE_OF_SEEDS, _PROVINCE_OF_SEEDS, 0, False) for name in self._folds.values())
        self._documents += seeds

    def fold(self, number: int) -> frozenset[str]:
        """Return the seed that a fold tests on.

        Raises:
            OptionError: there is no such fold.
        """
        if number not in self._folds:
            raise OptionError(f"there is no fold {number}", hint=f"Choose one of {_listed(self._folds)}.")
        return frozenset({self._folds[number]})

    def regions(self, names: Collection[str]) -> frozenset[str]:
        """Return the documents of regions or whole provinces; the seeds are documents of 辽宁省.

        Raises:
            OptionError: a name is neither a region nor a province.
        """
        known = {name for one in self._documents for name in (one.region, one.province)}
        if strange := set(names) - known:
            raise OptionError(f"no region: {', '.join(sorted(strange))}", hint=f"Choose among {_listed(known)}.")
        return frozenset(one.name for one in self._documents if {one.region, one.province} & set(names))

    def province_group(self, number: int, of: int) -> frozenset[str]:
        """Return the documents of one of ``of`` groups of provinces, each province whole, of like numbers of sentences.

        Raises:
            OptionError: ``number`` is not between 1 and ``of``.
        """
        if not 1 <= number <= of:
            raise OptionError(f"there is no group {number} of {of}")
        sizes: Counter[str] = Counter()
        for one in self._documents:
            sizes[one.province] += one.sentences
        groups: list[list[str]] = [[] for _ in range(of)]
        for name in sorted(sizes, key=lambda province: (-sizes[province], province)):
            min(groups, key=lambda group: sum(sizes[each] for each in group)).append(name)
        return self.regions(groups[number - 1])

    def set_aside(self) -> frozenset[str]:
        """Return the documents that were never read while the rules were written."""
        return frozenset(one.name for one in self._documents if one.held_out_for_rules)

    def province(self, document: str) -> str:
        """Return the province of a document; ``elsewhere`` if the splits do not know it."""
        return next((one.province for one in self._documents if one.name == document), "elsewhere")


def _document(region: dict[str, Any], row: dict[str, Any]) -> _Document:
    return _Document(row["file"], region["name"], region["province"], row["sentences"], row["held_out_for_rules"])


def _listed(names: Iterable[object]) -> str:
    return ", ".join(sorted(map(str, names)))


def divide(examples: Sequence[Example], held_out: Collection[str]) -> tuple[list[Example], list[Example]]:
    """Part examples into those to train on and those to test on.

    A sentence that stands word for word in a held-out document too is in neither.

    Args:
        examples: all there are.
        held_out: names of documents.

    Raises:
        OptionError: nothing is left to train on, or nothing of the held-out documents is among the examples.
    """
    test = [one for one in examples if one.document in held_out]
    seen = {one.given.plain for one in test if one.gold.mentions}
    train = [one for one in examples if one.document not in held_out and one.given.plain not in seen]
    if held_out and not test:
        raise OptionError("the data hold nothing of the documents to be held out", hint="Check --data and the split.")
    if not train:
        raise OptionError("nothing is left to train on", hint="Give more with --data, or hold out less.")
    return train, test
