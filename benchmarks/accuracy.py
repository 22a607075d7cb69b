"""Strict scores of an extractor on hand-annotated sentences.

    python benchmarks/accuracy.py --annotations external.jsonl --texts gov/ --part dev

With ``--context document`` each document is read and extracted whole and what falls into
the annotated sentences is compared; with ``--context sentence`` each sentence is
extracted alone. The annotation keeps responsible agencies as roles and has no LEAD and
SUPPORT relations, so relations are compared without these two.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from mistakes import Mistake, find_mistakes, frequencies, listing
from splits import PARTS, Part, part_of

import govie
from govie.annotations import AnnotatedSentence, read_annotations
from govie.document import Document
from govie.errors import GovieError
from govie.records import RELATION_LABELS, Extraction
from govie.scoring import ScoredSentence, ScoreReport, Window, score, windows

RELATIONS_ANNOTATED = tuple(label for label in RELATION_LABELS if label not in {"LEAD", "SUPPORT"})
Extract = Callable[["Document | str"], Extraction]


@dataclass(slots=True)
class Prediction:
    """What was extracted for a set of annotated sentences.

    Attributes:
        sentences: predictions by the annotation's keys; one is missing where the
            document's text differs from the annotated sentence.
        displaced: ids of those sentences; all of their annotation counts as missed.
        characters: how many code points were extracted from.
        seconds: how long reading and extracting took.
    """

    sentences: list[ScoredSentence] = field(default_factory=list)
    displaced: list[str] = field(default_factory=list)
    characters: int = 0
    seconds: float = 0.0


def predict_alone(sentences: Iterable[AnnotatedSentence], extract: Extract) -> Prediction:
    """Extract each sentence without its document."""
    done = Prediction()
    began = time.perf_counter()
    for sentence in sentences:
        window = Window(sentence.id, 0, len(sentence.text))
        done.sentences += windows(extract(sentence.text), [window], sentence.file)
        done.characters += len(sentence.text)
    done.seconds = time.perf_counter() - began
    return done


def predict_in_documents(
    sentences: Iterable[AnnotatedSentence], texts: Path, read: Callable[[Path], Document], extract: Extract
) -> Prediction:
    """Extract each document once and keep what falls into its annotated sentences."""
    by_file: dict[str, list[AnnotatedSentence]] = defaultdict(list)
    for sentence in sentences:
        by_file[sentence.file].append(sentence)
    done = Prediction()
    began = time.perf_counter()
    for file, wanted in sorted(by_file.items()):
        document = read(texts / file)
        places = _places(document, wanted)
        done.displaced += [sentence.id for sentence in wanted if sentence.id not in places]
        done.sentences += windows(extract(document), places.values(), file)
        done.characters += len(document.text)
    done.seconds = time.perf_counter() - began
    return done


def _places(document: Document, sentences: Iterable[AnnotatedSentence]) -> dict[str, Window]:
    """Find each sentence in the document by its offsets; leave out those whose words differ there."""
    found = {}
    for sentence in sentences:
        start, end = (document.text_offset(raw) for raw in (sentence.start, sentence.end))
        if document.text[start:end] == sentence.text:
            found[sentence.id] = Window(sentence.id, start, end)
    return found


def report_part(
    part: Part, sentences: list[AnnotatedSentence], done: Prediction, options: argparse.Namespace
) -> ScoreReport:
    """Score one part and print it."""
    gold = [ScoredSentence.from_annotation(sentence) for sentence in sentences]
    report = score(
        gold,
        done.sentences,
        relation_labels=RELATIONS_ANNOTATED,
        resamples=options.resamples,
        seed=options.seed,
    )
    print(f"\n=== {part}, {options.mode}, context {options.context} ===")
    print(report.to_table())
    rate = done.characters / max(done.seconds, 1e-9)
    print(f"\n{done.characters} characters in {done.seconds:.1f} s, {rate:.0f} a second")
    if done.displaced:
        print(f"{len(done.displaced)} sentences are not found at their place (all missed): {done.displaced[:5]}")
    return report


def mistakes_of(sentences: list[AnnotatedSentence], done: Prediction) -> list[Mistake]:
    """Collect the mistakes in all sentences."""
    found = {sentence.key: _compared(sentence) for sentence in done.sentences}
    nothing = ScoredSentence("", "")
    mistakes: list[Mistake] = []
    for sentence in sentences:
        gold = ScoredSentence.from_annotation(sentence)
        mistakes += find_mistakes(gold, found.get(sentence.id, nothing), sentence.text)
    return mistakes


def _compared(sentence: ScoredSentence) -> ScoredSentence:
    kept = frozenset(relation for relation in sentence.relations if relation.label in RELATIONS_ANNOTATED)
    return replace(sentence, relations=kept)


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; see ``--help``."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--annotations", type=Path, required=True, help="JSONL file of annotated sentences")
    parser.add_argument("--texts", type=Path, help="folder of the documents; needed for --context document")
    parser.add_argument(
        "--part", choices=(*PARTS, "all"), default="dev", help="documents developed on, set aside, both"
    )
    parser.add_argument("--mode", default="rules", help="extractor mode")
    parser.add_argument("--context", choices=("document", "sentence"), default="document")
    parser.add_argument("--resamples", type=int, default=1000, help="bootstrap samples of documents; 0 for none")
    parser.add_argument("--seed", type=int, default=0, help="of the bootstrap")
    parser.add_argument("--errors", type=Path, help="write every mistake to this file, grouped by kind")
    parser.add_argument("--json", type=Path, help="write the scores to this file")
    parser.add_argument("--i-know", action="store_true", help="allow --errors on documents that are set aside")
    options = parser.parse_args(argv)
    if options.context == "document" and options.texts is None:
        parser.error("--context document needs --texts")
    if options.errors and options.part != "dev" and not options.i_know:
        parser.error("--errors shows the documents that are set aside; reading them spoils the measurement")
    return options


def main(argv: list[str] | None = None) -> int:
    """Score the chosen parts; return 0, or 1 where the input cannot be used."""
    options = arguments(argv)
    parts: tuple[Part, ...] = PARTS if options.part == "all" else (options.part,)
    try:
        annotated = read_annotations(options.annotations)
        extractor = govie.load(mode=options.mode)
        reports, mistakes = {}, []
        for part in parts:
            sentences = [sentence for sentence in annotated if part_of(sentence.file) == part]
            if options.context == "sentence":
                done = predict_alone(sentences, extractor)
            else:
                done = predict_in_documents(sentences, options.texts, govie.read, extractor)
            reports[part] = report_part(part, sentences, done, options).to_dict()
            mistakes += mistakes_of(sentences, done) if options.errors else []
    except GovieError as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        options.json.write_text(json.dumps(reports, indent=1), "utf-8")
    if options.errors:
        options.errors.write_text(f"# Kinds\n{frequencies(mistakes)}\n{listing(mistakes)}\n", "utf-8")
        print(f"\nmistakes by kind\n{frequencies(mistakes)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
