"""The spaCy component ``govie``: facts, relations and tasks on a ``Doc``.

>>> import spacy
>>> nlp = spacy.blank("zh")
>>> doc = nlp.add_pipe("govie") and nlp("预计地区生产总值完成990亿元，同比增长0.2%。")
>>> [(span.text, span.label_) for span in doc.spans["govie"]][:2]
[('地区生产总值', 'INDICATOR'), ('990', 'QUANTITY')]
>>> doc._.facts[0].status
'estimate'

spaCy finds the component and the colours of its labels through entry points, so nothing
of govie has to be imported. Everything found is kept as plain data in
``doc.user_data["govie"]``, which is what ``DocBin`` and ``nlp.pipe(n_process=…)`` carry.
"""

# No `from __future__ import annotations`: spaCy checks a config against the annotations themselves.
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from multiprocessing import parent_process
from typing import Any, cast

from govie import records
from govie.errors import MissingExtraError, OptionError
from govie.pipeline import Extractor, load
from govie.records import Extraction, Fact, Relation, SpanLabel, Task

try:
    from spacy.language import Language
    from spacy.pipeline import Pipe
    from spacy.tokens import Doc, Span, SpanGroup
    from spacy.util import filter_spans
except ImportError:
    raise MissingExtraError("the spaCy component", "spacy") from None

__all__ = ["DISPLACY_COLORS", "GovieComponent", "Options", "make_govie", "register_extensions"]

DISPLACY_COLORS: dict[SpanLabel, str] = {
    "INDICATOR": "#56b4e9",
    "QUANTITY": "#f0834a",
    "UNIT": "#e6b800",
    "ACTION": "#3dbb93",
    "PERIOD": "#d68fb8",
    "AGENCY": "#b4bac4",
}
"""Backgrounds in displaCy: the hues of the HTML report, light enough for black words on them."""

_KEY = "govie"  # in Doc.user_data
_TOGETHER = 32  # documents that go through the extractor at once; nlp.pipe's own batches hold 1000


@dataclass(frozen=True)
class Options:
    """The component's config.

    Attributes:
        mode: ``"rules"``, ``"model"`` or ``"auto"``, as in :func:`govie.load`.
        model: folder of a model, None for the one that comes with govie.
        device: ``"cpu"``, ``"cuda"`` or ``"auto"``.
        spans_key: where in ``doc.spans`` the spans go.
        ents: whether they go into ``doc.ents`` too, where no entity stands yet.
    """

    mode: str = "auto"
    model: str | None = None
    device: str = "auto"
    spans_key: str = "govie"
    ents: bool = False


class GovieComponent(Pipe):
    """Writes what govie finds to ``doc.spans``, ``doc._`` and, on request, ``doc.ents``.

    A span group holds every span, in the order of their ids, so that
    ``doc.spans["govie"][fact.quantity]`` is the quantity of a fact. Where a token is larger
    than the words of a span, the group's span covers the whole token; ``doc._.govie_unaligned``
    names the ids of those spans, and the offsets in ``doc._.govie`` stay exact.
    """

    def __init__(self, name: str, options: Options) -> None:
        """Load the extractor.

        Args:
            name: name of the component in its pipeline.
            options: its config.

        Raises:
            OptionError: ``mode`` or ``device`` is none of the choices, or another
                package has taken the name of one of the extensions.
            ModelError: there is no such model.
        """
        register_extensions()
        self.name = name
        self.options = options
        self._extractor = self._load()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the options alone; the copy loads its own extractor."""
        return GovieComponent, (self.name, self.options)

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document in place and return it."""
        return self._annotate(doc, self._extractor(doc.text))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _TOGETHER) -> Iterator[Doc]:
        """Annotate a stream of documents in order; one that fails goes to spaCy's error handler.

        Args:
            stream: documents; read lazily.
            batch_size: how many are taken at once, at most 32.
        """
        docs = iter(stream)
        while batch := list(islice(docs, min(batch_size, _TOGETHER))):
            yield from self._batch(batch)

    def _batch(self, docs: list[Doc]) -> Iterator[Doc]:
        try:
            found = list(self._extractor.pipe([doc.text for doc in docs], batch_size=len(docs)))
        except Exception:  # one by one, so that only the document at fault is reported
            yield from super().pipe(docs)
        else:
            for doc, extraction in zip(docs, found, strict=True):
                yield self._annotate(doc, extraction)

    def _load(self) -> Extractor:
        options: Any = self.options  # load() checks the choices that spaCy takes for plain strings
        threads = 1 if parent_process() else None  # the workers of nlp.pipe(n_process=…) share the cores
        return load(options.model, options.mode, options.device, threads)

    def _annotate(self, doc: Doc, extraction: Extraction) -> Doc:
        key = self.options.spans_key
        spans = [_token_span(doc, span) for span in extraction.spans]
        doc.spans[key] = SpanGroup(doc, name=key, spans=spans)
        doc.user_data[_KEY] = _plain(extraction, spans)
        if self.options.ents:
            doc.set_ents(_beside_others(doc, spans), default="unmodified")
        return doc


