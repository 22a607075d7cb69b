"""Sentences to encoder windows and batches, and the encoder's rows back to sentences.

A sentence longer than a window is cut into overlapping windows. Each code point's rows are taken from the
window in which it stands farther from an edge, and linking sees the whole sentence again: no relation is lost at a cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from govie.model.arrays import Floats

__all__ = ["WINDOW", "Window", "batches", "stitch", "windows"]


WINDOW = 254
"""Most code points in a window, so that with [CLS] and [SEP] it has 256 tokens."""
OVERLAP = 96


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one sentence that goes through the encoder.

    Attributes:
        sentence: position of the sentence among those given.
        start: offset of the first code point in the sentence.
        end: offset after the last one.
    """

    sentence: int
    start: int
    end: int


def windows(lengths: Sequence[int]) -> list[Window]:
    """Cut sentences of these lengths into windows."""
    cut = []
    for sentence, length in enumerate(lengths):
        start = 0
        while start + WINDOW < length:
            cut.append(Window(sentence, start, start + WINDOW))
            start += WINDOW - OVERLAP
        if length:
            cut.append(Window(sentence, start, length))
    return cut


def batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Group what is of like length, the longest first.

    Args:
        lengths: all at least 1.
        most: of a group's places, padding included; what is longer makes a group of its own.

    Yields:
        Positions in ``lengths``, each once.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    at = 0
    while at < len(order):
        size = max(1, most // lengths[order[at]])
        yield order[at : at + size]
        at += size


def stitch(length: int, parts: Sequence[tuple[Window, Floats]]) -> Floats:
    """Put the rows of one sentence's windows together.

    Args:
        length: code points in the sentence.
        parts: windows in order, each with rows of shape (its code points, columns).
    """
    if len(parts) == 1:
        return parts[0][1]
    whole = np.empty((length, parts[0][1].shape[1]), dtype=np.float32)
    begin = 0
    for at, (window, rows) in enumerate(parts):
        last = at + 1 == len(parts)
        end = window.end if last else (window.end + parts[at + 1][0].start) // 2
        whole[begin:end] = rows[begin - window.start : end - window.start]
        begin = end
    return whole
