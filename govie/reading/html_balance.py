"""Balanced markup from unbalanced tags: which elements are open, and what each tag ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from govie.errors import LimitError
from govie.lexicon import load_toml

__all__ = ["LINE_BREAK", "BalancedMarkup"]

LINE_BREAK = "b;"  # stands in the text for <br>, so that it costs no element

_ROW_GROUPS = frozenset({"tbody", "thead", "tfoot"})
_CELLS = frozenset({"td", "th", "caption"})
_TABLE_PARTS = _CELLS | _ROW_GROUPS | {"tr"}
_INLINE = ("a", "span")


@lru_cache(maxsize=1)
def _ended_by() -> dict[str, frozenset[str]]:
    return {name: frozenset(enders) for name, enders in load_toml("html_chrome.toml")["ended_by"].items()}


@dataclass(slots=True)
class _Element:
    """An open element: its name, what was written for it (maybe nothing), and whether its end tag came too early."""

    name: str
    written: str
    inline: bool
    ended: bool = False


class _Scope:
    """Open elements by name, within which end tags look for their start."""

    __slots__ = ("_open", "owner")

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self._open: dict[str, list[_Element]] = {}

    def add(self, element: _Element) -> None:
        self._open.setdefault(element.name, []).append(element)

    def remove_last(self, name: str) -> None:
        self._open[name].pop()

    def last(self, name: str) -> _Element | None:
        return elements[-1] if (elements := self._open.get(name)) else None


class BalancedMarkup:
    """Writes tags so that every element ends, in order, and none is nested deeper than a limit.

    Follows the HTML Standard ("Tree construction") as far as the text's lines and tables need it: a paragraph ends
    where a block begins, a cell where the next cell or row begins, and a table and a cell each bound a scope that the
    end tags of other elements do not cross. Every tag takes constant time on average.

    Args:
        depth: elements nested deeper are opened up; a block leaves a line break.
        elements: how many elements may be written.
        where: the document's name, for messages.
    """

    def __init__(self, depth: int, elements: int, where: str) -> None:
        """Begin with nothing open."""
        self.pieces: list[str] = []
        self.flattened = 0
        self._limits = depth, elements
        self._where = where
        self._depth = 0
        self._written = 0
        self._open: list[_Element] = []
        self._scopes = [_Scope("")]

    def begin(self, name: str, written: str, attributes: str = "") -> None:
        """Open an element, ending those that its tag ends by implication.

        Args:
            name: the source's name of it.
            written: the name to write; empty to leave the tags out and only pair them.
            attributes: what to write after the name, with a space before each.

        Raises:
            LimitError: too many elements.
        """
        self._end_implied(name)
        element = _Element(name, self._write(written, attributes) if written else "", written in _INLINE)
        self._open.append(element)
        self._scopes[-1].add(element)
        if name == "table" or name in _CELLS:
            self._scopes.append(_Scope(name))

    def begin_row_group(self, name: str) -> None:
        """End an open row; row groups themselves are not written."""
        self._end_implied(name)

    def end(self, name: str) -> None:
        """End the innermost open element of this name and all inside it; do nothing if none is in scope.

        An inline element that a block inside it outlasts, as in ``<a><div></a></div>``, ends with that block.
        """
        if not self.holds(name):
            return
        element = self._scopes[-1].last(name)
        if element and element.inline and not self._open[-1].inline:
            self._scopes[-1].remove_last(name)
            element.ended = True
        else:
            self._end_through(name)

    def holds(self, name: str) -> bool:
        """Tell whether an element of this name is open in the scopes that its end tag can reach."""
        in_cell = self._scopes[-1].owner in _CELLS
        reach = 2 + in_cell if name == "table" else 1 + in_cell if name in _TABLE_PARTS else 1
        return any(scope.last(name) for scope in self._scopes[-reach:])

    def end_all(self) -> str:
        """End whatever is still open and return all markup."""
        while self._open:
            self._pop()
        return "".join(self.pieces)

    def _end_implied(self, name: str) -> None:
        if name in _TABLE_PARTS:
            if (cell := self._scopes[-1].owner) in _CELLS:
                self._end_through(cell)
            if name not in ("td", "th") and self.holds("tr"):
                self._end_through("tr")
        while self._open and name in _ended_by().get(self._open[-1].name, ()):
            self._pop()

    def _write(self, written: str, attributes: str) -> str:
        depth, elements = self._limits
        if self._depth >= depth:
            self.flattened += 1
            self.pieces.append("" if written in _INLINE else LINE_BREAK)
            return ""
        self._depth += 1
        self._written += 1
        if self._written > elements:
            raise LimitError(f"more than {elements} elements", where=self._where, hint="Raise Limits.html_elements.")
        self.pieces.append(f"<{written}{attributes}>")
        return written

    def _end_through(self, name: str) -> None:
        while (element := self._pop()).name != name or element.ended:
            pass
        while self._open and self._open[-1].ended:
            self._pop()

    def _pop(self) -> _Element:
        element = self._open.pop()
        if element.name == "table" or element.name in _CELLS:
            self._scopes.pop()
        if not element.ended:
            self._scopes[-1].remove_last(element.name)
        if element.written:
            self._depth -= 1
            self.pieces.append(f"</{element.written}>")
        return element