def _token_span(doc: Doc, span: records.Span) -> Span:
    """The tokens that hold any of the span's words; there always are some."""
    return cast(
        Span,
        doc.char_span(span.start, span.end, label=span.label, span_id=str(span.id), alignment_mode="expand"),
    )


def _plain(extraction: Extraction, spans: Iterable[Span]) -> dict[str, Any]:
    """What ``doc.user_data`` keeps: all but the text, which the ``Doc`` has."""
    plain = extraction.to_dict()
    del plain["text"]
    pairs = zip(spans, extraction.spans, strict=True)
    unaligned = [exact.id for span, exact in pairs if len(span.text) != len(exact.text)]
    return plain | {"title": extraction.title, "unaligned": unaligned}


def _beside_others(doc: Doc, spans: Iterable[Span]) -> list[Span]:
    """The spans that overlap neither an entity of another component nor, after expansion, a longer span."""
    taken = {token for entity in doc.ents for token in range(entity.start, entity.end)}
    return [span for span in filter_spans(spans) if taken.isdisjoint(range(span.start, span.end))]


def _extraction(doc: Doc) -> Extraction | None:
    """``doc._.govie``: everything found, with ``to_rows()``, ``to_frame()`` and ``to_dict()``; None if not run."""
    plain = doc.user_data.get(_KEY)
    return None if plain is None else Extraction.from_dict(plain | {"text": doc.text}, title=plain["title"])


def _facts(doc: Doc) -> tuple[Fact, ...]:
    found = _extraction(doc)
    return found.facts if found else ()


def _relations(doc: Doc) -> tuple[Relation, ...]:
    found = _extraction(doc)
    return found.relations if found else ()


def _tasks(doc: Doc) -> tuple[Task, ...]:
    found = _extraction(doc)
    return found.tasks if found else ()


def _unaligned(doc: Doc) -> tuple[int, ...]:
    return tuple(doc.user_data.get(_KEY, {}).get("unaligned", ()))


_EXTENSIONS: dict[str, Callable[[Doc], Any]] = {
    "govie": _extraction,
    "facts": _facts,
    "relations": _relations,
    "tasks": _tasks,
    "govie_unaligned": _unaligned,
}


def register_extensions() -> None:
    """Make ``doc._.facts`` and the others known, for documents read where the component is not in use.

    Raises:
        OptionError: another package has registered one of the names for something else.
    """
    for name, getter in _EXTENSIONS.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=getter)
        elif Doc.get_extension(name)[2] is not getter:
            raise OptionError(
                f"another package has registered doc._.{name}",
                hint=f"Remove it first: spacy.tokens.Doc.remove_extension({name!r})",
            )


@Language.factory(
    "govie",
    default_config=asdict(Options()),
    assigns=["doc.spans", *(f"doc._.{name}" for name in _EXTENSIONS)],
)
def make_govie(  # noqa: PLR0913 spaCy hands over every setting by its own name
    nlp: Language, name: str, *, mode: str, model: str | None, device: str, spans_key: str, ents: bool
) -> GovieComponent:
    """Make the component for ``nlp.add_pipe("govie", config=…)``; the config is that of :class:`Options`."""
    return GovieComponent(name, Options(mode, model, device, spans_key, ents))
