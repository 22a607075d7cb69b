"""What a peer's runner reads and writes: JSON on stdin and stdout, in the peer's own interpreter.

Input: a list of sentences. Output: {"seconds": …, "version": …, "found": [[[start, end, value], …], …]}
with one list for each sentence, offsets half-open, value a number as a string or null.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

Found = tuple[int, int, "str | None"]

__all__ = ["Found", "longest", "run"]


def run(package: str, find: Callable[[str], list[Found]]) -> None:
    """Apply ``find`` to every sentence of stdin, once unmeasured to warm up, and write the result."""
    sentences = json.load(sys.stdin)
    for sentence in sentences[:20]:
        find(sentence)
    began = time.process_time()
    found = [find(sentence) for sentence in sentences]
    seconds = time.process_time() - began
    json.dump({"seconds": seconds, "version": version(package), "found": found}, sys.stdout)


def longest(found: list[Found]) -> list[Found]:
    """Drop what overlaps something longer: peers report 990 and 990亿元 both."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda each: (each[0] - each[1], each[0], each[2] is None)):
        if all(one[1] <= other[0] or other[1] <= one[0] for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda each: each[:2])
