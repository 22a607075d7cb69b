"""The Ray engine: documents spread over actors, on this machine or on the machines of a Ray cluster.

An actor holds an extractor, as a worker process of the local engine does, and the same :class:`~govie.batch.pool.Pool`
feeds it. This is Ray's core and not Ray Data, which takes no stream that is drawn in this process (what is new is
decided here, document by document), drops or retries a block of rows where one of them ends its worker, and has no
timeout for a row.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from govie.batch.items import Item
from govie.batch.manifest import rules_version
from govie.batch.pool import Pool, WorkerDied, WorkerTimeout
from govie.batch.process import Outcome, content, failed, process
from govie.batch.tables import TABLES
from govie.batch.worker import WARM_UP, Setup
from govie.config import cores
from govie.errors import MissingExtraError, OptionError, OutputError

if TYPE_CHECKING:
    from govie.pipeline import Extractor

__all__ = ["RayEngine", "RowMaker", "require_ray"]

_START_SECONDS = 300.0
_OBJECT_STORE = 256 * 1024 * 1024  # bytes; documents and rows pass through it, nothing stays
_QUIET = {"log_to_driver": False, "logging_level": "ERROR"}
# Read when Ray is imported. It lets whoever reaches its ports run anything, so its own one is for this machine alone:
# the second makes it listen on the loopback address. It reports to nobody.
_PRIVATE = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}


@dataclass(frozen=True)
class RowMaker:
    """What decides the rows, which has to be the same on every machine.

    Attributes:
        rules: see :func:`govie.batch.manifest.rules_version`.
        mode: the extractor's.
        model: SHA-256 of the model, None for rules alone.
    """

    rules: str
    mode: str
    model: str | None


class RayEngine:
    """Runs a job on Ray actors, one document at a time on each.

    Where :func:`ray.init` was called before, that connection is used and stays.

    Args:
        setup: what every actor loads.
        workers: how many actors; None for one for each core that is free when the job starts.
        address: of a cluster, as :func:`ray.init` takes it; None for a Ray of its own on this machine.
        maker: what the rows have to be made with.
    """

    def __init__(self, setup: Setup, workers: int | None, address: str | None, maker: RowMaker) -> None:
        self._setup = setup
        self._workers = workers
        self._address = address
        self._maker = maker

    def run(self, items: Iterator[Item]) -> Generator[Outcome | None, None, None]:
        """Yield the outcome of every item; see :meth:`govie.batch.pool.Pool.run`.

        Raises:
            OptionError: no cluster answers at the address.
            OutputError: a machine of the cluster has another govie or another model.
            WorkerDied: no actor can be started.
        """
        with _connected(self._address, self._workers or cores()) as apart:
            import ray

            start = ray.remote(num_cpus=1, max_restarts=0, scheduling_strategy="SPREAD")(_Actor).remote
            count = self._workers or max(int(ray.available_resources().get("CPU", 0)), 1)
            pool = Pool([_RayWorker(start, self._setup, self._maker, apart) for _ in range(count)])
            yield from pool.run(items)


class _Actor:
    """Lives in a process that Ray starts, perhaps on another machine."""

    _extractor: Extractor
    _max_characters: int

    def start(self, plain: dict[str, Any]) -> RowMaker | str:
        """Load the extractor; return what the rows will be made with, or what is wrong."""
        setup = Setup(**plain)
        try:
            self._extractor = setup.extractor()
            self._extractor(WARM_UP)
        except Exception as error:  # told in words: not every exception can be sent
            return str(error)
        self._max_characters = setup.max_characters
        return RowMaker(rules_version(), self._extractor.mode, self._extractor.model_hash)

    def process(self, plain: dict[str, Any]) -> dict[str, Any]:
        """Return the rows of an item by table."""
        outcome = process(Item.from_json(plain), self._extractor, self._max_characters)
        return {table: getattr(outcome, table) for table in TABLES}


class _RayWorker:
    """The job's side of one actor: a :class:`govie.batch.pool.Worker`.

    Args:
        new: starts an actor.
        setup: what it loads.
        maker: what its rows have to be made with.
        apart: it may be on a machine that does not see the files of this one.
    """

    def __init__(self, new: Callable[[], Any], setup: Setup, maker: RowMaker, apart: bool) -> None:
        self._new = new
        self._setup = setup
        self._maker = maker
        self._apart = apart
        self._actor: Any = None

    def start(self) -> None:
        from ray.exceptions import GetTimeoutError

        if self._actor is not None:
            return
        self._actor = self._new()
        try:
            found = self._call("start", asdict(self._setup), _START_SECONDS)
        except GetTimeoutError:
            what = f"a worker was not ready after {_START_SECONDS:g} seconds"
            raise WorkerDied(what, hint="Are cores of the cluster free? Try fewer --workers.") from None
        if found == self._maker:
            return
        self.stop()
        if isinstance(found, str):
            raise WorkerDied(f"a worker cannot work: {found}")
        what = f"a machine of the cluster would make other rows: {found}, here {self._maker}"
        raise OutputError(what, hint="Install the same govie, with the same model, on every machine.")

    def ask(self, plain: dict[str, Any]) -> dict[str, Any]:
        from ray.exceptions import GetTimeoutError

        if self._apart:
            item = Item.from_json(plain)
            try:
                plain = _carrying(item).to_json()
            except Exception as error:  # as it would be where the file is read by the worker
                return asdict(failed(item, "read", error))
        try:
            answer: dict[str, Any] = self._call("process", plain, self._setup.timeout)
        except GetTimeoutError:
            raise WorkerTimeout(self._setup.timeout) from None
        return answer

    def _call(self, method: str, argument: object, seconds: float) -> Any:
        """Call the actor and wait. One that is late or in trouble is ended."""
        import ray
        from ray.exceptions import GetTimeoutError, RayError

        try:
            return ray.get(getattr(self._actor, method).remote(argument), timeout=seconds)
        except GetTimeoutError:
            self.stop()
            raise
        except RayError:
            self.stop()
            raise WorkerDied("the worker's process ended, most often because memory ran out") from None

    def kill(self) -> None:
        import ray

        actor = self._actor
        if actor is not None:
            ray.kill(actor)

    def stop(self) -> None:
        self.kill()
        self._actor = None


def _carrying(item: Item) -> Item:
    """Return the item with its content in place of a file's name."""
    if item.file is None:
        return item
    data = content(item)
    return replace(item, file=None, data=data, size=len(data))


