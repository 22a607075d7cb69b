"""Numbers that Word writes before paragraphs and does not store as text: 一、 （一） 1. ①

They are rebuilt from ``numbering.xml`` as ECMA-376 Part 1, 17.9 describes: a paragraph names a numbering and a level,
itself or through its style; a level has a start, a number format and a text such as ``（%1）``; a paragraph at one
level restarts the deeper ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

__all__ = ["Numbering", "number_words"]

_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "十", "百", "千")
_LEGAL_PLACES = ("", "拾", "佰", "仟")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MOST = 9999  # larger numbers are written in digits
_LEVELS = 9


def _counting(number: int, digits: str, places: tuple[str, ...]) -> str:
    """Write a number below 10,000 the way Chinese counts: 十, 十一, 二十, 一百〇五."""
    written, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            written += (digits[0] if zero and written else "") + digits[digit] + places[place]
        zero = not digit
    return written.removeprefix(digits[1]) if 10 <= number < 20 and digits == _DIGITS else written


def _letters(number: int) -> str:
    """Write a, b … z, aa, bb … as Word does."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written


def _from_series(first: str, count: int) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if number <= count else str(number)


def _cycle(characters: str) -> Callable[[int], str]:
    return lambda number: characters[(number - 1) % len(characters)]


def _chinese(number: int) -> str:
    return _counting(number, _DIGITS, _PLACES)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "chineseLegalSimplified": lambda number: _counting(number, _LEGAL_DIGITS, _LEGAL_PLACES),
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalEnclosedCircle": _from_series("①", 20),
    "decimalEnclosedCircleChinese": _from_series("①", 20),
    "decimalEnclosedParen": _from_series("⑴", 20),
    "decimalEnclosedFullstop": _from_series("⒈", 20),
    "ideographEnclosedCircle": _from_series("㊀", 10),
    "ideographParenthesized": _from_series("㈠", 10),
    "decimalFullWidth": lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}


def number_words(number: int, number_format: str) -> str:
    """Write a number in one of Word's formats (ECMA-376 Part 1, 17.18.59); in digits where the format is unknown.

    Args:
        number: the number; outside 1 to 9999 it is written in digits.
        number_format: a value of ``w:numFmt``.
    """
    return _FORMATS.get(number_format, str)(number) if 1 <= number <= _MOST else str(number)


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    legal: bool = False
    restarts: bool = True


