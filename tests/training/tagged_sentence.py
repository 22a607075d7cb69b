"""One annotated sentence, and a wrong answer to it."""

from __future__ import annotations

from govie.model.features import Input
from govie.tags import Link, Mention, Reading, Role, SentenceTags
from training.examples import Example

PLAIN = "GDP增长5%,由A局牵头"
RIGHT = SentenceTags(
    (
        Mention("INDICATOR", 0, 3, 0.9),
        Mention("QUANTITY", 5, 6, 0.8),
        Mention("UNIT", 6, 7, 0.7),
        Mention("AGENCY", 9, 11, 0.6),
    ),
    (Link(0, 1, "CHANGE", 0.5), Link(1, 2, "UNIT", 0.4)),
    {(0, 1): Reading("increase", "exact", "actual", score=0.3)},
    (Role(3, "lead", 0.2),),
)
WRONG = SentenceTags(
    RIGHT.mentions, RIGHT.links, {(0, 1): Reading("decrease", "exact", "actual", score=0.3)}, (Role(3, "support"),)
)


def example(number: int, document: str) -> Example:
    return Example(f"file:{number}", document, None, Input(PLAIN, None, SentenceTags(RIGHT.mentions[:1])), RIGHT)
