"""The command ``govie``: documents in, facts or tasks out.

Exit codes: 0 all files gave a result, 1 a file failed or the output could not be
written, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from govie import __version__
from govie.cli_batch import batch
from govie.cli_serve import serve
from govie.config import LIMITS, MODES, Mode
from govie.errors import GovieError, ModelError, OptionError, ReadError
from govie.terminal import STDIN, STDOUT, Notices, progress, progress_wanted, tell_log, write_panel_table, write_table
from govie.writers import PANEL_WRITERS, WRITERS, Content, Result, open_output, require_parquet

if TYPE_CHECKING:
    import pandas

    from govie.document import Document
    from govie.pipeline import Extractor

__all__ = ["cli", "main"]

FORMATS = ("table", "jsonl", "csv", "parquet", "html")
PANEL_FORMATS = ("table", *PANEL_WRITERS)
_INTERRUPTED = 130

Write = Callable[[Iterable[Result], str, Path | None], None]

_HELP_FORMAT = "Form of the output; by default what the suffix of --out says, else a table."
_HELP_MODE = "Who extracts: rules, model, or auto for the best at hand."
_HELP_OUT = "File to write instead of standard output, which is also -."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; no error escapes as a traceback.

    Args:
        arguments: the words after ``govie``; those of the process by default.
    """
    _never_fail_to_encode()
    tell_log()
    try:
        code = cli.main(args=None if arguments is None else list(arguments), prog_name="govie", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return _INTERRUPTED
    except OSError as error:  # the help, which click prints, could not be written
        Notices().failed(STDOUT, error)
        return 1
    return code if isinstance(code, int) else 0


def _never_fail_to_encode() -> None:
    """Escape what the terminal's encoding does not hold, as Python itself does on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _show_version(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"govie, version {__version__}")
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
def cli() -> None:
    """Turn Chinese government documents into facts and tasks."""


cli.add_command(batch)
cli.add_command(serve)


def _options(command: Callable[..., int]) -> Callable[..., int]:
    decorators = (
        click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(allow_dash=True)),
        click.option("--format", "form", type=click.Choice(FORMATS), help=_HELP_FORMAT),
        click.option("--mode", type=click.Choice(MODES), default="auto", show_default=True, help=_HELP_MODE),
        click.option("--out", "-o", type=click.Path(dir_okay=False, path_type=Path), help=_HELP_OUT),
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


@cli.command()
@_options
def extract(**options: Any) -> int:
    """Extract facts: which indicator, how much, for when, how binding.

    A FILE is text, HTML, Markdown, Word or PDF; - reads standard input.

    \b
    table    for reading, one for each document
    jsonl    one object a document: its path and everything found, offsets included
    csv      one line a fact; UTF-8 with a byte order mark, safe to open in a spreadsheet
    parquet  one row a fact, numbers as numbers; needs govie[frame]
    html     one page with the texts, the facts and the tasks
    """
    return _extract("facts", **options)


@cli.command()
@_options
def tasks(**options: Any) -> int:
    """Extract tasks: what is to be done, who leads, who takes part.

    Takes the same files and options as extract. jsonl and html hold facts and tasks
    alike; table, csv and parquet have one line for each task.
    """
    return _extract("tasks", **options)


@cli.command()
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--format", "form", type=click.Choice(PANEL_FORMATS), help=_HELP_FORMAT)
@click.option("--mode", type=click.Choice(MODES), default="auto", show_default=True, help=_HELP_MODE)
@click.option("--out", "-o", type=click.Path(dir_okay=False, path_type=Path), help=_HELP_OUT)
@click.option("--plot", "indicator", metavar="INDICATOR", help="Draw this indicator too: its id, such as gdp.")
@click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="Picture file; by default ID.png.")
def panel(**options: Any) -> int:
    """Make one table of the figures of known indicators, for every region and year.

    Takes the same files as extract. A row is a region's figure of an indicator in a year:
    target or result, value, unit, how firmly it is put, and the sentence it stands in.
    Needs govie[panel]; --plot needs govie[plot].

    \b
    table    the columns one reads first
    csv      all columns; UTF-8 with a byte order mark, safe to open in a spreadsheet
    parquet  all columns, numbers as exact decimals
    """
    plot = _plot(options.pop("indicator"), options.pop("picture"))

    def write(results: Iterable[Result], form: str, out: Path | None) -> None:
        table = _panel_table(list(results))
        if plot is not None:
            _save_picture(table, *plot)
        _write_panel(table, form, out)

    return _run(write, _Asked(**options), content="facts", forms=PANEL_FORMATS)


def _plot(indicator: str | None, picture: Path | None) -> tuple[str, Path] | None:
    """Return what to draw, and the file for it."""
    if indicator is None:
        if picture is not None:
            raise click.UsageError("--picture says where the picture goes; say with --plot what it shows.")
        return None
    from govie.integrations.plot import PICTURE_FORMATS

    path = picture or Path(f"{indicator}.png")
    if path.suffix[1:].lower() not in PICTURE_FORMATS:
        raise click.UsageError(f"--picture {path.name}: the suffix must be one of {', '.join(PICTURE_FORMATS)}.")
    return indicator, path


def _panel_table(results: Sequence[Result]) -> pandas.DataFrame:
    from govie.facts.panel import panel as make_panel

    return make_panel(
        [result.extraction for result in results],
        documents=[result.document for result in results],
        names=[result.path for result in results],
    )


def _save_picture(table: pandas.DataFrame, indicator: str, path: Path) -> None:
    from govie.integrations.plot import plot_panel

    figure = plot_panel(table, indicator)
    with open_output(path) as stream:
        figure.savefig(stream, format=path.suffix[1:].lower(), dpi=150)


def _write_panel(table: pandas.DataFrame, form: str, out: Path | None) -> None:
    if form == "table":
        with _text_output(out) as text:
            write_panel_table(table, text)
    else:
        with open_output(out) as stream:
            PANEL_WRITERS[form](table, stream)


def _extract(content: Content, **options: Any) -> int:
    return _run(partial(_write, content=content), _Asked(**options), content=content, forms=FORMATS)


@dataclass(frozen=True)
class _Asked:
    """What the command line asks for: files, the form of the output, who extracts, and where to write."""

    paths: Sequence[str]
    form: str | None
    mode: Mode
    out: Path | None


def _run(write: Write, asked: _Asked, *, content: Content, forms: Sequence[str]) -> int:
    """Extract from the files and write what is found.

    Args:
        write: takes the results, the form and where to.
        asked: from the command line.
        content: what a file must give, or it is said that it gave nothing.
        forms: that the suffix of ``--out`` may name.

    Returns:
        The exit code.
    """
    paths, mode = asked.paths, asked.mode
    out = None if asked.out == Path(STDIN) else asked.out
    form = asked.form or _form_of(out, forms)
    _check_usage(paths, form, out)
    notices = Notices()
    try:
        extractor = _extractor(mode, form)
        with progress(paths, shown=progress_wanted(out)) as tracked:
            write(_results(tracked, extractor, content, notices), form, out)
    except BrokenPipeError:
        _leave_pipe()
        return 1
    except OptionError as error:
        raise click.UsageError(str(error)) from None
    except GovieError as error:
        notices.failed(f"--mode {mode}" if isinstance(error, ModelError) else f"--format {form}", error)
    except OSError as error:
        notices.failed(error.filename or str(out or STDOUT), error)
    return 1 if notices.failures else 0


def _form_of(out: Path | None, forms: Sequence[str]) -> str:
    if out is None or out.suffix in {"", ".txt"}:
        return "table"
    suffix = out.suffix[1:].lower()
    if suffix in forms:
        return suffix
    raise click.UsageError(f"--out {out.name}: no format has the suffix {out.suffix}; name one with --format.")


def _check_usage(paths: Sequence[str], form: str, out: Path | None) -> None:
    if paths.count(STDIN) > 1:
        raise click.UsageError("standard input (-) can be read only once.")
    if out is None and sys.stdout is None:
        raise click.UsageError("standard output is closed; give a file with --out.")
    if form == "parquet" and out is None and sys.stdout.isatty():
        raise click.UsageError("parquet is not for a terminal; give a file with --out.")
    if out is not None and out.is_file() and any(Path(path).is_file() and out.samefile(path) for path in paths):
        raise click.UsageError(f"--out {out} would overwrite an input file.")


def _extractor(mode: Mode, form: str) -> Extractor:
    from govie.pipeline import load

    if form == "parquet":
        require_parquet()
    return load(mode=mode)


def _results(paths: Iterable[str], extractor: Extractor, content: Content, notices: Notices) -> Iterator[Result]:
    """Yield a result for every file that gives one; a fault in one file never stops the others."""
    for path in paths:
        try:
            document = _read(path)
            extraction = extractor(document)
        except Exception as error:  # the last line of defence: whatever it is, the user gets a message
            notices.failed(path, error)
            continue
        if not (extraction.facts if content == "facts" else extraction.tasks):
            notices.empty(path, content)
        yield Result(path, document, extraction)


def _read(path: str) -> Document:
    from govie.reading import read

    if path == STDIN:
        if sys.stdin is None:
            raise ReadError("it is closed", where=path, hint="Give a file instead.")
        return read(sys.stdin.buffer.read(LIMITS.source_bytes + 1))
    return read(path)


def _write(results: Iterable[Result], form: str, out: Path | None, content: Content) -> None:
    if form == "table":
        with _text_output(out) as text:
            write_table(results, text, content)
    else:
        with open_output(out) as stream:
            WRITERS[form](results, stream, content)


@contextmanager
def _text_output(out: Path | None) -> Iterator[TextIO]:
    """Open a file, or standard output for None, for writing a table."""
    if out is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    with open_output(out) as stream:
        text = TextIOWrapper(stream, encoding="utf-8", errors="replace")
        yield text
        text.flush()
        text.detach()


def _leave_pipe() -> None:
    """Nobody reads any more: send what is still buffered nowhere, so that leaving is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
