"""What the command line shows: the table on standard output, notices and progress on standard error."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import click

from govie.errors import GovieError
from govie.records import Extraction
from govie.wording import BASIS_WORDS, KIND_WORDS, STATUS_WORDS, metadata_words, period_words, printable, value_words
from govie.writers import Content, Result, panel_rows

if TYPE_CHECKING:
    import pandas
    from rich.console import Console, JustifyMethod
    from rich.table import Table

__all__ = ["STDIN", "STDOUT", "Notices", "progress", "progress_wanted", "tell_log", "write_panel_table", "write_table"]

STDIN = "-"
STDOUT = "standard output"
_PIPE_WIDTH = 120  # columns where there is no terminal to ask
_SIGNS = {"decrease": "-"}
_STATUS_STYLES = {"actual": "green", "estimate": "yellow", "target": "blue"}


@dataclass
class Notices:
    """Tells on standard error what failed and what was empty, and counts the failures."""

    failures: int = 0

    def failed(self, path: str, error: Exception) -> None:
        """Report one file that gave no result; the others go on."""
        self.failures += 1
        what, where, hint = _explained(path, error)
        _say(f"{click.style('error:', fg='red')} {printable(where)}: {printable(what)}")
        if hint:
            click.echo(f"  hint: {printable(hint)}", err=True)

    def empty(self, path: str, content: Content) -> None:
        """Say that a file was read and held nothing."""
        _say(f"note: {printable(_place(path))}: no {content} found")


class _Teller(logging.Handler):
    """Says what is logged in the form of the other notices."""

    def emit(self, record: logging.LogRecord) -> None:
        _say(f"{record.levelname.lower()}: {printable(record.getMessage())}")


def tell_log() -> None:
    """Show warnings, those of other libraries too, on standard error; called twice, it shows them once."""
    log = logging.getLogger()
    if not any(isinstance(handler, _Teller) for handler in log.handlers):
        log.addHandler(_Teller(logging.WARNING))


def _say(message: str) -> None:
    click.echo(f"govie: {message}", err=True)


def _place(path: str) -> str:
    return "standard input" if path == STDIN else path


def progress_wanted(out: object) -> bool:
    """A bar helps where somebody watches and no table is being printed over it."""
    return sys.stderr is not None and sys.stderr.isatty() and (out is not None or not sys.stdout.isatty())


@contextmanager
def progress(paths: Sequence[str], *, shown: bool) -> Iterator[Iterable[str]]:
    """Go through the paths behind a progress bar on standard error, if it is to be shown."""
    if not shown:
        yield paths
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("govie"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield bar.track(paths)


def write_table(results: Iterable[Result], stream: TextIO, content: Content) -> None:
    """Print one table for each document, as wide as the terminal, without colours elsewhere."""
    console = _console(stream)
    for result in results:
        _print_head(console, result, content)
        extraction = result.extraction
        table = _fact_table(extraction) if content == "facts" else _task_table(extraction)
        if table.row_count:
            console.print(table)
        console.print()


def write_panel_table(table: pandas.DataFrame, stream: TextIO) -> None:
    """Print the columns of a panel that one reads first; the files have them all."""
    from rich.text import Text

    heads = ("地区", "年份", "指标", "类型", "状态", "口径", "数值", "力度", "参照", "")
    shown = _table(*((head, "right" if head == "数值" else "left") for head in heads))
    for row in panel_rows(table):
        number = "–".join(row[name] for name in ("value", "value_max") if row[name] is not None)
        cells = (
            *(row["region"], row["year"], row["indicator"], KIND_WORDS[row["kind"]], STATUS_WORDS[row["status"]]),
            *(BASIS_WORDS[row["basis"]], _SIGNS.get(row["direction"], "") + number + (row["unit"] or "")),
            *(row["hardness"], row["relative"], "不一致" if row["conflict"] else ""),
        )
        shown.add_row(*(Text(printable("" if cell is None else str(cell))) for cell in cells))
    if shown.row_count:
        _console(stream).print(shown)


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    asked = stream.isatty() or "COLUMNS" in os.environ
    return Console(file=stream, width=None if asked else _PIPE_WIDTH, highlight=False, markup=False, emoji=False)


def _print_head(console: Console, result: Result, content: Content) -> None:
    from rich.text import Text

    document = result.document
    known = metadata_words(document.metadata)
    count = len(result.extraction.facts if content == "facts" else result.extraction.tasks)
    title = document.metadata.title or result.path
    console.print(Text(printable(title), style="bold"))
    counted = f"{count} {content if count != 1 else content.removesuffix('s')}"
    console.print(Text(printable(" · ".join((*known, counted, result.path))), style="dim"))


def _table(*columns: tuple[str, JustifyMethod], fill: bool = False) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim", expand=fill)
    for name, justify in columns:
        table.add_column(name, justify=justify, overflow="fold")
    return table


def _fact_table(extraction: Extraction) -> Table:
    from rich.text import Text

    agencies = any(fact.lead or fact.support for fact in extraction.facts)
    last: tuple[tuple[str, JustifyMethod], ...] = (("责任单位", "left"),) if agencies else ()
    table = _table(("名称", "left"), ("数值", "right"), ("状态", "left"), ("时间", "left"), *last)
    for fact in extraction.facts:
        cells = (
            Text(printable(fact.name)),
            Text(printable(value_words(extraction, fact)), style="bold"),
            Text(STATUS_WORDS[fact.status], style=_STATUS_STYLES[fact.status]),
            Text(period_words(fact.period)),
            Text(_agencies(extraction, (*fact.lead, *fact.support))),
        )
        table.add_row(*cells[: len(table.columns)])
    return table


def _task_table(extraction: Extraction) -> Table:
    from rich.text import Text

    table = _table(("#", "right"), ("任务", "left"), ("牵头", "left"), ("配合", "left"), fill=True)
    for task in extraction.tasks:
        table.add_row(
            Text(printable(task.number or "")),
            Text(printable(" ".join(extraction.text[task.start : task.end].split()))),
            Text(_agencies(extraction, task.lead), style="bold"),
            Text(_agencies(extraction, task.support)),
        )
    return table


def _agencies(extraction: Extraction, spans: Sequence[int]) -> str:
    return printable("、".join(extraction.spans[span].text for span in spans))


def _explained(path: str, error: Exception) -> tuple[str, str, str | None]:
    """Return what went wrong, where, and what to do about it."""
    place = _place(path)
    if isinstance(error, GovieError):
        return error.what, place if path == STDIN else error.where or place, error.hint
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__, place, None
    what = f"unexpected {type(error).__name__}: {error}"
    return what, place, "This is a fault of govie; please report it with the file."
