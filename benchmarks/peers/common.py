"""What a runner reads and writes: JSON on stdin and stdout, in an interpreter of its own.

Input: a list of texts, sentences or documents as the system takes them. Output: an object with

===========  ==========================================================================================
``seconds``  processor time over all texts, all threads together; a short run over their beginnings first
``wall``     the same by the clock on the wall
``first``    processor time from the start of the interpreter to the first result: imports and loading too
``peak``     peak memory of the process in MB
``version``  of the package
``found``    one list ``[[start, end, value], …]`` a text, offsets half-open, value a number as a string or
             null; empty where only the speed is asked for
===========  ==========================================================================================
"""

from __future__ import annotations

import json
import platform
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

Found = tuple[int, int, "str | None"]

__all__ = ["Found", "longest", "run"]

_WARM_TEXTS, _WARM_CHARACTERS = 20, 200


def run(package: str, find: Callable[[str], list[Found]]) -> None:
    """Apply ``find`` to every text of stdin, once unmeasured to warm up, and write the result."""
    texts = json.load(sys.stdin)
    find(texts[0][:_WARM_CHARACTERS])
    first = time.process_time()
    for text in texts[:_WARM_TEXTS]:
        find(text[:_WARM_CHARACTERS])
    processor, wall = time.process_time(), time.perf_counter()
    found = [find(text) for text in texts]
    result = {
        "seconds": time.process_time() - processor,
        "wall": time.perf_counter() - wall,
        "first": first,
        "peak": _peak(),
        "version": version(package),
        "found": found,
    }
    json.dump(result, sys.stdout)


def _peak() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024**2 if platform.system() == "Darwin" else peak / 1024


def longest(found: list[Found]) -> list[Found]:
    """Drop what overlaps something longer: peers report 990 and 990亿元 both."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda each: (each[0] - each[1], each[0], each[2] is None)):
        if all(one[1] <= other[0] or other[1] <= one[0] for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda each: each[:2])
