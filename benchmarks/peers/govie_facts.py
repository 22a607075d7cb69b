"""govie itself, timed like the others: ``govie_facts.py MODE THREADS [MODEL]``, a document at a time."""

from __future__ import annotations

import sys

from common import Found, run

import govie

mode, threads, *model = sys.argv[1:]
extractor = govie.load(*model, mode=mode, threads=int(threads))  # type: ignore[arg-type]
if extractor.mode != mode:
    sys.exit(f"mode {mode} is not to be had here")


def find(text: str) -> list[Found]:
    """Extract, and report nothing: the speed is asked for."""
    extractor(text)
    return []


run("govie", find)
