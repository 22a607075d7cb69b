"""Numerals as reports write them, read as exact decimals.

Arabic and Chinese digits may be mixed (三百1十); nothing is ever rounded except
a fraction that has no finite decimal form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache, reduce

from govie.lexicon import load_toml

__all__ = ["Numeral", "fold", "fraction_unit", "is_range", "parse_numeral"]

_ONE, _TEN = Decimal(1), Decimal(10)
# Far above any number in a report, yet small enough that a hostile text cannot make arithmetic slow.
_LONGEST = 64
_EXACT = Context(prec=8 * _LONGEST)  # each character adds eight digits at most (亿)
_WIDE = re.compile("[！-～\u3000∶·]")
_NARROW = {"\u3000": " ", "∶": ":", "·": "."} | {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True, slots=True)
class Numeral:
    """The number that a numeral writes.

    Attributes:
        value: the number as written, exact; the lower end of a range.
        value_max: the upper end of a range (3至5, 两三), else None.
        open_ended: 余, 多, 几 or 来 stands inside: the true number is higher.
    """

    value: Decimal
    value_max: Decimal | None = None
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """The characters of numerals, from ``lexicon/numerals.toml``."""

    digits: dict[str, int]
    tens: dict[str, int]
    scales: dict[str, Decimal]
    open_marks: frozenset[str]
    open_leads: frozenset[str]
    halves: frozenset[str]
    fraction_units: dict[str, str]
    token: re.Pattern[str]
    dash: re.Pattern[str]


@lru_cache(maxsize=1)
def _alphabet() -> _Alphabet:
    data = load_toml("numerals.toml")
    digits, tens, scales = data["digits"], data["tens"], data["scales"]
    signs = "".join(digits)
    dashes = "".join(map(re.escape, data["ranges"]["dashes"]))
    return _Alphabet(
        digits=digits,
        tens=tens,
        scales={sign: Decimal(10) ** power for sign, power in scales.items()},
        open_marks=frozenset(data["open"]["marks"]),
        open_leads=frozenset(data["open"]["leads"]),
        halves=frozenset(data["halves"]["words"]),
        fraction_units=data["fractions"],
        token=re.compile(rf"[0-9]+(?:\.\d+)?|[{signs}]*点[{signs}]+|[{signs}]+|."),
        dash=re.compile(rf"[{dashes}]+"),
    )


def fold(text: str) -> str:
    """Fold full-width forms to half-width ones, ``∶`` to ``:`` and ``·`` to ``.``, length unchanged."""
    return _WIDE.sub(lambda wide: _NARROW[wide[0]], text)


def fraction_unit(text: str) -> str | None:
    """Return the unit that a fraction word holds: 百分之五 → ``%``, 千分之三 → ``‰``, else None."""
    head, divided, _ = text.partition("分之")
    return _alphabet().fraction_units.get(head.strip()[-1:]) if divided else None


def parse_numeral(text: str, magnitude: Decimal = _ONE) -> Numeral | None:
    """Read a numeral.

    百分之 and 千分之 are units in disguise, so the number after them is the value
    (百分之一点五七 → 1.57; see :func:`fraction_unit`); other fractions and ratios
    are divided out (六分之一, 1/4, 2.1∶1).

    Args:
        text: a numeral or a range of two; spaces inside are ignored.
        magnitude: multiplier held in the unit that follows; the value is meant to be
            multiplied by it. It settles numerals that reach across it (2亿1千|万元) and ranges
            that write it twice or only at the end (3万-5|万人, 8000-1|万人).

    Returns:
        The numeral, or None if the text is not one.
    """
    return _parse(text, magnitude) if len(text) <= _LONGEST else None


def is_range(text: str) -> bool:
    """Tell whether a text is a numeral that writes two numbers (3至5, 两三)."""
    numeral = parse_numeral(text)
    return numeral is not None and numeral.value_max is not None


@lru_cache(maxsize=8192)
def _parse(text: str, magnitude: Decimal) -> Numeral | None:
    folded = re.sub(r"[\s,]", "", fold(text))
    if folded[:1] in ("-", "−"):
        positive = _parse_single(folded[1:])
        return None if positive is None else Numeral(-positive.value, None, positive.open_ended)
    return _parse_single(folded, magnitude) or _parse_range(folded, magnitude)


def _parse_single(text: str, magnitude: Decimal = _ONE) -> Numeral | None:
    if not text:
        return None
    if text in _alphabet().halves:
        return Numeral(Decimal("0.5"))
    if "分之" in text:
        return _parse_fraction(text)
    for sign in ("/", ":"):
        if sign in text:
            return _parse_ratio(text, sign)
    return _parse_plain(text, magnitude)


def _parse_fraction(text: str) -> Numeral | None:
    below, _, above = text.partition("分之")
    upper = _parse_plain(above)
    if upper is None or below in _alphabet().fraction_units:
        return upper
    lower = _parse_plain(below)
    return None if lower is None else _divide(upper, lower)


def _parse_ratio(text: str, sign: str) -> Numeral | None:
    left, _, right = text.partition(sign)
    upper, lower = _parse_plain(left), _parse_plain(right)
    return None if upper is None or lower is None else _divide(upper, lower)


def _divide(upper: Numeral, lower: Numeral) -> Numeral | None:
    if not lower.value:
        return None
    return Numeral(upper.value / lower.value, None, upper.open_ended or lower.open_ended)


def _parse_range(text: str, magnitude: Decimal) -> Numeral | None:
    written, *rest = _alphabet().dash.split(text, maxsplit=1)
    if not rest:
        return None
    left, right = _leading_numeral(written), _parse_single(rest[0].removeprefix("百分之"), magnitude)
    if left is None or right is None or right.value_max is not None:
        return None
    low = left.value * _shared_scale(written, left.value, rest[0])
    if low > right.value and magnitude > 1:
        low /= magnitude  # written in full, where the upper end leaves its multiplier to the unit
    low, high = sorted((low, right.value))
    return Numeral(low, high, left.open_ended or right.open_ended)


def _shared_scale(written: str, low: Decimal, upper: str) -> Decimal:
    """Return the scale that a bare lower end takes from the upper one: 3-5万, 三到五百."""
    scales = "".join(_alphabet().scales)
    bare = upper.rstrip(scales)
    if bare == upper or set(written) & set(scales):
        return _ONE
    number, scale = _parse_plain(bare), _parse_plain(upper[len(bare) :])
    return scale.value if number and scale and low <= number.value else _ONE


def _leading_numeral(text: str) -> Numeral | None:
    """Read the first end of a range, whose unit may follow it (6.5%-7, 3万元-5)."""
    for end in range(len(text), 0, -1):
        numeral = _parse_single(text[:end])
        if numeral is not None:
            return numeral
    return None


def _parse_plain(text: str, magnitude: Decimal = _ONE) -> Numeral | None:
    """Read one number without fraction or dash."""
    alphabet = _alphabet()
    is_open = False
    if len(text) > 1 and text[0] in alphabet.open_leads:
        text, is_open = text[1:], True
    kept = "".join(c for c in text if c not in alphabet.open_marks)
    is_open = is_open or len(kept) < len(text)
    ends = _neighbours(kept)
    if ends:
        low, high = (_evaluate(end, magnitude) for end in ends)
        return None if low is None or high is None else Numeral(low, high, is_open)
    value = _evaluate(kept, magnitude)
    return None if value is None else Numeral(value, None, is_open)


def _neighbours(text: str) -> tuple[str, str] | None:
    """Split 两三百, 十七八, 三五 into the two numbers they stand for."""
    digits = _alphabet().digits
    found = re.search(
        rf"(?<![{''.join(digits)}点])([{''.join(digits)}])([{''.join(digits)}])(?![{''.join(digits)}点])", text
    )
    if not found:
        return None
    low, high = digits[found[1]], digits[found[2]]
    if not 0 < low < high or high - low > 2 or found[2] == "〇":
        return None
    before, after = text[: found.start()], text[found.end() :]
    return before + found[1] + after, before + found[2] + after


def _evaluate(text: str, magnitude: Decimal) -> Decimal | None:
    """Evaluate Arabic and Chinese digits with scales: 一万五千亿, 2.5万亿, 三百1十.

    The multiplier of the unit is one more scale, taken out again at the end: 2亿1千|万元 is 21,000 times 万.
    """
    alphabet = _alphabet()
    sums: list[Decimal] = []  # addends, each smaller than the one before
    last_scale = _ONE  # scale that the next digit may continue: 一百五 is 150
    after_digit = False
    for token in alphabet.token.findall(text):
        scale = alphabet.scales.get(token)
        if scale is not None:
            _multiply(sums, scale, after_digit or 1 < last_scale <= scale)
            last_scale, after_digit = scale, False
            continue
        if token in alphabet.tens:
            sums.append(Decimal(alphabet.tens[token]))
            last_scale, after_digit = _TEN, False
            continue
        number = _literal(token)
        if number is None or after_digit:
            return None
        sums.append(number)
        after_digit = True
        if token[0] in "零〇○0" or len(token) > 1:
            last_scale = _ONE
    if not sums:
        return None
    if magnitude > 1:
        _multiply(sums, magnitude, joined=True)
    elif after_digit and last_scale >= 100 and len(sums) > 1:
        sums[-1] *= last_scale / 10
    return _EXACT.divide(reduce(_EXACT.add, sums), magnitude)


def _multiply(sums: list[Decimal], scale: Decimal, joined: bool) -> None:
    """Multiply by ``scale`` all addends below it, at least the last one if it stands directly before."""
    below = [sums.pop()] if sums and joined else []
    while sums and sums[-1] < scale:
        below.append(sums.pop())
    sums.append(_EXACT.multiply(reduce(_EXACT.add, below), scale) if below else scale)


def _literal(token: str) -> Decimal | None:
    """Read a run of digits, Arabic or Chinese (二〇二一, 三点七)."""
    if "0" <= token[0] <= "9":
        return Decimal(token)
    digits = _alphabet().digits
    if not all(sign in digits or sign == "点" for sign in token) or token == "点":
        return None
    return Decimal("".join("." if sign == "点" else str(digits[sign]) for sign in token))
