"""Markdown: marks out, headings and list items as lines, pipe tables as grids, HTML blocks read as HTML.

The structure comes from markdown-it. Its tokens know the source lines of a block and not where their words stand; the
words of a block are therefore looked up in those lines one after another, each behind the one before. List numbers
are kept, bullets are not; a line end inside a paragraph stays one, and indented paragraphs are paragraphs, not code,
because Chinese text is indented and often has no blank lines.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from govie.config import Limits
from govie.document import Document, Metadata
from govie.reading.assemble import assemble_plain
from govie.reading.build import build_document
from govie.reading.encoding import Decoded
from govie.reading.flow import Flow
from govie.reading.html import write_html

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["read_markdown"]

_log = logging.getLogger(__name__)

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_DEEPEST = 100  # markdown-it drops what is nested deeper, so such sources are read as plain text
_TOO_DEEP = re.compile(
    r"""^ (?: [ \t]{0,80} (?: > | [*+-] (?=[ \t]) | \d{1,9} [.)] ) ){40}
    | ^ [ \t]{80,} (?: [*+-] | \d{1,9} [.)] ) [ \t]
    """,
    re.X | re.M,
)
_MOST_BRACKETS = 2_000  # in one block; markdown-it takes time quadratic in them
_LINE_BREAK = re.compile(r"<br\b", re.I)
_PIECE = re.compile(r"\s+|\|?[^\s|]*")
_LOOK_AHEAD = 65_536


def read_markdown(decoded: Decoded, *, where: str, limits: Limits) -> Document:
    """Return the document that a Markdown source (CommonMark with GFM tables) holds.

    Args:
        decoded: the source.
        where: its name, for messages.
        limits: bounds on tables and on HTML inside.
    """
    source = decoded.text.replace("\0", "\ufffd")  # as CommonMark asks
    known = Metadata(encoding=decoded.encoding)
    if _unsuitable(source):
        _log.warning("%s: too deeply nested or too full of brackets for Markdown; read as plain text", where)
        plain = assemble_plain(decoded.text)
        return build_document(plain.text, source_map=plain.source_map, known=known)
    flow = Flow(limits, where)
    _Writer(source, flow, limits, where).write()
    text = flow.assembler
    return build_document(text.text, tables=tuple(flow.tables), source_map=text.source_map, known=known)


def _unsuitable(source: str) -> bool:
    return bool(_TOO_DEEP.search(source)) or any(block.count("[") > _MOST_BRACKETS for block in source.split("\n\n"))


class _Writer:
    """Writes the tokens of one source into a flow."""

    def __init__(self, source: str, flow: Flow, limits: Limits, where: str) -> None:
        self._source = source
        self._flow = flow
        self._limits = limits
        self._where = where
        self._lines = [0, *accumulate(len(line) for line in _LINE.findall(source))]
        self._at = 0  # everything before is written
        self._end = 0  # where the block at hand ends
        self._structure: dict[str, Callable[[], None]] = {
            "table_open": flow.begin_table,
            "table_close": flow.end_table,
            "tr_open": flow.begin_row,
            "tr_close": self._end_row,
            "td_open": flow.begin_cell,
            "th_open": flow.begin_cell,
            "td_close": flow.end_cell,
            "th_close": flow.end_cell,
            "paragraph_open": self._begin_paragraph,
            "heading_open": self._begin_paragraph,
        }
        self._item = False

    def write(self) -> None:
        """Parse the source and write it all."""
        from markdown_it import MarkdownIt

        parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable(["code", "text_join"])
        for is_html, tokens in groupby(parser.parse(self._source), key=lambda token: token.type == "html_block"):
            if is_html:
                self._html(list(tokens))
            else:
                for token in tokens:
                    self._token(token)

    def _token(self, token: Token) -> None:
        if token.map:
            self._move_to(token.map)
        if token.type in self._structure:
            self._structure[token.type]()
        elif token.type == "list_item_open":
            self._begin_item(token)
        else:
            self._leaf(token)

    def _html(self, blocks: Sequence[Token]) -> None:
        """Write HTML blocks that follow one another as one: a blank line ends a block, but not the table inside."""
        self._move_to(((blocks[0].map or [0])[0], (blocks[-1].map or [0, 0])[1]))
        self._flow.line_break()
        fragment = self._source[self._at : self._end]
        write_html(fragment, self._flow, offset=self._at, limits=self._limits, where=self._where)
        self._flow.line_break()
        self._at = self._end

    def _move_to(self, lines: Sequence[int]) -> None:
        self._at = max(self._at, self._lines[lines[0]])
        self._end = self._lines[min(lines[1], len(self._lines) - 1)]

    def _begin_paragraph(self) -> None:
        if not self._item:
            self._flow.line_break()
        self._item = False

    def _begin_item(self, token: Token) -> None:
        self._flow.line_break()
        if token.info:
            self._words(token.info + token.markup)
            self._item = True

    def _end_row(self) -> None:
        """Add the cells of a row that has more than the table's head, which GFM would have dropped."""
        ended, bar, rest = self._source[self._at : self._end].partition("|")
        at = self._at + len(ended) + len(bar)
        for part in rest.split("|"):
            if part.strip():
                self._flow.begin_cell()
                self._flow.write_text(part.strip(), at + part.index(part.strip()))
                self._flow.end_cell()
            at += len(part) + 1
        self._at = self._end

    def _leaf(self, token: Token) -> None:
        if token.type == "inline":
            for child in token.children or ():
                self._inline(child)
        elif token.type == "fence":
            self._flow.line_break()
            said = "" if token.info.isascii() else token.info + "\n"  # a language's name is no text
            for line in (said + token.content).splitlines():
                self._words(line)
                self._flow.line_break()
        elif token.type in ("paragraph_close", "heading_close"):
            self._flow.line_break()

    def _inline(self, token: Token) -> None:
        if token.type == "text":
            self._words(token.content)
        elif token.type == "code_inline":
            self._pieces(token.content)
        elif token.type == "text_special":  # an escape or entity: shown as content, written as markup
            at = self._find(token.markup)
            escaped = token.markup == "\\" + token.content
            self._flow.write_text(token.content, at + escaped)
            self._at = at + len(token.markup)
        elif token.type in ("softbreak", "hardbreak") or (
            token.type == "html_inline" and _LINE_BREAK.match(token.content)
        ):
            self._flow.line_break()

    def _words(self, words: str) -> None:
        """Write words that stand in the source as they are, or with line ends or backslashes in them."""
        if self._source.startswith(words, self._find(words)):
            self._write_found(words)
        else:
            self._pieces(words)

    def _pieces(self, words: str) -> None:
        """Write words one by one, because in the source line ends may stand between them."""
        for piece in _PIECE.findall(words):
            if piece.isspace():
                self._flow.space()
            else:
                self._write_found(piece)

    def _write_found(self, words: str) -> None:
        at = self._find(words)
        self._flow.write_text(words, at)
        if self._source.startswith(words, at):
            self._at = at + len(words)

    def _find(self, words: str) -> int:
        """Return where ``words`` stand next in the block, or where reading has got to if they do not stand there."""
        end = min(self._end, self._at + len(words) + _LOOK_AHEAD)
        return max(self._source.find(words, self._at, end), self._at) if words else self._at