def require_ray() -> None:
    """Find out before the work whether Ray is there.

    Raises:
        MissingExtraError: it is not installed.
    """
    if find_spec("ray") is None:
        raise MissingExtraError("--engine ray", "ray")


@contextmanager
def _connected(address: str | None, processors: int) -> Iterator[bool]:
    """Connect to Ray and tell whether workers may be apart from this machine's files."""
    if address is None:
        for name, value in _PRIVATE.items():
            os.environ.setdefault(name, value)
    import ray

    if ray.is_initialized():
        yield True
        return
    with _own_sigterm():
        if address is None:
            _start_here(processors)
        else:
            _join(address)
    try:
        yield address is not None
    finally:
        ray.shutdown()


def _start_here(processors: int) -> None:
    """Start a Ray for this job alone."""
    import ray

    here = {"address": "local", "num_cpus": processors, "num_gpus": 0, "object_store_memory": _OBJECT_STORE}
    ray.init(**here, include_dashboard=False, **_QUIET)


def _join(address: str) -> None:
    import ray

    try:
        ray.init(address=address, **_QUIET)
    except (OSError, RuntimeError, ValueError) as error:
        hint = "Start one with: ray start --head, and run this on one of its machines."
        raise OptionError(f"no Ray cluster answers at {address!r} ({error})", hint=hint) from None


@contextmanager
def _own_sigterm() -> Iterator[None]:
    """Keep what SIGTERM does here: Ray would have it leave at once, with what has gathered unwritten."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
