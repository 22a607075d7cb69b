"""The local engine: documents spread over worker processes on this machine."""

from __future__ import annotations

from govie.batch.pool import Pool
from govie.batch.worker import Setup
from govie.batch.worker_process import WorkerProcess

__all__ = ["LocalEngine"]


class LocalEngine(Pool):
    """Runs a job on worker processes.

    Args:
        setup: what every worker loads.
        workers: how many processes, 1 or more.
    """

    def __init__(self, setup: Setup, workers: int) -> None:
        super().__init__([WorkerProcess(setup) for _ in range(workers)])
