"""The extractor: composes reading, tagging and fact building."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from os import PathLike
from typing import TYPE_CHECKING

from govie.config import DEVICES, MODES, Device, Mode
from govie.document import Document
from govie.errors import MissingExtraError, ModelError, OptionError
from govie.facts import Tagged, build_extraction
from govie.reading import from_text
from govie.records import Extraction
from govie.rules.tagger import tag_sentence
from govie.rules.tasktable import find_task_rows

if TYPE_CHECKING:  # the model and numpy are imported where a model is used
    from govie.hybrid import RuleTagged
    from govie.model.tagger import ModelTagger

__all__ = ["Extractor", "default_extractor", "extract", "load"]

log = logging.getLogger("govie")


@dataclass(frozen=True, slots=True)
class _Model:
    """Which model an extractor runs, and how; see :func:`load`."""

    name: str | None
    device: Device
    threads: int | None


class Extractor:
    """Turns texts and documents into extractions. Make one with :func:`load`.

    Pickled, it names its model and does not carry it: a copy opens the model itself.

    Args:
        mode: see the attribute.
        model: what to open; None for the rules alone.

    Raises:
        ModelError, MissingExtraError: the model cannot be used.

    Attributes:
        mode: what does the tagging: ``"rules"``, ``"model"``, or ``"auto"`` for both.
        model_hash: SHA-256 that names the model, None where the rules work alone.
    """

    def __init__(self, mode: Mode = "rules", model: _Model | None = None) -> None:
        self.mode = mode
        self._model = model
        self.model_hash: str | None = None
        self._tagger: ModelTagger | None = None
        self._process = os.getpid()
        if model is not None:
            self._tagger, self.model_hash = _open(model)

    def __reduce__(self) -> tuple[Callable[..., Extractor], tuple[object, ...]]:
        """Tell how to make a copy; the hash goes along, so that a cache of results notices another model."""
        return _copy, (self.mode, self._model, self.model_hash)

    def __call__(self, source: str | Document) -> Extraction:
        """Extract from one text or document.

        Args:
            source: a str is always text, never a path; read files with :func:`govie.read`.

        Raises:
            OptionError: ``source`` is neither a str nor a Document.
        """
        return self._extract([_as_document(source)])[0]

    def pipe(self, sources: Iterable[str | Document], batch_size: int = 32) -> Iterator[Extraction]:
        """Extract from many texts or documents, in order.

        Args:
            sources: texts or documents; read lazily, so memory stays flat.
            batch_size: how many are in hand at a time. Results do not depend on it. Only a GPU gains, and only with
                short texts: the sentences of one report fill its batches already.

        Raises:
            OptionError: ``batch_size`` is less than 1, or a source is neither a str nor a Document.
        """
        if batch_size < 1:
            raise OptionError(f"batch_size is {batch_size}", hint="Give 1 or more.")
        documents = map(_as_document, sources)
        while group := list(islice(documents, batch_size)):
            yield from self._extract(group)

    def _extract(self, documents: Sequence[Document]) -> list[Extraction]:
        tagged = self._tag(documents)
        return [
            build_extraction(document, one, find_task_rows(document))
            for document, one in zip(documents, tagged, strict=True)
        ]

    def _tag(self, documents: Sequence[Document]) -> list[list[Tagged]]:
        """Tag the sentences of all documents; those in which nothing was found are left out."""
        tagger = self._tagger_here()
        if tagger is None:
            return [[(s, tags) for s, _, tags in _by_rule(document) if tags.mentions] for document in documents]
        from govie.hybrid import tag_with_model

        return tag_with_model(tagger, [list(_by_rule(document)) for document in documents], hinted=self.mode == "auto")

    def _tagger_here(self) -> ModelTagger | None:
        """Return the tagger, opened anew after a fork, which the threads of torch do not survive."""
        if self._model is not None and self._process != os.getpid():
            self._tagger, self.model_hash = _open(replace(self._model, threads=1))
            self._process = os.getpid()
        return self._tagger


def _copy(mode: Mode, model: _Model | None, model_hash: str | None) -> Extractor:
    """Make a pickled extractor again.

    Raises:
        ModelError: the model is gone, or another one than it was.
    """
    copy = Extractor(mode, model)
    if copy.model_hash != model_hash:
        raise ModelError("the model is another one than the pickled extractor had", hint="Load it anew: govie.load().")
    return copy


def _as_document(source: str | Document) -> Document:
    if isinstance(source, Document):
        return source
    if isinstance(source, str):
        return from_text(source)
    raise OptionError(
        f"cannot extract from {type(source).__name__}",
        hint="Give text or a Document; govie.read(path_or_bytes) makes a Document.",
    )


def _by_rule(document: Document) -> Iterator[RuleTagged]:
    for sentence in document.sentences:
        if not sentence.noise:
            plain = document.plain[sentence.start : sentence.end]
            yield sentence, plain, tag_sentence(plain, sentence.stance, sentence.year)


def load(
    model: str | PathLike[str] | None = None,
    mode: Mode = "auto",
    device: Device = "auto",
    threads: int | None = None,
) -> Extractor:
    """Return an extractor.

    Args:
        model: folder of a model, or its id on the Hugging Face hub, which downloads it; None for the one that comes
            with govie.
        mode: ``"rules"``; ``"model"``, the model without the rules' hints; or ``"auto"``: both together, and the rules
            alone, after a warning, where the model cannot be used.
        device: where a model runs: ``"cpu"``; ``"cuda"``, which needs the extra ``gpu``; ``"auto"`` for a processor,
            or for a GPU if there is one and the model has no int8 form.
        threads: how many sentences the model reads at the same time on a processor; None for one a core. Results do
            not depend on it. Give 1 in each of several worker processes.

    Raises:
        OptionError: ``mode``, ``device`` or ``threads`` is none of the choices, or the rules are given a model.
        ModelError: a model that was asked for by ``model``, ``mode="model"`` or ``device="cuda"`` cannot be used.
        MissingExtraError: the same, for want of the extra ``gpu``.
    """
    _check("mode", mode, MODES)
    _check("device", device, DEVICES)
    if threads is not None and threads < 1:
        raise OptionError(f"threads is {threads}", hint="Give 1 or more.")
    if mode == "rules":
        if model is not None:
            raise OptionError(f"mode 'rules' takes no model, such as {model}", hint="Leave out the mode or the model.")
        return Extractor("rules")
    name = None if model is None else str(model)
    if name is not None and os.path.isdir(name):
        name = os.path.abspath(name)  # a copy may be made in another folder
    try:
        return Extractor(mode, _Model(name, device, threads))
    except (ModelError, MissingExtraError) as error:
        if mode == "model" or model is not None or device == "cuda":
            raise
        log.warning("the rules work alone: %s", error)
        return Extractor("rules")


def _open(model: _Model) -> tuple[ModelTagger, str]:
    try:
        from govie.model.loading import open_model
    except ImportError as error:
        raise ModelError(f"no model can run here ({error})", hint="Install it with: pip install numpy") from None
    return open_model(model.name, model.device, model.threads)


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
