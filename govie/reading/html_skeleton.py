"""An HTML source's skeleton: its blocks and links alone, every run of text replaced by its number.

No HTML parser says where in the source a text node stands, so the text is kept away from the parser: this module finds
the tags in one pass, numbers the runs of text between them, and writes balanced markup with ``17;`` where the source
has its run 17 and ``b;`` where it has a line break. The tree built from that leads back to the source exactly, entities
included. The same pass keeps the tree small and shallow: inline formatting is left out, attributes are reduced to what
is read later, scripts, styles and comments go, and elements nested deeper than the limit are opened up (their text and
line breaks stay).

Tags are told from text as browsers do it (HTML Standard, "Tokenization"), except where that would lose text: a quoted
value that runs on for more than 64 K characters is taken for a missing quote; a comment, script or style that never
ends is passed over up to its first ``>``; and a ``<`` with no ``>`` after it is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from govie.config import Limits
from govie.lexicon import load_toml
from govie.reading.html_balance import LINE_BREAK, BalancedMarkup

__all__ = ["PART", "Skeleton", "skeleton"]

PART = re.compile(r"(?P<run>\d+);|b;")

_MARKUP = re.compile(
    r"""< (?: (?P<comment> !-- )
        | (?P<declaration> [!?] )
        | (?P<end> / )? (?P<name> [A-Za-z] [A-Za-z0-9:._-]* ) (?= [\s/>] )
        )
    """,
    re.X,
)
_TAG_END = re.compile(r"""> | = \s* (?P<quote> ["'] )""", re.X)
_ATTRIBUTE = re.compile(
    r"""(?P<name> [^\s=>"'/]+ ) \s*
    (?: = \s* (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<bare>[^\s"'>]\S*) ) )?
    """,
    re.X,
)
_HIDING_STYLE = re.compile(
    r"""(?<![-\w])
    (?: display \s*:\s* none \b | visibility \s*:\s* hidden \b | (?: text-indent|left|top ) \s*:\s* - \d{4,} )
    """,
    re.X | re.I,
)
# On a block it only closes up the gaps between the parts, which set sizes of their own.
_NO_SIZE = re.compile(r"(?<![-\w])font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)", re.I)
_BLOCK_STYLE = re.compile(r"\bdisplay\s*:\s*(?:block|flex|grid|table)\b", re.I)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LONGEST_VALUE = 65_536
_LONGEST_NAME = 1_000
_NUMBER = re.compile(r"[0-9]{1,4}")
_RAW_TEXT = {"script": re.compile(r"</script(?=[\s/>])", re.I), "style": re.compile(r"</style(?=[\s/>])", re.I)}
_COMMENT_END = re.compile(r"--!?>")
_NO_CONTENT = frozenset(
    {"area", "base", "basefont", "bgsound", "body", "col", "colgroup", "embed", "frame", "frameset", "head", "html",
     "img", "input", "keygen", "link", "param", "source", "track", "wbr"}
)  # fmt: skip
_ROW_GROUPS = frozenset({"tbody", "thead", "tfoot"})
_TABLE_NAMES = frozenset({"table", "caption", "tr", "td", "th"})
_KEPT_NAMES = _TABLE_NAMES | {"a", "h1", "h2", "h3", "h4", "h5", "h6", "pre"}


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What is left of a source for the parser.

    Elements are ``div``, ``span``, ``a``, ``pre``, ``h1`` to ``h6``, ``table``, ``caption``, ``tr``, ``td`` and ``th``.
    A ``role`` attribute says what the source's element was where that matters: ``machinery``, ``furniture``,
    ``chrome``, ``hidden``, ``title``.

    Attributes:
        markup: the skeleton; :data:`PART` matches what stands for text in it.
        said: name and content of the <meta> elements, names in lower case, entities decoded.
        runs: start and end offset in the source of every run of text, by number.
        flattened: how many elements stood deeper than the limit and were opened up.
    """

    markup: str
    said: list[tuple[str, str]]
    runs: list[tuple[int, int]]
    flattened: int


def skeleton(source: str, limits: Limits, where: str) -> Skeleton:
    """Return the skeleton of an HTML source, in time linear in its length.

    Args:
        source: the decoded source.
        limits: ``html_depth`` and ``html_elements`` count.
        where: the document's name, for messages.

    Raises:
        LimitError: the page has more than ``limits.html_elements`` elements.
    """
    return _Scanner(source, limits, where).scan()


class _Vocabulary(NamedTuple):
    block: frozenset[str]
    machinery: frozenset[str]
    furniture: frozenset[str]
    names: frozenset[str]
    forum: frozenset[str]
    content: frozenset[str]
    hidden: frozenset[str]


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    lexicon = load_toml("html_chrome.toml")
    tags, words = lexicon["tags"], lexicon["words"]
    return _Vocabulary(
        **{name: frozenset(tags[name]) for name in ("block", "machinery", "furniture")},
        **{name: frozenset(words[name]) for name in ("forum", "content", "hidden")},
        names=frozenset(words["chrome"] + words["forum"]),
    )


class _Scanner:
    """One pass over a source."""

    def __init__(self, source: str, limits: Limits, where: str) -> None:
        self._source = source
        self._markup = BalancedMarkup(limits.html_depth, limits.html_elements, where)
        self._said: list[tuple[str, str]] = []
        self._runs: list[tuple[int, int]] = []
        self._absent: set[str] = set()

    def scan(self) -> Skeleton:
        position = 0
        while match := _MARKUP.search(self._source, position):
            end = self._end_of_markup(match)
            if end < 0:
                break
            self._text(position, match.start())
            position = self._element(match, end) if match["name"] else end
        self._text(position, len(self._source))
        return Skeleton(self._markup.end_all(), self._said, self._runs, self._markup.flattened)

    def _text(self, start: int, end: int) -> None:
        if start < end:
            self._markup.pieces.append(f"{len(self._runs)};")
            self._runs.append((start, end))

    def _end_of_markup(self, match: re.Match[str]) -> int:
        """Return where a tag or comment ends, -1 if there is no ``>`` any more."""
        if match["name"]:
            return self._end_of_tag(match.end())
        if match["comment"]:
            found = self._search(_COMMENT_END, match.start() + 2)
            if found:
                return found.end()
        return self._source.find(">", match.end()) + 1 or -1

    def _search(self, pattern: re.Pattern[str], position: int) -> re.Match[str] | None:
        """Search, once for all where the pattern does not occur any more: positions only grow."""
        if pattern.pattern in self._absent:
            return None
        found = pattern.search(self._source, position)
        if not found:
            self._absent.add(pattern.pattern)
        return found

    def _end_of_tag(self, position: int) -> int:
        while match := _TAG_END.search(self._source, position):
            quote = match["quote"]
            if not quote:
                return match.end()
            close = self._source.find(quote, match.end(), match.end() + _LONGEST_VALUE)
            position = match.end() if close < 0 else close + 1
        return -1

    def _element(self, match: re.Match[str], end: int) -> int:
        """Pass a tag on to the markup and return where reading goes on."""
        name = match["name"].lower()
        if match["end"]:
            self._end_tag(name)
        elif name in _RAW_TEXT:
            found = self._search(_RAW_TEXT[name], end)
            return found.start() if found else end
        else:
            self._start_tag(name, self._source[match.end() : end - 1])
        return end

    def _end_tag(self, name: str) -> None:
        if name in _ROW_GROUPS:
            self._markup.begin_row_group(name)
        elif self._markup.holds(name):
            self._markup.end(name)
        elif name in ("br", "p"):
            self._markup.pieces.append(LINE_BREAK)

    def _start_tag(self, name: str, written: str) -> None:
        if name in _NO_CONTENT:
            return
        if name in ("br", "hr"):
            self._markup.pieces.append(LINE_BREAK)
        elif name == "meta":
            said = dict(_attributes(written))
            self._said.append(
                ((said.get("name") or said.get("property", "")).lower(), unescape(said.get("content", "")))
            )
        elif name in _ROW_GROUPS:
            self._markup.begin_row_group(name)
        else:
            kept, attributes = _cached_reduction(name, written) if len(written) < 500 else _reduction(name, written)
            if kept or self._markup.holds(name):
                self._markup.begin(name, kept, attributes)


def _reduction(name: str, written: str) -> tuple[str, str]:
    """Return what stands for a start tag in the skeleton: a name (empty for none) and attributes."""
    vocabulary = _vocabulary()
    attributes = dict(_attributes(written))
    if name == "a" and "href" not in attributes:  # a place to link to
        return "", ""
    role = _role(name, attributes)
    shown = f' role="{role}"' if role else ""
    if name in _KEPT_NAMES:
        return name, _spans(attributes) + shown
    block = name in vocabulary.block or role in ("machinery", "furniture")
    if block or _BLOCK_STYLE.search(attributes.get("style", "")):
        return "div", shown
    return "span" if role else "", shown


_cached_reduction = lru_cache(maxsize=4096)(_reduction)


def _role(name: str, attributes: dict[str, str]) -> str:
    """Say what an element is for, as far as its tag and attributes tell."""
    vocabulary = _vocabulary()
    words = _words(attributes.get("class", "")) | _words(attributes.get("id", ""))
    in_table = name in _TABLE_NAMES
    if name in vocabulary.machinery:
        return "machinery"
    if words & vocabulary.hidden or _is_hidden(attributes, block=in_table or name in vocabulary.block):
        return "hidden"
    if name == "title":
        return "title"
    if words & vocabulary.content:
        return ""
    named = words & (vocabulary.forum if in_table else vocabulary.names)
    return "furniture" if name in vocabulary.furniture else "chrome" if named else ""


def _is_hidden(attributes: dict[str, str], *, block: bool) -> bool:
    style = attributes.get("style", "")
    return "hidden" in attributes or bool(_HIDING_STYLE.search(style) or (not block and _NO_SIZE.search(style)))


def _attributes(written: str) -> Iterator[tuple[str, str]]:
    for match in _ATTRIBUTE.finditer(written):
        yield match["name"].lower(), match["double"] or match["single"] or match["bare"] or ""


def _spans(attributes: dict[str, str]) -> str:
    """Write colspan and rowspan where they are numbers above one."""
    spans = [(name, attributes.get(name, "").strip()) for name in ("colspan", "rowspan")]
    return "".join(f' {name}="{number}"' for name, number in spans if _NUMBER.fullmatch(number) and number != "1")


def _words(names: str) -> frozenset[str]:
    """Return the words of a class or id, and each name in it with separators and a number at its end left out."""
    whole = (re.sub(r"[^a-z]+", "", name.lower()) for name in names[:_LONGEST_NAME].split())
    return frozenset(word.lower() for word in _WORD.findall(names[:_LONGEST_NAME])) | frozenset(whole)
