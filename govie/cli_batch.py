"""The command ``govie batch``: a folder of documents in, a folder of tables out.

Exit codes: 0 every document gave a result, 1 some failed (they are in the table ``errors``) or the job could not go
on, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from govie.batch import BatchOptions
from govie.batch.forms import FORMS
from govie.batch.options import ENGINES
from govie.config import MODES
from govie.errors import GovieError, OptionError
from govie.terminal import Notices
from govie.wording import printable

if TYPE_CHECKING:
    from govie.batch import Summary

__all__ = ["batch"]

_DEFAULTS = BatchOptions()


@click.command()
@click.argument("inputs", metavar="INPUT…", nargs=-1, required=True, type=click.Path())
@click.option("--out", "-o", required=True, type=click.Path(path_type=Path), help="Folder for the results.")
@click.option("--format", "form", type=click.Choice(FORMS), help="By default parquet, where pyarrow is installed.")
@click.option("--mode", type=click.Choice(MODES), default=_DEFAULTS.mode, show_default=True, help="Who extracts.")
@click.option("--model", type=click.Path(), help="Folder of a model other than the one that comes with govie.")
@click.option("--text-column", default=_DEFAULTS.text_column, show_default=True, help="Column of the texts in tables.")
@click.option("--id-column", help="Column that names the rows of tables; by default their numbers do.")
@click.option(
    "--engine", type=click.Choice(ENGINES), default=_DEFAULTS.engine, show_default=True, help="Where to work."
)
@click.option("--ray-address", help="A Ray cluster's head (HOST:6379, or auto); by default Ray runs on this machine.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes; by default one a core.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=_DEFAULTS.timeout,
    show_default=True,
    help="Seconds that a document may take.",
)
@click.option(
    "--max-characters",
    type=click.IntRange(min=1),
    default=_DEFAULTS.max_characters,
    show_default=True,
    help="Longest text that is accepted.",
)
@click.option(
    "--part-documents",
    type=click.IntRange(min=1),
    default=_DEFAULTS.part_documents,
    show_default=True,
    help="Documents in one part; a part is also written every minute.",
)
@click.option("--retry-failed", is_flag=True, help="Try once more what failed in earlier runs.")
@click.option("--restart", is_flag=True, help="Remove the results in the folder and begin anew.")
def batch(inputs: Sequence[str], out: Path, **options: Any) -> int:
    """Extract facts and tasks from many documents.

    An INPUT is a folder, a file or a pattern ('reports/*.html'). A .jsonl, .csv or .parquet
    file is a table with a column of texts, a .zip an archive of documents.

    DIR gets the tables facts, tasks, documents and errors, each a folder of parts. Stopped
    or killed, the same command goes on where it was; run again, it does only what is new.
    """
    from govie.batch import run_batch

    notices = Notices()
    try:
        with _terminated_as_interrupted():
            summary = run_batch(inputs, out, BatchOptions(**options), progress=sys.stderr)
    except OptionError as error:
        raise click.UsageError(str(error)) from None
    except GovieError as error:
        notices.failed(str(out), error)
        return 1
    except KeyboardInterrupt:
        click.echo(f"govie: interrupted; what is in {out} stays. The same command goes on from there.", err=True)
        raise
    _tell(summary, out)
    return 1 if summary.failed else 0


def _tell(summary: Summary, out: Path) -> None:
    for failure in summary.failures:
        click.echo(f"govie: {click.style('failed:', fg='red')} {printable(failure)}", err=True)
    if summary.failed > len(summary.failures):
        click.echo(f"govie: … and {summary.failed - len(summary.failures):,} more", err=True)
    if not summary.documents and not summary.failed:
        click.echo("govie: note: there is no document in the input", err=True)
    failed = f"; {summary.failed:,} failed, see {out / 'errors'}" if summary.failed else ""
    duplicates = f" ({summary.duplicates:,} with a content met before)" if summary.duplicates else ""
    found = f"{summary.documents:,} documents{duplicates}, {summary.facts:,} facts, {summary.tasks:,} tasks{failed}"
    click.echo(f"{out}: {found}. New in this run: {summary.new:,}, in {summary.seconds:.1f} s.")


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Take SIGTERM, by which clusters end jobs, for Ctrl-C: what is gathered is still written."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
