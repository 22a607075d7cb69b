"""The extractor: composes reading, tagging and fact building."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import lru_cache
from os import PathLike

from govie.config import DEVICES, MODES, Device, Mode
from govie.document import Document
from govie.errors import ModelError, OptionError
from govie.facts import Tagged, build_extraction
from govie.reading import from_text
from govie.records import Extraction
from govie.rules.tagger import tag_sentence
from govie.rules.tasktable import TaskRow, find_task_rows

__all__ = ["Extractor", "default_extractor", "extract", "load"]

log = logging.getLogger("govie")


class Extractor:
    """Turns texts and documents into extractions. Make one with :func:`load`.

    Attributes:
        mode: what does the tagging: ``"rules"`` or ``"model"``.
    """

    def __init__(self, mode: Mode = "rules") -> None:
        self.mode = mode

    def __call__(self, source: str | Document) -> Extraction:
        """Extract from one text or document.

        Args:
            source: a str is always text, never a path; read files with :func:`govie.read`.

        Raises:
            OptionError: ``source`` is neither a str nor a Document.
        """
        document = _as_document(source)
        rows = find_task_rows(document)
        return build_extraction(document, list(_tagged(document, rows)), rows)

    def pipe(self, sources: Iterable[str | Document], batch_size: int = 32) -> Iterator[Extraction]:
        """Extract from many texts or documents, one at a time, in order.

        Args:
            sources: texts or documents; read lazily, so memory stays flat.
            batch_size: how many go through the tagger together. The rules take
                sentences one by one, so it changes nothing for them.

        Raises:
            OptionError: ``batch_size`` is less than 1.
        """
        if batch_size < 1:
            raise OptionError(f"batch_size is {batch_size}", hint="Give 1 or more.")
        for source in sources:
            yield self(source)


def _as_document(source: str | Document) -> Document:
    if isinstance(source, Document):
        return source
    if isinstance(source, str):
        return from_text(source)
    raise OptionError(
        f"cannot extract from {type(source).__name__}",
        hint="Give text or a Document; govie.read(path_or_bytes) makes a Document.",
    )


def _tagged(document: Document, rows: list[TaskRow]) -> Iterator[Tagged]:
    for sentence in document.sentences:
        if sentence.noise:
            continue
        tags = tag_sentence(document.plain[sentence.start : sentence.end], sentence.stance, sentence.year)
        if tags.mentions:
            yield sentence, tags


def load(model: str | PathLike[str] | None = None, mode: Mode = "auto", device: Device = "auto") -> Extractor:
    """Return an extractor.

    Args:
        model: folder of a model; None for the one that comes with govie.
        mode: ``"rules"``, ``"model"``, or ``"auto"``: the model with the rules beside
            it where there is a model, else the rules alone.
        device: where a model runs: ``"cpu"``, ``"cuda"`` or ``"auto"``.

    Raises:
        OptionError: ``mode`` or ``device`` is none of the choices.
        ModelError: a model is asked for; this version comes with rules only.
    """
    _check("mode", mode, MODES)
    _check("device", device, DEVICES)
    if mode == "model" or model is not None:
        raise ModelError(
            "this version of govie has no model", where=None if model is None else str(model), hint='Use mode="rules".'
        )
    if mode == "auto":
        log.info("mode 'auto' uses the rules: no model is installed")
    return Extractor("rules")


def _check(option: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise OptionError(f"{option} is {value!r}", hint=f"Choose one of {', '.join(choices)}.")


@lru_cache(maxsize=1)
def default_extractor() -> Extractor:
    """Return the extractor that :func:`extract` and ``Document.extract`` share."""
    return load()


def extract(text: str) -> Extraction:
    """Extract facts from a text with the default extractor.

    Args:
        text: the text itself; a str is never taken for a path.

    Raises:
        OptionError: ``text`` is not a str.
    """
    if not isinstance(text, str):
        raise OptionError(f"cannot extract from {type(text).__name__}", hint="Give text; govie.read(...) reads files.")
    return default_extractor()(text)
