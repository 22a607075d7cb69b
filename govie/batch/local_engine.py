"""The local engine: documents spread over worker processes on this machine."""

from __future__ import annotations

import os

from govie.batch.pool import Pool
from govie.batch.worker import Setup
from govie.batch.worker_process import WorkerProcess

__all__ = ["LocalEngine", "cores"]


class LocalEngine(Pool):
    """Runs a job on worker processes.

    Args:
        setup: what every worker loads.
        workers: how many processes, 1 or more.
    """

    def __init__(self, setup: Setup, workers: int) -> None:
        super().__init__([WorkerProcess(setup) for _ in range(workers)])


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
