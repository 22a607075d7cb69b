"""Sums of money found by jionlp: its named-entity rules know money and time, and no other quantities."""

from __future__ import annotations

import contextlib
import sys

from common import Found, longest, run

with contextlib.redirect_stdout(sys.stderr):  # it prints a greeting
    import jionlp


def find(sentence: str) -> list[Found]:
    """Return the sums in a sentence, each with its number in the base unit where jionlp can parse it."""
    found = jionlp.ner.extract_money(sentence, with_parsing=True)
    return longest([(*each["offset"], _value(each.get("detail"))) for each in found])


def _value(detail: dict[str, object] | None) -> str | None:
    number = (detail or {}).get("num")
    return str(number[0] if isinstance(number, list) else number) if number is not None else None


run("jionlp", find)
