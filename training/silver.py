"""Silver annotation: what trained runs and the rules together say of sentences that nobody has annotated.

``python -m training.silver RUN... --arbiter RUN --texts FOLDER... --gold FILE... --out SILVER.jsonl``

The runs tag as an ensemble and the first one links; the arbiter settles where they and the rules differ. A sentence
that stands in the annotation, there or elsewhere, is left out, and so is one of which the ensemble is unsure.
``training.finetune --silver SILVER.jsonl`` trains on it beside what was annotated by hand, without the documents that
the run holds out. It is training data and never gold. To measure on documents that are held out, the runs and the
arbiter must not have seen these either.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import govie
from annotations.records import Record, write_records
from annotations.sentences import from_sentence
from govie.annotations import AnnotatedSentence, read_annotations
from govie.document import Document, Sentence
from govie.errors import GovieError
from govie.hybrid import combine
from govie.model.features import Input
from govie.model.gate import stretches
from govie.model.store import ModelFolder
from govie.model.tagger import ModelTagger
from govie.reading.normalise import plain_form
from govie.rules.tagger import tag_sentence
from govie.tags import SentenceTags
from training.ensemble import ensemble_tagger
from training.run import Run

__all__ = ["Known", "annotate"]

_SURE = 0.6
"""Below this a mention makes its sentence unsure."""


@dataclass(frozen=True)
class Known:
    """What is annotated by hand: the words of its sentences, half-width, and where they stand in each document."""

    words: frozenset[str]
    places: Mapping[str, Sequence[tuple[int, int]]]

    @classmethod
    def read(cls, files: Sequence[Path]) -> Known:
        """Read annotation files.

        Raises:
            ReadError, FormatError: one cannot be read.
        """
        places = defaultdict(list)
        words = set()
        for one in (one for file in files for one in read_annotations(file)):
            places[one.file].append((one.start, one.end))
            words.add(plain_form(one.text).strip())
        return cls(frozenset(words), places)


def annotate(document: Document, name: str, tagger: ModelTagger, known: Known) -> Iterator[Record]:
    """Yield the sentences of a document that may hold something, with what the tagger finds.

    Args:
        document: the text.
        name: of the document, for the records.
        tagger: with an arbiter.
        known: to leave out.
    """
    chosen = list(_unknown(document, name, known))
    given = [Input(plain, one.stance, tag_sentence(plain, one.stance, one.year)) for one, _, plain in chosen]
    for (_, start, plain), one, said in zip(chosen, given, tagger.tag(given), strict=True):
        tags = combine(plain, said, one.hints or SentenceTags())
        if all(mention.score >= _SURE for mention in tags.mentions):
            words = document.text[start : start + len(plain)]
            found = AnnotatedSentence(f"{name}/{start}", words, tags, name, start, start + len(words), "silver")
            yield from_sentence(found)


def _unknown(document: Document, name: str, known: Known) -> Iterator[tuple[Sentence, int, str]]:
    """Yield sentences with the offset of their first word and their words, half-width."""
    annotated = [tuple(map(document.text_offset, place)) for place in known.places.get(name, ())]
    for sentence in document.sentences:
        words = document.text[sentence.start : sentence.end]
        start = sentence.start + len(words) - len(words.lstrip())
        plain = plain_form(words.strip())
        if sentence.noise or plain in known.words or not stretches(Input(plain)):
            continue
        if not any(first < start + len(plain) and start < last for first, last in annotated):
            yield sentence, start, plain


def main(argv: Sequence[str] | None = None) -> None:
    """Command line: see the module's docstring."""
    parser = argparse.ArgumentParser(description="Annotate by ensemble what nobody annotated.")
    parser.add_argument("runs", type=Path, nargs="+", help="folders of runs")
    parser.add_argument("--arbiter", type=Path, required=True, help="the run whose arbiter to use")
    parser.add_argument("--texts", type=Path, nargs="+", required=True, help="folders of documents, UTF-8 text")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="annotation to leave out, JSONL with texts")
    parser.add_argument("--out", type=Path, required=True, metavar="SILVER.jsonl")
    options = parser.parse_args(argv)
    try:
        arbiter = ModelFolder(options.arbiter).arbiter()
        tagger = ensemble_tagger([Run.read(folder) for folder in options.runs], arbiter)
        known = Known.read(options.gold)
        paths = [path for folder in options.texts for path in sorted(folder.glob("*.txt"))]
        found = [record for path in paths for record in annotate(govie.read(path), path.name, tagger, known)]
    except GovieError as error:
        raise SystemExit(str(error)) from None
    write_records(found, options.out)
    print(
        f"{len(found)} sentences, {sum(bool(one.entities) for one in found)} of them with something, in {options.out}"
    )


if __name__ == "__main__":
    main()
