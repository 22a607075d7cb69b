"""Annotated sentences as training examples: with their place in the document and the rules' opinion beside them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import govie
from govie.annotations import AnnotatedSentence, read_annotations
from govie.document import Document, Sentence
from govie.model.features import Input
from govie.reading.normalise import plain_form
from govie.rules.tagger import tag_sentence
from govie.tags import SentenceTags

__all__ = ["Example", "load_examples"]


@dataclass(frozen=True, slots=True)
class Example:
    """One annotated sentence.

    Attributes:
        key: file and id of the annotation.
        document: name of the document it is from; splits are made by it.
        year: the year its section speaks of, which the rules want to know.
        given: what the network gets.
        gold: what was annotated.
    """

    key: str
    document: str
    year: int | None
    given: Input
    gold: SentenceTags


def load_examples(files: Iterable[Path], texts: Sequence[Path] = ()) -> list[Example]:
    """Read annotation files.

    Args:
        files: JSONL in the form of :mod:`govie.annotations`.
        texts: folders of the documents. A sentence whose document lies in none of them, or reads
            otherwise at its place, gets no stance and no year, as if it were extracted alone.
    """
    examples = []
    for file in files:
        by_document: dict[str, list[AnnotatedSentence]] = defaultdict(list)
        for sentence in read_annotations(file):
            by_document[sentence.file].append(sentence)
        for name, sentences in by_document.items():
            places = _Places(name, texts)
            examples += [_example(sentence, places, file.stem) for sentence in sentences]
    return examples


def _example(sentence: AnnotatedSentence, places: _Places, file: str) -> Example:
    where = places.find(sentence)
    stance, year = (where.stance, where.year) if where else (None, None)
    plain = plain_form(sentence.text)
    given = Input(plain, stance, tag_sentence(plain, stance, year))
    return Example(f"{file}:{sentence.id}", sentence.file, year, given, sentence.tags)


class _Places:
    """Finds the sentence of a document in which an annotated sentence begins."""

    def __init__(self, name: str, texts: Sequence[Path]) -> None:
        path = next((folder / name for folder in texts if (folder / name).is_file()), None)
        self._document: Document | None = govie.read(path) if path else None
        self._starts = [sentence.start for sentence in self._document.sentences] if self._document else []

    def find(self, sentence: AnnotatedSentence) -> Sentence | None:
        document = self._document
        if document is None:
            return None
        start = document.text_offset(sentence.start)
        if document.text[start : start + len(sentence.text)] != sentence.text:
            return None
        return document.sentences[bisect_right(self._starts, start) - 1]