@dataclass(slots=True)
class _Scheme:
    """One abstract numbering: its levels, and how far each has counted."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)

    def advance(self, level: int) -> None:
        self.counts[level] = self.counts.get(level, self.level(level).start - 1) + 1
        for deeper in [other for other in self.counts if other > level and self.level(other).restarts]:
            del self.counts[deeper]

    def level(self, level: int) -> _Level:
        return self.levels.get(level, _Level())

    def label(self, level: int) -> str:
        shown = self.level(level)
        if shown.number_format == "bullet":
            return ""
        label = shown.text
        for other in range(_LEVELS):
            if f"%{other + 1}" in label:
                count = self.counts.get(other, self.level(other).start)
                number_format = "decimal" if shown.legal else self.level(other).number_format
                label = label.replace(f"%{other + 1}", number_words(count, number_format))
        return label


class Numbering:
    """The numberings of one document; it counts as paragraphs are asked for in order.

    Args:
        numbering: root of ``numbering.xml``, None if there is none.
        styles: root of ``styles.xml``, None if there is none.
    """

    def __init__(self, numbering: Any, styles: Any) -> None:
        """Read the schemes."""
        self._styles = {_value(style, "styleId"): style for style in _all(styles, "w:style")}
        self._abstract = {_value(scheme, "abstractNumId"): scheme for scheme in _all(numbering, "w:abstractNum")}
        self._numbers = {_value(number, "numId"): number for number in _all(numbering, "w:num")}
        self._schemes: dict[str, _Scheme] = {}
        self._used: set[str] = set()

    def label(self, paragraph: Any) -> str:
        """Return the number that Word shows before a paragraph, empty if it shows none, and count it."""
        number, level = self._numbered_as(paragraph)
        if not number or number == "0" or number not in self._numbers:
            return ""
        scheme = self._scheme(number)
        if number not in self._used:
            self._used.add(number)
            self._restart(number, scheme)
        scheme.advance(level)
        return scheme.label(level)

    def _numbered_as(self, paragraph: Any) -> tuple[str, int]:
        """Return a paragraph's numbering and level, from itself or from the styles it is based on."""
        style = _child_value(paragraph, "w:pPr/w:pStyle")
        number, level = _number_of(paragraph)
        seen: set[str] = set()
        named = style
        while number is None and named in self._styles and named not in seen:
            seen.add(named)
            number, style_level = _number_of(self._styles[named])
            level = style_level if level is None else level
            named = _child_value(self._styles[named], "w:basedOn")
        if number and level is None:
            level = self._level_of_style(number, style)
        return number or "", min(level or 0, _LEVELS - 1)

    def _level_of_style(self, number: str, style: str) -> int:
        """Return the level that a heading style is tied to by ``w:pStyle``."""
        levels = _all(self._abstract_of(number), "w:lvl") if number in self._numbers else ()
        tied = (level for level in levels if _child_value(level, "w:pStyle") == style)
        return next((_integer(_value(level, "ilvl"), 0) for level in tied), 0)

    def _scheme(self, number: str) -> _Scheme:
        overrides = list(_all(self._numbers[number], "w:lvlOverride/w:lvl"))
        key = number if overrides else "abstract " + _child_value(self._numbers[number], "w:abstractNumId")
        if key not in self._schemes:
            levels = [*_all(self._abstract_of(number), "w:lvl"), *overrides]
            self._schemes[key] = _Scheme({_integer(_value(level, "ilvl"), 0): _read_level(level) for level in levels})
        return self._schemes[key]

    def _abstract_of(self, number: str) -> Any:
        """Return a numbering's abstract one, following a link to a numbering style once."""
        abstract = self._abstract.get(_child_value(self._numbers[number], "w:abstractNumId"))
        linked = self._styles.get(_child_value(abstract, "w:numStyleLink"))
        if linked is None:
            return abstract
        real = self._numbers.get(_child_value(linked, "w:pPr/w:numPr/w:numId"))
        return self._abstract.get(_child_value(real, "w:abstractNumId"), abstract)

    def _restart(self, number: str, scheme: _Scheme) -> None:
        for override in _all(self._numbers[number], "w:lvlOverride"):
            start = _child_value(override, "w:startOverride")
            if start:
                scheme.counts[_integer(_value(override, "ilvl"), 0)] = _integer(start, 1) - 1


def _read_level(level: Any) -> _Level:
    return _Level(
        start=_integer(_child_value(level, "w:start"), 1),
        number_format=_child_value(level, "w:numFmt") or "decimal",
        text=_child_value(level, "w:lvlText"),
        legal=level.find(qn("w:isLgl")) is not None,
        restarts=_child_value(level, "w:lvlRestart") != "0",
    )


def _number_of(element: Any) -> tuple[str | None, int | None]:
    """Return ``numId`` and level as a paragraph or style itself gives them."""
    number = _child_value(element, "w:pPr/w:numPr/w:numId")
    level = _child_value(element, "w:pPr/w:numPr/w:ilvl")
    return number or None, _integer(level, 0) if level else None


def _all(element: Any, path: str) -> Iterator[Any]:
    found = element.findall("/".join(qn(name) for name in path.split("/"))) if element is not None else ()
    return iter(found)


def _child_value(element: Any, path: str) -> str:
    """Return ``w:val`` of a descendant, empty if there is none."""
    child = next(_all(element, path), None)
    return _value(child, "val") if child is not None else ""


def _value(element: Any, name: str) -> str:
    return str(element.get(qn(f"w:{name}"), ""))


def _integer(written: str, default: int) -> int:
    return int(written) if written.isdecimal() and len(written) < 6 else default
