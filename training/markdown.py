"""Markdown whose prose is written by hand and whose figures are filled in by program."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path

__all__ = ["fill", "markdown_table", "refresh_command", "refreshed"]

_MARKED = re.compile(r"<!-- begin (?P<name>\w+(?: [\w-]+)?) -->\n.*?<!-- end (?P=name) -->", re.DOTALL)


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def fill(text: str, figures: Callable[[str], str]) -> str:
    """Return the text with what stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->`` made anew.

    Args:
        text: the page.
        figures: gives the content for a name of one or two words.
    """

    def replace(match: re.Match[str]) -> str:
        name = match["name"]
        return f"<!-- begin {name} -->\n{figures(name)}\n<!-- end {name} -->"

    return _MARKED.sub(replace, text)


def refreshed(folder: Path, figures: Callable[[Path, str, str], str]) -> str:
    """Return a folder's ``README.md`` with its figures as the files beside it say.

    Args:
        folder: of the model.
        figures: gives the content for the folder and a name's one or two words, the second empty if there is none.

    Raises:
        FileNotFoundError: a part needs a file that is missing.
        KeyError: the page marks a part that is not known.
    """

    def content(name: str) -> str:
        kind, _, which = name.partition(" ")
        return figures(folder, kind, which)

    return fill((folder / "README.md").read_text(encoding="utf-8"), content)


def refresh_command(module: str, refresh: Callable[[Path], str], argv: Sequence[str] | None) -> Path | None:
    """Write a folder's ``README.md`` anew as the command line of a model card's module.

    Args:
        module: its name in this package.
        refresh: gives the page of a folder with its figures as they should be.
        argv: the folder; with ``--check`` nothing is written.

    Returns:
        The folder, if its page was written.

    Raises:
        SystemExit: with ``--check``, a figure is out of date.
    """
    parser = argparse.ArgumentParser(description="Refresh the figures of a model card.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a figure is out of date")
    options = parser.parse_args(argv)
    folder: Path = options.folder
    path, page = folder / "README.md", refresh(folder)
    if not options.check:
        path.write_text(page, encoding="utf-8")
        return folder
    if page != path.read_text(encoding="utf-8"):
        raise SystemExit(f"{path} is out of date: run python -m training.{module} {folder}")
    return None
