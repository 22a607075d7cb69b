"""Documents spread over workers, whatever they are: what all engines have in common.

Each worker has a thread here that feeds it one document at a time, waits for its rows, and replaces it when it hangs or
dies. Workers share nothing, so one that is killed disturbs no other.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any, Protocol

from govie.batch.items import Item
from govie.batch.process import Outcome, failed
from govie.errors import GovieError

__all__ = ["Pool", "Worker", "WorkerDied", "WorkerTimeout"]

_ATTEMPTS = 2  # a worker may be killed for what another process did to the machine's memory
_STARTS = 3
_TICK = 1.0  # seconds
_AHEAD = 2  # documents in hand or waiting, for each worker
_BYTES_AHEAD = 256 * 1024 * 1024


class WorkerDied(GovieError):
    """A worker ended with a document in hand, or could not be started."""


class WorkerTimeout(GovieError):
    """A document took longer than the timeout; its worker was ended."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no result after {seconds:g} seconds", hint="Split it, or allow more with --timeout.")


class Worker(Protocol):
    """What works on one document at a time."""

    def start(self) -> None:
        """Start it if it does not run, and wait until it can work.

        Raises:
            WorkerDied: it ended before it was ready.
            WorkerTimeout: it did not become ready in time.
        """

    def ask(self, plain: dict[str, Any]) -> dict[str, Any]:
        """Take an item as :meth:`Item.to_json` gives it, and return its rows by table.

        Raises:
            WorkerDied: it ended.
            WorkerTimeout: no answer came in time; it was ended.
        """

    def kill(self) -> None:
        """End it now; whoever waits for its answer sees that it died. Called from another thread."""

    def stop(self) -> None:
        """End it and let go of what it held."""


class Pool:
    """Runs a job on workers.

    Args:
        workers: one or more, not started yet.
    """

    def __init__(self, workers: Sequence[Worker]) -> None:
        self._workers = workers
        self._given_up = 0
        self._stopping = Event()
        self._todo: Queue[Item | None] = Queue()
        self._done: Queue[tuple[Item, Outcome] | BaseException] = Queue()

    def run(self, items: Iterator[Item]) -> Generator[Outcome | None, None, None]:
        """Yield the outcome of every item as it is ready, in any order, and None every second while none is.

        Items are taken from the iterator when a worker is about to need them: a few documents for each worker, and
        :data:`_BYTES_AHEAD` bytes, are held at a time. Closing the generator ends the workers.

        Raises:
            WorkerDied: no worker can be started.
            WorkerTimeout: none became ready in time.
        """
        threads = [Thread(target=self._feed, args=(worker,), daemon=True) for worker in self._workers]
        for thread in threads:
            thread.start()
        try:
            yield from self._spread(items)
        finally:
            self._end(threads)

    def _spread(self, items: Iterator[Item]) -> Iterator[Outcome | None]:
        running = held = 0
        for item in items:
            self._todo.put(item)
            running, held = running + 1, held + item.size
            while running >= _AHEAD * len(self._workers) or held > _BYTES_AHEAD:
                if finished := self._wait():
                    running, held = running - 1, held - finished[0].size
                yield finished and finished[1]
        while running:
            if finished := self._wait():
                running -= 1
            yield finished and finished[1]

    def _wait(self) -> tuple[Item, Outcome] | None:
        try:
            finished = self._done.get(timeout=_TICK)
        except Empty:
            return None
        if not isinstance(finished, BaseException):
            return finished
        self._given_up += 1
        if isinstance(finished, (WorkerDied, WorkerTimeout)) and self._given_up < len(self._workers):
            return None
        raise finished

    def _feed(self, worker: Worker) -> None:
        item = None
        try:
            while (item := self._todo.get()) is not None and not self._stopping.is_set():
                self._done.put((item, self._outcome(worker, item)))
        except BaseException as error:  # it cannot be started again: the others take over
            self._todo.put(item)
            self._done.put(error)

    def _outcome(self, worker: Worker, item: Item) -> Outcome:
        attempt = 1
        while True:
            _start(worker)
            try:
                return Outcome(**worker.ask(item.to_json()))
            except WorkerTimeout as error:
                return failed(item, "timeout", error)
            except WorkerDied as error:
                if attempt == _ATTEMPTS or self._stopping.is_set():
                    return failed(item, "worker", error)
            attempt += 1

    def _end(self, threads: list[Thread]) -> None:
        self._stopping.set()
        for _ in threads:
            self._todo.put(None)
        for thread, worker in zip(threads, self._workers, strict=True):
            while thread.is_alive():
                worker.kill()  # again and again: it may be between two processes
                thread.join(_TICK / 10)
            worker.stop()


def _start(worker: Worker) -> None:
    for attempt in range(1, _STARTS + 1):
        try:
            return worker.start()
        except (WorkerDied, WorkerTimeout):
            if attempt == _STARTS:
                raise
