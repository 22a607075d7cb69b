"""spaCy's DocBin: one Doc a sentence, one token a character, spans as ``doc.ents``.

Relations are in ``doc.user_data["relations"]`` as ``[head, tail, label]`` with positions in
``doc.ents``, the rest in ``doc.user_data["meta"]`` as JSON. ``spacy train`` reads the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from annotations.formats.meta import bare, join, pack
from annotations.records import Entity, Link, Record, load_json, one_line
from govie.errors import FormatError, MissingExtraError, ReadError

__all__ = ["read", "write"]


def _spacy() -> Any:
    try:
        import spacy
        import spacy.tokens
        import spacy.vocab
    except ImportError:
        raise MissingExtraError("the form of spaCy", "spacy") from None
    return spacy


def write(records: Sequence[Record], path: Path) -> None:
    """Write a ``.spacy`` file.

    Raises:
        MissingExtraError: spaCy is not installed.
        FormatError: entities overlap, which ``doc.ents`` cannot hold.
    """
    spacy = _spacy()
    vocab = spacy.vocab.Vocab()
    docs = spacy.tokens.DocBin(attrs=["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE"], store_user_data=True)
    for record in records:
        docs.add(_doc(spacy, vocab, record))
    docs.to_disk(path)


def _doc(spacy: Any, vocab: Any, record: Record) -> Any:
    doc = spacy.tokens.Doc(vocab, words=list(record.text), spaces=[False] * len(record.text))
    try:
        doc.ents = [spacy.tokens.Span(doc, entity.start, entity.end, entity.label) for entity in record.entities]
    except (ValueError, IndexError):
        raise FormatError("entities overlap or leave the text", where=record.id, hint="See the check.") from None
    doc.user_data["relations"] = [[link.head, link.tail, link.label] for link in record.links]
    doc.user_data["meta"] = one_line(pack(record))
    return doc


def read(path: Path) -> list[Record]:
    """Read a ``.spacy`` file that was written here.

    Raises:
        MissingExtraError: spaCy is not installed.
        ReadError: the file cannot be read.
        FormatError: it is no DocBin of ours.
    """
    spacy = _spacy()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReadError(error.strerror or "cannot be read", where=str(path)) from None
    try:
        docs = list(spacy.tokens.DocBin(store_user_data=True).from_bytes(content).get_docs(spacy.vocab.Vocab()))
    except Exception as error:  # whatever zlib, msgpack and spaCy raise on foreign bytes
        raise FormatError(f"no DocBin ({type(error).__name__})", where=str(path)) from None
    try:
        return [_record(doc) for doc in docs]
    except (KeyError, ValueError, TypeError) as error:
        raise FormatError(f"no DocBin of ours ({error})", where=str(path)) from None


def _record(doc: Any) -> Record:
    meta = load_json(doc.user_data["meta"])
    entities = [Entity(ent.start, ent.end, ent.label_) for ent in doc.ents]
    links = [Link(head, tail, label) for head, tail, label in doc.user_data["relations"]]
    return join(bare(doc.text, entities, links)[0], meta)  # type: ignore[arg-type]
