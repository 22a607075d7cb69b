"""The code blocks of the pages, and how each of them is run.

A page's blocks run in order, in one folder and one Python namespace, as a reader would type them. The folder is
temporary and sees the project's files through links.

python   run; an example with ``>>>`` is a doctest, ``...`` in its output stands for anything
sh       run by bash as it stands, ends at the first error
console  lines that begin with ``$ `` are run, the lines after each are its output, ``...`` again for anything
other    (text, json …) shown, not run; a block must say what it is

A block that cannot run here has ``<!-- not run: the reason -->`` on a line of its own before it.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

RUN = ("python", "sh", "console")
_MARKER = re.compile(r"<!-- not run: (?P<reason>.*?) -->\s*", re.S)
_LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_SECONDS = 300  # for one shell command
# What a page must not see: results of other runs, and the folders of tools.
_HIDDEN = {"demo", "runs", "build", "dist"}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Attributes:
        page: the Markdown file.
        line: line of the fence, counted from 1.
        language: the word after the fence, empty if there is none.
        code: the lines inside.
        reason: why it is not run, None for a block that runs.
    """

    page: Path
    line: int
    language: str
    code: str
    reason: str | None = None

    @property
    def runs(self) -> bool:
        return self.language in RUN and self.reason is None

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """Yield every fenced block of a page, with the reason given before it for not running it."""
    reason = None
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type in {"fence", "code_block"}:  # the latter is indented, and has no language
            yield Block(page, token.map[0] + 1, token.info.strip(), token.content, reason)
        marker = _MARKER.fullmatch(token.content) if token.type == "html_block" else None
        reason = marker["reason"] if marker else None


def prepare(folder: Path) -> None:
    """Make the project's files visible in a folder where what is written does not reach them."""
    for path in ROOT.iterdir():
        if not path.name.startswith(".") and path.name not in _HIDDEN:
            (folder / path.name).symlink_to(path)


def run(block: Block, names: dict[str, Any]) -> None:
    """Run a block in the working folder.

    Args:
        block: one that runs.
        names: the page's Python namespace, shared by its blocks.

    Raises:
        AssertionError: the output is not the one shown, or a command failed.
    """
    {"python": _run_python, "sh": _run_shell, "console": _run_console}[block.language](block, names)


def _run_python(block: Block, names: dict[str, Any]) -> None:
    if ">>> " not in block.code:
        exec(compile(block.code, str(block), "exec"), names)
        return
    said: list[str] = []
    test = doctest.DocTestParser().get_doctest(block.code, {}, str(block), str(block.page), block.line)
    test.globs = names
    doctest.DocTestRunner(optionflags=_LOOSE).run(test, out=said.append, clear_globs=False)
    assert not said, "".join(said)


def _run_shell(block: Block, names: dict[str, Any]) -> None:
    done = _bash(block.code)
    assert done.returncode == 0, f"{block}: exit code {done.returncode}\n{done.stdout}"


def _run_console(block: Block, names: dict[str, Any]) -> None:
    for command, shown in _commands(block.code):
        done = _bash(command)
        same = doctest.OutputChecker().check_output(shown, done.stdout, _LOOSE)
        assert same, f"{block}: $ {command}\nshown:\n{shown}\ngot (exit code {done.returncode}):\n{done.stdout}"


def _commands(code: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", code, flags=re.M)[1:]:
        command, _, shown = re.sub(r"\\\n", "", part).partition("\n")
        yield command, shown


def _bash(script: str) -> subprocess.CompletedProcess[str]:
    here = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    here.pop("COLUMNS", None)  # a table is then as wide as in a pipe
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=_SECONDS,
        env=here,
        check=False,
    )
