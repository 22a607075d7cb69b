"""Quantities on the seeds: govie's rules beside jionlp and recognizers-text-suite, in one run.

    python benchmarks/quantities_vs_peers.py --peer-python /path/to/peers/bin/python

The peers run in an interpreter of their own, where `pip install jionlp recognizers-text-suite "emoji<2"` was
done (recognizers-text-suite imports a name that emoji 2 dropped). jionlp's rules find sums of
money and times but no other quantity, so it is compared with govie's sums of money.
recognizers-text-suite finds every number; govie only those that measure something named.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain, zip_longest
from pathlib import Path

from seedtexts import SEEDS

import govie
from govie.records import Extraction

HERE = Path(__file__).parent
PEERS = {"jionlp": "jionlp_money.py", "recognizers": "recognizers_quantities.py"}
ROUNDING = Decimal("1e-9")
MONEY = ("元", "美元", "港元", "欧元", "日元")


@dataclass(frozen=True, slots=True)
class Found:
    """One quantity, offsets relative to its sentence, the number in the base unit if known."""

    start: int
    end: int
    amount: Decimal | None
    money: bool = False

    def overlaps(self, other: Found) -> bool:
        """Whether both share a character."""
        return self.start < other.end and other.start < self.end

    def same_number(self, other: Found) -> bool:
        """Whether the numbers are equal, up to the rounding of a float (1/6)."""
        if self.amount is None or other.amount is None:
            return self.amount is other.amount
        return abs(self.amount - other.amount) <= ROUNDING * abs(self.amount)


@dataclass(frozen=True, slots=True)
class Side:
    """What one system found, sentence by sentence, and how long it took."""

    name: str
    found: list[list[Found]]
    seconds: float

    @property
    def total(self) -> int:
        """How many quantities were found."""
        return sum(map(len, self.found))


def ours() -> tuple[list[str], Side]:
    """Extract the seeds; return the sentences that are not noise, and the quantities in each."""
    documents = [govie.read(path) for path in sorted(SEEDS.glob("*.txt"))]
    extractor = govie.load(mode="rules")
    began = time.process_time()
    results = [extractor(document) for document in documents]
    seconds = time.process_time() - began
    texts, found = [], []
    for document, result in zip(documents, results, strict=True):
        quantities = _quantities(result)
        for sentence in document.sentences:
            if not sentence.noise:
                texts.append(document.text[sentence.start : sentence.end])
                inside = [each for each in quantities if sentence.start <= each.start < sentence.end]
                found.append([_shifted(each, sentence.start) for each in inside])
    return texts, Side("govie", found, seconds)


def _quantities(result: Extraction) -> list[Found]:
    """One stretch a QUANTITY, up to the end of its unit where the two touch."""
    stretches = {}
    for fact in result.facts:
        quantity = result.spans[fact.quantity]
        unit = None if fact.unit is None else result.spans[fact.unit]
        end = unit.end if unit and unit.start == quantity.end else quantity.end
        stretches[quantity.start] = Found(quantity.start, end, fact.amount, fact.base_unit in MONEY)
    return list(stretches.values())


def _shifted(each: Found, by: int) -> Found:
    return Found(each.start - by, each.end - by, each.amount, each.money)


def theirs(name: str, python: str, sentences: list[str]) -> Side:
    """Run one peer over the sentences in its own interpreter."""
    command = [python, str(HERE / "peers" / PEERS[name])]
    done = subprocess.run(command, input=json.dumps(sentences), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    found = [[Found(start, end, _decimal(value)) for start, end, value in each] for each in answer["found"]]
    return Side(f"{name} {answer['version']}", found, answer["seconds"])


def _decimal(value: str | None) -> Decimal | None:
    try:
        return None if value is None else Decimal(value)
    except InvalidOperation:
        return None


MEETINGS = (
    "same stretch",
    "same stretch, another number",
    "another stretch, same number",
    "another stretch and number",
    "only govie",
    "only the other",
)

# Where only the unit is left out, the table is enough.
DIFFERENCES = tuple(way for way in MEETINGS if not way.endswith("same number") and way != "same stretch")


def meetings(ours: list[Found], theirs: list[Found]) -> Iterator[str]:
    """Say of every quantity in a sentence how the two systems meet in it; see :data:`MEETINGS`."""
    for each in ours:
        near = [other for other in theirs if each.overlaps(other)]
        twin = next((other for other in near if (other.start, other.end) == (each.start, each.end)), None)
        same_number = any(each.same_number(other) for other in ([twin] if twin else near))
        if twin:
            yield MEETINGS[0] if same_number else MEETINGS[1]
        elif near:
            yield MEETINGS[2] if same_number else MEETINGS[3]
        else:
            yield MEETINGS[4]
    for other in theirs:
        if not any(other.overlaps(each) for each in ours):
            yield MEETINGS[5]


def differing(ways: dict[str, list[set[str]]], wanted: int, seed: int) -> dict[int, str]:
    """Choose sentences in which the systems differ, each way to differ in turn while it lasts.

    Args:
        ways: for each peer, how govie and the peer meet in each sentence.
        wanted: how many sentences to choose in all.
        seed: of the choice.

    Returns:
        The way to differ that each chosen sentence stands for.
    """
    source = random.Random(seed)
    pools = {}
    for peer, sentences in ways.items():
        for way in DIFFERENCES:
            pool = [i for i, here in enumerate(sentences) if way in here]
            pools[f"{way} ({peer})"] = source.sample(pool, len(pool))
    chosen: dict[int, str] = {}
    for row in zip_longest(*pools.values()):
        for way, place in zip(pools, row, strict=True):
            if place is not None and len(chosen) < wanted:
                chosen.setdefault(place, way)
    return chosen


def marked(sentence: str, found: list[Found]) -> str:
    """Return the sentence with every quantity in 【】."""
    pieces, at = [], 0
    for each in sorted(found, key=lambda each: each.start):
        pieces += [sentence[at : each.start], "【", sentence[each.start : each.end], "】"]
        at = each.end
    return "".join([*pieces, sentence[at:]]).strip().replace("\n", " ")


def page(sentences: list[str], sides: list[Side], wanted: int, seed: int) -> str:
    """Return the comparison as a Markdown page."""
    mine, jionlp, recognizers = sides
    money = [[each for each in found if each.money] for found in mine.found]
    met = {
        f"{jionlp.name}, sums of money": [list(meetings(*pair)) for pair in zip(money, jionlp.found, strict=True)],
        recognizers.name: [list(meetings(*pair)) for pair in zip(mine.found, recognizers.found, strict=True)],
    }
    totals = {peer: Counter(chain.from_iterable(found)) for peer, found in met.items()}
    chosen = differing({peer: [set(here) for here in found] for peer, found in met.items()}, wanted, seed)
    lines = [
        "# Quantities on the seeds, side by side",
        "",
        (__doc__ or "").split("\n\n")[-1].strip(),
        "",
        f"{len(sentences)} sentences, {sum(map(len, sentences))} characters; without page furniture and spam.",
        "govie's time is for everything it does (spans, relations, facts), the peers' for quantities alone.",
        "",
        "| system | quantities | seconds |",
        "|---|---|---|",
        *(f"| {side.name} | {side.total} | {side.seconds:.2f} |" for side in sides),
        "",
        f"| govie and | {' | '.join(MEETINGS)} |",
        "|---" * (len(MEETINGS) + 1) + "|",
        *(f"| {peer} | {' | '.join(str(total[way]) for way in MEETINGS)} |" for peer, total in totals.items()),
        "",
        f"## {len(chosen)} sentences in which they differ (random seed {seed})",
    ]
    for place, way in sorted(chosen.items(), key=lambda item: (item[1], item[0])):
        lines += ["", f"{way}:", *(f"- {side.name}: {marked(sentences[place], side.found[place])}" for side in sides)]
    return "\n".join([*lines, ""])


def main(argv: list[str] | None = None) -> int:
    """Compare, write the page, print its tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--peer-python", default=sys.executable, help="interpreter in which the peers are installed")
    parser.add_argument("--sentences", type=int, default=30, help="how many differing sentences to show")
    parser.add_argument("--seed", type=int, default=0, help="of their choice")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "quantities_vs_peers.md")
    options = parser.parse_args(argv)
    sentences, mine = ours()
    try:
        sides = [mine, *(theirs(name, options.peer_python, sentences) for name in PEERS)]
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(error.cmd)} failed:\n{error.stderr}", file=sys.stderr)
        return 1
    written = page(sentences, sides, options.sentences, options.seed)
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_text(written, "utf-8")
    print(written.split("\n## ", maxsplit=1)[0])
    print(f"wrote {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
