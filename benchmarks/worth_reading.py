"""What the encoder is spared, and what that loses.

    python benchmarks/worth_reading.py --annotations external.jsonl annotations/gold/*.jsonl --texts gov/ seeds

Sentences in which neither the rules find anything nor a numeral or a word of duty stands skip the encoder
(``govie/model/gate.py``). Counted are the annotated sentences that skip it, and the annotation in them.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from govie.model.gate import stretches
from training.examples import Example, load_examples

KINDS = ("sentences", "characters", "facts", "roles", "mentions")


def counted(examples: Iterable[Example]) -> tuple[Counter[str], Counter[str]]:
    """Return how much of each kind there is, and how much of it skips the encoder."""
    whole: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for one in examples:
        gold = one.gold
        sizes = 1, len(one.given.plain), len(gold.readings), len(gold.roles), len(gold.mentions)
        found = dict(zip(KINDS, sizes, strict=True))
        whole.update(found)
        if not stretches(one.given):
            skipped.update(found)
    return whole, skipped


def main(argv: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--annotations", type=Path, nargs="+", required=True, help="annotation, JSONL with texts")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="folders of its documents")
    options = parser.parse_args(argv)
    whole, skipped = counted(load_examples(options.annotations, options.texts))
    print("| of the annotated | all | skip the encoder | share |\n|---|--:|--:|--:|")
    for kind in KINDS:
        share = skipped[kind] / whole[kind] if whole[kind] else 0.0
        print(f"| {kind} | {whole[kind]:,} | {skipped[kind]:,} | {share:.1%} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
