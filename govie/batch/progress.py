"""How a job tells where it is: a bar on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Meter", "shown"]

_LINE_SECONDS = 60.0
_BAR_SECONDS = 0.2


@dataclass
class Meter:
    """Counts documents.

    Attributes:
        total: how many there are, None until that is known; an estimate where tables are counted by lines.
        skipped: found in the folder, or met before.
        done: extracted from, or tried, in this run.
        failed: those of ``done`` that gave no result.
    """

    total: int | None = None
    skipped: int = 0
    done: int = 0
    failed: int = 0
    _began: float = field(default_factory=time.monotonic)

    @property
    def seen(self) -> int:
        """Documents that are behind us."""
        return self.skipped + self.done

    @property
    def rate(self) -> float:
        """Documents a second in this run."""
        return self.done / max(time.monotonic() - self._began, 1e-9)

    @property
    def left(self) -> float | None:
        """Seconds that are left at this rate, None while that cannot be said."""
        if self.total is None or not self.done:
            return None
        return max(self.total - self.seen, 0) / self.rate

    def tick(self) -> None:
        """Show the state, if it is time to; called often."""

    def words(self) -> str:
        """Say the state in one line."""
        of = "" if self.total is None else f" of {max(self.total, self.seen):,}"
        left = "" if self.left is None else f", {_duration(self.left)} left"
        failed = f", {self.failed:,} failed" if self.failed else ""
        return f"{self.seen:,}{of} documents{failed}, {self.rate:.1f} a second{left}"


@dataclass
class _Lines(Meter):
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    _told: float = field(default_factory=time.monotonic)

    def tick(self) -> None:
        if (now := time.monotonic()) - self._told >= _LINE_SECONDS:
            self._told = now
            print(f"govie: {self.words()}", file=self.stream, flush=True)


@dataclass
class _Bar(Meter):
    bar: Progress | None = None
    task: TaskID | None = None
    _told: float = 0.0

    def tick(self) -> None:
        if (now := time.monotonic()) - self._told >= _BAR_SECONDS and self.bar and self.task is not None:
            self._told = now
            self.bar.update(self.task, completed=self.seen, total=self.total, description=self.words())


@contextmanager
def shown(stream: TextIO | None) -> Iterator[Meter]:
    """Give a meter that shows itself on the stream; one that shows nothing for None."""
    if stream is None:
        yield Meter()
    elif not stream.isatty():
        yield _Lines(stream=stream)
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (TextColumn("govie"), BarColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(file=stream), transient=True) as bar:
            yield _Bar(bar=bar, task=bar.add_task("", total=None))


def _duration(seconds: float) -> str:
    minutes, hours = round(seconds / 60), seconds / 3600
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{hours:.1f} h"
