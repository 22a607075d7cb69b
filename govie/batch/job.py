"""The batch job: documents in, a results folder out, by whatever engine.

The job decides what is new, hands it to the engine one by one, gathers the rows that come back, and writes a part
whenever enough have gathered. The engine decides where documents are worked on.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from threading import Thread
from typing import Protocol, TextIO

from govie.batch.files import locked
from govie.batch.forms import FormName, default_form, require_form
from govie.batch.gather import Gatherer
from govie.batch.items import Item
from govie.batch.local_engine import LocalEngine
from govie.batch.manifest import MANIFEST, Manifest, rules_version
from govie.batch.options import BatchOptions
from govie.batch.parts import Parts
from govie.batch.process import Outcome
from govie.batch.progress import Meter, shown
from govie.batch.ray_engine import RayEngine, RowMaker, require_ray
from govie.batch.sources import Inputs
from govie.batch.worker import Setup
from govie.config import cores
from govie.errors import OutputError

__all__ = ["Engine", "Summary", "run_batch"]

_AGAIN = "What is written stays. Make room, or allow writing, and run the same command again."


class Engine(Protocol):
    """Where documents are worked on."""

    def run(self, items: Iterator[Item]) -> Generator[Outcome | None, None, None]:
        """Yield the outcome of every item, in any order, by :func:`govie.batch.process.process`.

        Items are taken from the iterator only when they can soon be worked on, in the thread that runs this generator.
        None, yielded every second or so while nothing is ready, lets the job show its state. Closing ends all work.
        """


@dataclass(frozen=True)
class Summary:
    """What a results folder holds after a run.

    Attributes:
        documents: rows of ``documents``, one for each source; ``duplicates`` of them have a content met before.
        failed: rows of ``errors``, those of earlier runs included.
        facts: rows of ``facts``.
        tasks: rows of ``tasks``.
        duplicates: see ``documents``.
        new: documents that this run extracted from or tried.
        seconds: how long it took.
        failures: what the first few rows of ``errors`` say.
    """

    documents: int
    failed: int
    facts: int
    tasks: int
    duplicates: int
    new: int
    seconds: float
    failures: tuple[str, ...] = ()


def run_batch(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    options: BatchOptions | None = None,
    progress: TextIO | None = None,
) -> Summary:
    """Extract from many documents into a folder; run again, do only what is missing.

    Args:
        inputs: folders, files and glob patterns; .jsonl, .csv and .parquet are tables of texts, .zip an archive.
        out: folder for the results, made if need be.
        options: see :class:`BatchOptions`.
        progress: where to show progress: a bar if it is a terminal, else a line a minute.

    Raises:
        OptionError: there is no input, or an option has a value out of range.
        ReadError: an input is not there.
        ModelError: the model is missing, corrupt or does not match.
        MissingExtraError: a library for the form or the engine is not installed.
        OutputError: the folder cannot be written, or holds something else or another job's results.
        WorkerDied: workers cannot be started.
    """
    began = time.monotonic()
    options = options or BatchOptions()
    form = options.form or default_form()
    require_form(form)
    if options.engine == "ray":
        require_ray()
    folder = Path(out)
    sources = Inputs(_names(inputs), options.text_column, options.id_column, skipped=folder)
    sources.check()
    setup = Setup(options.mode, options.model, options.max_characters, options.timeout)
    manifest = _manifest(sources, setup, form)
    with _writing(folder):
        _prepare(folder)
        with locked(folder), shown(progress) as meter:
            manifest = _opened(folder, manifest, options.restart)
            with closing(Gatherer(_parts(folder, form, options), meter, options.part_documents)) as gatherer:
                gatherer.load()
                if progress is not None:
                    Thread(target=_count, args=(sources, meter), daemon=True).start()
                _gather(gatherer, sources, _engine(options, setup, manifest))
                _close(manifest, folder, gatherer)
                counts, failures = gatherer.counts, tuple(gatherer.failures)
    return Summary(
        documents=counts["documents"],
        failed=counts["errors"],
        facts=counts["facts"],
        tasks=counts["tasks"],
        duplicates=counts["duplicates"],
        new=meter.done,
        seconds=time.monotonic() - began,
        failures=failures,
    )


def _names(inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> tuple[str, ...]:
    given = [inputs] if isinstance(inputs, (str, os.PathLike)) else inputs
    return tuple(dict.fromkeys(os.path.normpath(os.fspath(name)) for name in given))


def _manifest(sources: Inputs, setup: Setup, form: FormName) -> Manifest:
    extractor = setup.extractor()  # fails here, once, if there is no such model
    return Manifest(
        rules=rules_version(),
        mode=extractor.mode,
        model=extractor.model_hash,
        form=form,
        text_column=sources.text_column,
        id_column=sources.id_column,
        inputs=sources.given,
    )


def _prepare(folder: Path) -> None:
    """Make the folder, or see that it may be used: nothing is written among files that are not ours."""
    if folder.exists() and not folder.is_dir():
        raise OutputError("this is a file", where=str(folder), hint="Give a folder with --out.")
    folder.mkdir(parents=True, exist_ok=True)
    strangers = [entry.name for entry in os.scandir(folder) if not entry.name.startswith(".")]
    if strangers and not (folder / MANIFEST).exists():
        what = f"the folder holds other files ({', '.join(sorted(strangers)[:3])})"
        raise OutputError(what, where=str(folder), hint="Choose a new or empty folder with --out.")


def _opened(folder: Path, wanted: Manifest, restart: bool) -> Manifest:
    """Return the manifest to work under, and write it."""
    old = Manifest.load(folder)
    if old and restart:
        Parts(folder, wanted.form).clear()
    elif old:
        wanted = old.continued(wanted, folder)
    wanted.save(folder)
    return wanted


def _engine(options: BatchOptions, setup: Setup, manifest: Manifest) -> Engine:
    if options.engine == "ray":
        maker = RowMaker(manifest.rules, manifest.mode, manifest.model)
        return RayEngine(setup, options.workers, options.ray_address, maker)
    return LocalEngine(setup, options.workers or cores())


def _parts(folder: Path, form: FormName, options: BatchOptions) -> Parts:
    """Return the parts that are there, without what a killed job left and the errors that are to be tried again."""
    parts = Parts(folder, form)
    parts.sweep()
    # What had no content, a file that could not be opened, is worth another look every time.
    parts.drop_errors(lambda row: options.retry_failed or row["sha256"] is None)
    return parts


def _gather(gatherer: Gatherer, sources: Inputs, engine: Engine) -> None:
    try:
        with closing(engine.run(gatherer.new(sources.items()))) as outcomes:
            for outcome in outcomes:
                if outcome is not None:
                    gatherer.take(outcome)
                gatherer.breathe()
    except OSError:  # the folder cannot be written: there is no use in trying again
        raise
    except BaseException:  # interrupted, or no worker can be started: keep what there is
        gatherer.flush()
        raise
    gatherer.flush()


def _close(manifest: Manifest, folder: Path, gatherer: Gatherer) -> None:
    replace(
        manifest,
        input={"documents": gatherer.seen, "sha256": gatherer.input_sha256},
        counts=dict(gatherer.counts),
        finished=datetime.now(timezone.utc).isoformat(timespec="seconds"),
    ).save(folder)


def _count(sources: Inputs, meter: Meter) -> None:
    meter.total = sources.count()


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Say of what the system refuses, that it is about the results: inputs and workers have errors of their own."""
    try:
        yield
    except OSError as error:
        where = str(error.filename or folder)
        raise OutputError(f"cannot be written ({error.strerror or error})", where=where, hint=_AGAIN) from None
    except sqlite3.Error as error:
        raise OutputError(f"the index of what is done cannot be kept ({error})", hint=_AGAIN) from None
