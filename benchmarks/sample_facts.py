"""A random sample of facts and tasks of the seeds, for a person to judge against the words.

    python benchmarks/sample_facts.py                      # writes benchmarks/results/sample_YYYY-MM.md
    python benchmarks/sample_facts.py --count FILE.md      # counts the verdicts filled in

The verdict column takes ``right`` or ``wrong`` and, after it, what is wrong. A fact is right if its
words, kind, direction, bound, status, number, unit and period all are; a task if its text and
agencies are.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from seedtexts import SEEDS

import govie
from govie import Extraction, Fact, Task
from govie.records import decimal_string

RESULTS = Path(__file__).parent / "results"
_ROW = re.compile(r"^\|\s*(?P<item>[FT]\d+)\s*\|(?P<cells>.*)\|(?P<verdict>[^|]*)\|\s*$", re.M)


def words(found: Extraction, span: int | None) -> str:
    """Return a span's text, empty for none."""
    return "" if span is None else found.spans[span].text


def marked(found: Extraction, spans: list[int], start: int, end: int) -> str:
    """Return a stretch of the text with the given spans in 【】."""
    pieces, at = [], start
    for span in sorted((found.spans[i] for i in set(spans)), key=lambda span: span.start):
        if start <= span.start and span.end <= end:
            pieces += [found.text[at : span.start], "【", span.text, "】"]
            at = span.end
    return "".join([*pieces, found.text[at:end]]).strip()


def fact_cells(found: Extraction, fact: Fact) -> list[str]:
    """Return one fact as table cells: its sentence, its name, the number, the attributes, the time."""
    linked = [fact.indicator, fact.action, fact.quantity, fact.unit, fact.period_span, fact.base_span]
    spans = [span for span in (*linked, *fact.lead, *fact.support) if span is not None]
    number = decimal_string(fact.value) + (f"–{decimal_string(fact.value_max)}" if fact.value_max is not None else "")
    attributes = [fact.kind, fact.direction, fact.bound, fact.status]
    return [
        marked(found, spans, *fact.sentence),
        fact.name,
        f"{number} × {fact.magnitude} {fact.base_unit or ''}",
        " ".join(each for each in attributes if each),
        fact.period or "—",
    ]


def task_cells(found: Extraction, task: Task) -> list[str]:
    """Return one task as table cells: number, text, who leads, who takes part."""
    return [
        task.number or "—",
        found.text[task.start : task.end].strip(),
        "、".join(words(found, span) for span in task.lead) or "—",
        "、".join(words(found, span) for span in task.support) or "—",
    ]


def table(letter: str, header: list[str], rows: list[tuple[str, list[str]]]) -> str:
    """Return a Markdown table with an empty verdict column."""
    head = ["item", "seed", *header, "verdict"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for n, (seed, cells) in enumerate(rows, 1):
        safe = [re.sub(r"\s+", " ", cell).replace("|", "／") for cell in cells]
        lines.append(f"| {letter}{n} | {seed[:3]} | " + " | ".join(safe) + " |  |")
    return "\n".join(lines)


def sample(facts: int, tasks: int, seed: int) -> str:
    """Extract all seeds and return the page to be judged."""
    found = {path.name: govie.read(path).extract() for path in sorted(SEEDS.glob("*.txt"))}
    source = random.Random(seed)
    all_facts = [(name, fact_cells(each, fact)) for name, each in found.items() for fact in each.facts]
    all_tasks = [(name, task_cells(each, task)) for name, each in found.items() for task in each.tasks]
    chosen = source.sample(all_facts, min(facts, len(all_facts)))
    doing = source.sample(all_tasks, min(tasks, len(all_tasks)))
    return (
        f"# A sample of facts and tasks from the seeds\n\n"
        f"{len(chosen)} of {len(all_facts)} facts, {len(doing)} of {len(all_tasks)} tasks, random seed {seed}, "
        f"govie {govie.__version__}. The verdict is filled in by hand.\n\n"
        f"## Facts\n\n{table('F', ['sentence', 'name', 'number', 'attributes', 'period'], chosen)}\n\n"
        f"## Tasks\n\n{table('T', ['number', 'text', 'lead', 'support'], doing)}\n"
    )


def count(page: str) -> str:
    """Count the verdicts of a page, and list the wrong items."""
    tallies = {"F": Counter[str](), "T": Counter[str]()}
    wrong = []
    for row in _ROW.finditer(page):
        verdict = row["verdict"].strip()
        said = verdict.split(maxsplit=1)[0].strip(":：,，").lower() if verdict else "open"
        tallies[row["item"][0]][said if said in {"right", "wrong", "open"} else "unclear"] += 1
        if said not in {"right", "open"}:
            wrong.append(f"  {row['item']}: {verdict}")
    lines = []
    for letter, name in (("F", "facts"), ("T", "tasks")):
        tally = tallies[letter]
        judged = tally["right"] + tally["wrong"]
        lines.append(
            f"{name}: {tally['right']} right of {judged} judged, {tally['open']} open, {tally['unclear']} unclear"
        )
    return "\n".join([*lines, *wrong])


def main(argv: list[str] | None = None) -> int:
    """Write a sample, or count a judged one; a file with verdicts is never overwritten."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--facts", type=int, default=60)
    parser.add_argument("--tasks", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULTS / f"sample_{date.today():%Y-%m}.md")
    parser.add_argument("--count", type=Path, help="count the verdicts in this file instead")
    options = parser.parse_args(argv)
    if options.count:
        print(count(options.count.read_text("utf-8")))
        return 0
    if options.out.exists() and any(row["verdict"].strip() for row in _ROW.finditer(options.out.read_text("utf-8"))):
        print(f"{options.out} holds verdicts; give another --out", file=sys.stderr)
        return 1
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_text(sample(options.facts, options.tasks, options.seed), "utf-8")
    print(f"wrote {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
