"""The shapes of the JSON, as the OpenAPI description shows them.

They are read off govie's own records; answers are written by :mod:`govie.integrations.web.jobs`.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from govie.config import Mode
from govie.document import Metadata
from govie.records import Fact, Relation, Span, Task

__all__ = ["Documents", "Extracted", "Health", "Problem", "Text"]


class Text(BaseModel):
    """A text to extract from."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"text": "预计地区生产总值完成990亿元。"}})

    text: str = Field(description="The text itself, never an address or a path.")


class Extracted(BaseModel):
    """What was found in one text; offsets are half-open code-point offsets into ``text``."""

    text: str
    spans: list[Span]
    relations: list[Relation]
    facts: list[Fact]
    tasks: list[Task]


class Failed(BaseModel):
    """A source that gave no result."""

    name: str
    error: str
    hint: str | None


class Problem(BaseModel):
    """Why there is no result, and what can be done about it."""

    error: str
    hint: str | None
    failures: list[Failed] = Field(default=[], description="One for each source that failed.")


class Read(BaseModel):
    """One document: the name it was sent with, what it says about itself, and what was found."""

    name: str
    metadata: Metadata
    extraction: Extracted


class Documents(BaseModel):
    """The documents that could be read, in the order sent, and those that could not."""

    documents: list[Read]
    failures: list[Failed]


class Health(BaseModel):
    """That the service answers, and what it extracts with."""

    status: str
    version: str
    mode: Mode
    model_hash: str | None = Field(description="SHA-256 of the model, null where the rules work alone.")
