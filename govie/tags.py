"""What a tagger says of one sentence, before it becomes spans and facts.

The rules and the model both return :class:`SentenceTags`; offsets are relative to
the sentence, heads and tails are positions in :attr:`SentenceTags.mentions`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from govie.records import Bound, Direction, RelationLabel, Source, SpanLabel, Status

__all__ = ["Link", "Mention", "Reading", "Role", "RoleLabel", "SentenceTags"]

RoleLabel = Literal["lead", "support"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A labelled stretch of one sentence."""

    label: SpanLabel
    start: int
    end: int
    score: float = 1.0
    source: Source = "rule"


@dataclass(frozen=True, slots=True)
class Link:
    """A typed relation between two mentions."""

    head: int
    tail: int
    label: RelationLabel
    score: float = 1.0
    source: Source = "rule"


@dataclass(frozen=True, slots=True)
class Reading:
    """How one linked quantity is meant: the attributes of the fact it makes.

    Attributes:
        direction: of a change or a gap, else None.
        bound: how the number binds.
        status: reported, estimated or aimed at.
        name: the indicator's full name where its words alone do not say it (增幅 →
            地区生产总值增幅), else None.
    """

    direction: Direction | None
    bound: Bound
    status: Status
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """An agency that leads or supports; it holds with or without an indicator."""

    agency: int
    label: RoleLabel


@dataclass(frozen=True, slots=True)
class SentenceTags:
    """Mentions, links between them, readings by (indicator, quantity), and roles."""

    mentions: tuple[Mention, ...] = ()
    links: tuple[Link, ...] = ()
    readings: dict[tuple[int, int], Reading] = field(default_factory=dict)
    roles: tuple[Role, ...] = ()
