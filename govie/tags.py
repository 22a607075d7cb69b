"""What a tagger says of one sentence, before it becomes spans and facts.

The rules and the model both return :class:`SentenceTags`; offsets are relative to
the sentence, heads and tails are positions in :attr:`SentenceTags.mentions`.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass, field, replace
from typing import Literal

from govie.records import Bound, Direction, RelationLabel, Source, SpanLabel, Status

__all__ = [
    "DUTIES",
    "FACT_LINKS",
    "Link",
    "Mention",
    "Reading",
    "Role",
    "RoleLabel",
    "SentenceTags",
    "only",
    "supported",
]

RoleLabel = Literal["lead", "support"]

FACT_LINKS: tuple[RelationLabel, ...] = ("VALUE", "CHANGE", "GAP")
"""Relations that make facts, of the kind they are named after."""

DUTIES: dict[RoleLabel, RelationLabel] = {"lead": "LEAD", "support": "SUPPORT"}
"""The relation of an indicator to an agency with that role."""


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
        score: how probable it is that the fact is right, its spans, kind and attributes
            together; None where nothing better is known than its link's score.
    """

    direction: Direction | None
    bound: Bound
    status: Status
    name: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """An agency that leads or supports; it holds with or without an indicator."""

    agency: int
    label: RoleLabel
    score: float = 1.0
    source: Source = "rule"


@dataclass(frozen=True, slots=True)
class SentenceTags:
    """Mentions, links between them, readings by (indicator, quantity), and roles."""

    mentions: tuple[Mention, ...] = ()
    links: tuple[Link, ...] = ()
    readings: dict[tuple[int, int], Reading] = field(default_factory=dict)
    roles: tuple[Role, ...] = ()


def supported(tags: SentenceTags, left_out: Collection[int] = ()) -> SentenceTags:
    """Leave mentions out, and with them every mention that the schema does not allow to stand without them.

    A quantity needs an indicator and an indicator a quantity, a unit and a period need a quantity, a verb needs an
    indicator; agencies stand alone.

    Args:
        tags: of one sentence.
        left_out: positions of mentions.
    """
    links = [link for link in tags.links if link.head not in left_out and link.tail not in left_out]
    kept = {i for i, mention in enumerate(tags.mentions) if mention.label == "AGENCY" and i not in left_out}
    kept |= {end for link in links if link.label in FACT_LINKS for end in (link.head, link.tail)}
    kept |= {link.tail if link.head in kept else link.head for link in links if link.head in kept or link.tail in kept}
    return tags if len(kept) == len(tags.mentions) else only(tags, kept)


def only(tags: SentenceTags, kept: Set[int]) -> SentenceTags:
    """Keep some mentions, and the links, readings and roles that hold between them.

    Args:
        tags: of one sentence.
        kept: positions of mentions.
    """
    new = {old: position for position, old in enumerate(sorted(kept))}
    return SentenceTags(
        tuple(tags.mentions[old] for old in new),
        tuple(
            replace(link, head=new[link.head], tail=new[link.tail])
            for link in tags.links
            if link.head in kept and link.tail in kept
        ),
        {(new[i], new[q]): reading for (i, q), reading in tags.readings.items() if i in kept and q in kept},
        tuple(replace(role, agency=new[role.agency]) for role in tags.roles if role.agency in kept),
    )
