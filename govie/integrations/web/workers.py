"""Runs jobs in processes of their own, so that one can be cut off without harm to the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio
from anyio import BrokenWorkerProcess, CancelScope, CapacityLimiter, Semaphore, to_process
from fastapi import HTTPException
from starlette.requests import ClientDisconnect

from govie.integrations.web.answers import refused
from govie.integrations.web.jobs import Job, Reply, work
from govie.integrations.web.options import WebOptions

__all__ = ["Workers"]

Receive = Callable[[], Awaitable[object]]


class Workers:
    """A handful of worker processes, started when first needed.

    A job that takes longer than its time, or whose client has left, is ended by killing
    its process; the next job starts a fresh one.
    """

    def __init__(self, options: WebOptions) -> None:
        self._seconds = options.seconds
        self._free = Semaphore(options.workers)
        self._processes = CapacityLimiter(options.workers)

    async def run(self, job: Job, receive: Receive) -> Reply:
        """Return what became of a job.

        Args:
            receive: waits for the client to leave, once the body has been read.

        Raises:
            HTTPException: no worker came free, the job took too long, or its worker died.
            ClientDisconnect: the client has left.
        """
        outcome: Reply | HTTPException | None = None
        async with anyio.create_task_group() as group:
            group.start_soon(_cancel_when_left, receive, group.cancel_scope)
            outcome = await self._attempt(job)
            group.cancel_scope.cancel()
        if outcome is None:
            raise ClientDisconnect
        if isinstance(outcome, HTTPException):
            raise outcome
        return outcome

    async def _attempt(self, job: Job) -> Reply | HTTPException:
        """Return the refusal instead of raising it: a task group would wrap it."""
        with anyio.move_on_after(self._seconds) as waiting:
            await self._free.acquire()
        if waiting.cancelled_caught:
            return refused(503, "all workers are busy", "Try again later.", {"Retry-After": "30"})
        try:
            with anyio.fail_after(self._seconds):
                return await to_process.run_sync(work, job, cancellable=True, limiter=self._processes)
        except TimeoutError:
            hint = "Send fewer or smaller documents, or use the command govie extract, which has no limit."
            return refused(504, f"the extraction took more than {self._seconds:g} seconds", hint)
        except BrokenWorkerProcess:
            return refused(500, "the worker process ended", "Was there enough memory? Send a smaller document.")
        finally:
            self._free.release()


async def _cancel_when_left(receive: Receive, scope: CancelScope) -> None:
    await receive()
    scope.cancel()
