"""The job's side of one worker process: start it, ask it, notice when it hangs or dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from threading import Timer
from typing import Any

from govie.batch.pool import WorkerDied, WorkerTimeout
from govie.batch.worker import Setup

__all__ = ["WorkerProcess"]

_START_SECONDS = 300.0
_STOP_SECONDS = 2.0
_LAST_WORDS = 400  # bytes of a dead worker's standard error that go into the message
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class WorkerProcess:
    """One worker, started when it is first asked.

    Processes are started as commands and not by multiprocessing: a script that calls :func:`govie.batch.run_batch`
    needs no ``if __name__ == "__main__"``, and a worker that is killed takes no lock with it that others wait for.

    Args:
        setup: what the worker loads.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._process: subprocess.Popen[str] | None = None
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed in stop()

    def start(self) -> None:
        """Start the process if it does not run, and wait until it can work.

        Raises:
            WorkerDied: it ended before it was ready.
        """
        if self._process is not None:
            if self._process.poll() is None:
                return
            self._reap()
        self._errors.seek(0)
        self._errors.truncate()
        self._process = self._spawn()
        self._exchange(self._setup.to_json(), _START_SECONDS)

    def _spawn(self) -> subprocess.Popen[str]:
        try:
            return subprocess.Popen(
                [sys.executable, "-m", "govie.batch.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                encoding="ascii",
                env=_environment(),
            )
        except OSError as error:
            raise WorkerDied(f"a worker's process cannot be started ({error})", hint="Try fewer --workers.") from None

    def ask(self, plain: dict[str, Any]) -> dict[str, Any]:
        """Send one item and return its rows by table.

        Raises:
            WorkerTimeout: no answer came in time; the process was ended.
            WorkerDied: the process ended.
        """
        answer: dict[str, Any] = json.loads(self._exchange(json.dumps(plain), self._setup.timeout))
        return answer

    def stop(self) -> None:
        """End the process and let go of what it held."""
        if self._process is not None:
            self._process.kill()
            self._reap()
        self._errors.close()

    def _exchange(self, line: str, seconds: float) -> str:
        """Write one line and read one. A timer ends the process where that takes too long: a dead process answers."""
        assert self._process is not None
        late = False

        def end() -> None:
            nonlocal late
            late = True
            self.kill()

        timer = Timer(seconds, end)
        timer.start()
        try:
            answer = self._write_and_read(line)
        finally:
            timer.cancel()
        if answer.endswith("\n"):
            return answer
        code = self._reap()
        if late:
            raise WorkerTimeout(seconds)
        raise WorkerDied(f"the worker's process {_manner(code)}{self._last_words()}")

    def _write_and_read(self, line: str) -> str:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except OSError:  # it is gone; a write that got through would have found no reader either
            return ""
        return self._process.stdout.readline()

    def kill(self) -> None:
        """End the process now; whoever waits for its answer sees that it died."""
        if self._process is not None:
            self._process.kill()

    def _reap(self) -> int:
        assert self._process is not None
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):  # what was still to be written has no reader
                    stream.close()
        try:
            return self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _last_words(self) -> str:
        self._errors.seek(0)
        words = self._errors.read()[-_LAST_WORDS:].decode("utf-8", "replace").strip()
        return f": {words.splitlines()[-1]}" if words else ""


def _manner(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    return f"was ended by {name}" + (", most often because memory ran out" if name == "SIGKILL" else "")


def _environment() -> dict[str, str]:
    """Where the worker finds this same govie, and one thread for it: workers share the cores among themselves."""
    paths = os.pathsep.join(path for path in sys.path if path)
    safe = {"PYTHONPATH": paths, "PYTHONSAFEPATH": "1"}  # a json.py in the user's folder is not ours
    return os.environ | safe | {name: os.environ.get(name, "1") for name in _ONE_THREAD}
