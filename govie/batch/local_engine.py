"""The local engine: documents spread over worker processes on this machine.

Each worker has a thread here that feeds it one document at a time, waits for its rows, and replaces it when it hangs or
dies. Workers share nothing, so one that is killed disturbs no other.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from queue import Empty, Queue
from threading import Event, Thread

from govie.batch.items import Item
from govie.batch.process import Outcome, failed
from govie.batch.worker import Setup
from govie.batch.worker_process import WorkerDied, WorkerProcess, WorkerTimeout

__all__ = ["LocalEngine", "cores"]

_ATTEMPTS = 2  # a worker may be killed for what another process did to the machine's memory
_STARTS = 3
_TICK = 1.0  # seconds
_AHEAD = 2  # documents in hand or waiting, for each worker
_BYTES_AHEAD = 256 * 1024 * 1024


class LocalEngine:
    """Runs a job on worker processes.

    Args:
        setup: what every worker loads.
        workers: how many processes, 1 or more.
    """

    def __init__(self, setup: Setup, workers: int) -> None:
        self._workers = [WorkerProcess(setup) for _ in range(workers)]
        self._stopping = Event()
        self._todo: Queue[Item | None] = Queue()
        self._done: Queue[tuple[Item, Outcome] | BaseException] = Queue()

    def run(self, items: Iterator[Item]) -> Generator[Outcome | None, None, None]:
        """Yield the outcome of every item as it is ready, in any order, and None every second while none is.

        Items are taken from the iterator when a worker is about to need them: a few documents for each worker, and
        :data:`_BYTES_AHEAD` bytes, are held at a time. Closing the generator ends the workers.

        Raises:
            WorkerDied: workers cannot be started.
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
        if isinstance(finished, BaseException):
            raise finished
        return finished

    def _feed(self, worker: WorkerProcess) -> None:
        try:
            while (item := self._todo.get()) is not None and not self._stopping.is_set():
                self._done.put((item, self._outcome(worker, item)))
        except BaseException as error:  # told to whoever waits for outcomes
            self._done.put(error)

    def _outcome(self, worker: WorkerProcess, item: Item) -> Outcome:
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


def _start(worker: WorkerProcess) -> None:
    for attempt in range(1, _STARTS + 1):
        try:
            return worker.start()
        except (WorkerDied, WorkerTimeout):
            if attempt == _STARTS:
                raise


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
