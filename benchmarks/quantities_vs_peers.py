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
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from seedtexts import SEEDS

import govie
from govie.records import Extraction

HERE = Path(__file__).parent
PEERS = {"jionlp": "jionlp_money.py", "recognizers": "recognizers_quantities.py"}
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
    began = time.perf_counter()
    results = [extractor(document) for document in documents]
    seconds = time.perf_counter() - began
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


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two systems' quantities meet."""

    same: int
    same_number: int
    overlapping: int
    only_first: int
    only_second: int


def agreement(first: list[list[Found]], second: list[list[Found]]) -> Agreement:
    """Compare two systems over the same sentences."""
    same = numbers = overlapping = only_first = only_second = 0
    for ours, theirs in zip(first, second, strict=True):
        for each in ours:
            twin = next((other for other in theirs if (other.start, other.end) == (each.start, each.end)), None)
            same += twin is not None
            numbers += twin is not None and twin.amount == each.amount
            near = any(each.overlaps(other) for other in theirs)
            overlapping += near and twin is None
            only_first += not near
        only_second += sum(not any(other.overlaps(each) for each in ours) for other in theirs)
    return Agreement(same, numbers, overlapping, only_first, only_second)


def agreement_line(name: str, met: Agreement) -> str:
    """Return one row of the agreement table."""
    return f"| {name} | {met.same} | {met.same_number} | {met.overlapping} | {met.only_first} | {met.only_second} |"


def marked(sentence: str, found: list[Found]) -> str:
    """Return the sentence with every quantity in 【】."""
    pieces, at = [], 0
    for each in sorted(found, key=lambda each: each.start):
        pieces += [sentence[at : each.start], "【", sentence[each.start : each.end], "】"]
        at = each.end
    return "".join([*pieces, sentence[at:]]).strip().replace("\n", " ")


def differing(pairs: list[tuple[list[list[Found]], list[list[Found]]]], wanted: int, seed: int) -> list[int]:
    """Choose sentences in which the two systems of a pair mark different stretches."""
    places = [
        i
        for i in range(len(pairs[0][0]))
        if any(_stretches(first[i]) != _stretches(second[i]) for first, second in pairs)
    ]
    return sorted(random.Random(seed).sample(places, min(wanted, len(places))))


def _stretches(found: list[Found]) -> set[tuple[int, int]]:
    return {(each.start, each.end) for each in found}


def page(sentences: list[str], sides: list[Side], wanted: int, seed: int) -> str:
    """Return the comparison as a Markdown page."""
    govie_side, jionlp, recognizers = sides
    money = [[each for each in found if each.money] for found in govie_side.found]
    characters = sum(map(len, sentences))
    chosen = differing([(money, jionlp.found), (govie_side.found, recognizers.found)], wanted, seed)
    return "\n".join(
        [
            "# Quantities on the seeds, side by side",
            "",
            (__doc__ or "").split("\n\n")[-1].strip(),
            "",
            f"{len(sentences)} sentences, {characters} characters; page furniture and spam left out for all three.",
            "govie's time is for everything it does (spans, relations, facts), the peers' for quantities alone.",
            "",
            "| system | quantities | seconds |",
            "|---|---|---|",
            *(f"| {side.name} | {side.total} | {side.seconds:.2f} |" for side in sides),
            "",
            "| govie against | same stretch | of these same number | overlapping | only govie | only the other |",
            "|---|---|---|---|---|---|",
            agreement_line(f"{jionlp.name} (govie's sums of money)", agreement(money, jionlp.found)),
            agreement_line(recognizers.name, agreement(govie_side.found, recognizers.found)),
            "",
            f"## {len(chosen)} sentences in which they differ (random seed {seed})",
            *(
                line
                for i in chosen
                for line in ["", *(f"- {s.name}: {marked(sentences[i], s.found[i])}" for s in sides)]
            ),
            "",
        ]
    )


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
