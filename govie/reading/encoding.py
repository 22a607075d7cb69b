"""Bytes to str: which encoding a document is in, and what to do when none fits.

Order: byte order mark; UTF-16 told by its NUL bytes; strict UTF-8; UTF-8 with a few broken bytes; the declared
charset; strict GB18030 that reads like simplified Chinese; the detector of charset-normalizer; and last, with a
warning in the log, the best of these with U+FFFD for the bytes that do not fit.

UTF-8 goes before the declaration because it checks itself: text in another encoding all but never passes (一 in GBK,
standing alone, does), while pages declared gb2312 that are UTF-8 are common. GB2312 and GBK are read as GB18030, which
contains both, as the WHATWG Encoding Standard asks: its decoder for the label ``gb2312`` is GBK's.
"""

from __future__ import annotations

import codecs
import logging
import re
from dataclasses import dataclass

from govie.errors import FormatError

__all__ = ["Decoded", "decode"]

_log = logging.getLogger(__name__)

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<meta\b [^<>]{0,300}? \bcharset \s*=\s* ["']? \s* (?P<html> [A-Za-z0-9_:.-]{1,40} )
    | <\?xml\b [^<>]{0,200}? \bencoding \s*=\s* ["'] (?P<xml> [A-Za-z0-9_:.-]{1,40} )
    """,
    re.X | re.I,
)
_DECLARATION_BYTES = 16_384
_SAMPLE_BYTES = 65_536
_CHINESE_CODECS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}
_TRUSTED_CODECS = frozenset({"gb18030", "big5hkscs"})
_LABELS = {"x-gbk": "gbk", "gb_2312-80": "gb2312", "iso-ir-58": "gb2312", "x-x-big5": "big5", "cn-big5": "big5"}
_DETECTABLE = ["gb18030", "big5hkscs", "utf_8", "cp1252", "shift_jis", "euc_kr"]
_READABLE = re.compile(r"[\t\n\r -~\u2010-\u203b\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]+")
_BEYOND_ASCII_BYTE = re.compile(rb"[\x80-\xff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_ASCII = re.compile(r"[\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document's source as str.

    Attributes:
        text: the decoded source, a byte order mark left out.
        encoding: Python's name of the encoding; ``data.decode(encoding)`` gives ``text`` when ``replaced`` is 0.
        replaced: how many U+FFFD stand for bytes that could not be decoded.
    """

    text: str
    encoding: str
    replaced: int = 0


def decode(data: bytes, *, where: str) -> Decoded:
    """Return ``data`` as text, with the encoding it was found to be in.

    Args:
        data: a text document's bytes.
        where: the document's name, for messages.

    Raises:
        FormatError: no encoding fits more than nine tenths of the text.
    """
    marked = [codec for mark, codec in _BYTE_ORDER_MARKS if data.startswith(mark)]
    found = next(filter(None, (_strictly(data, codec) for codec in marked)), None)
    if not marked:
        found = _without_mark(data)
    return found or _with_replacement(data, marked, where)


def _without_mark(data: bytes) -> Decoded | None:
    if (wide := _wide_codec(data)) and (found := _strictly(data, wide)):
        return found
    if found := _strictly(data, "utf-8"):
        return found
    if _nearly_utf8(data):
        return None
    if found := _strictly(data, _declared_codec(data)):
        return found
    if (found := _strictly(data, "gb18030")) and _reads_as_gb2312(found.text):
        return found
    return _strictly(data, _detected_codec(data))


def _strictly(data: bytes, codec: str | None) -> Decoded | None:
    try:
        return Decoded(data.decode(codec), codec) if codec else None
    except (UnicodeError, LookupError):
        return None


def _wide_codec(data: bytes) -> str | None:
    """Name the UTF-16 without a mark that ``data`` is in: its line ends, spaces and digits hold NUL bytes."""
    sample = data[:_SAMPLE_BYTES]
    if b"\0" not in sample:
        return None
    shares = {codec: _readable_share(sample.decode(codec, "replace")) for codec in ("utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda codec: shares[codec])
    return best if shares[best] > 0.9 else None


def _readable_share(text: str) -> float:
    return sum(len(run) for run in _READABLE.findall(text)) / max(1, len(text))


def _nearly_utf8(data: bytes) -> bool:
    """Tell whether almost all that is not ASCII is well-formed UTF-8, as in a file with a few damaged bytes."""
    first = _BEYOND_ASCII_BYTE.search(data)
    text = data[first.start() :][:_SAMPLE_BYTES].decode("utf-8", "replace") if first else ""
    return len(_ASCII.sub("", text)) > 20 * text.count("\ufffd")


def _declared_codec(data: bytes) -> str | None:
    """Return the codec that the page names for itself, if it is one that can be told wrong by decoding."""
    match = _DECLARED.search(data[:_DECLARATION_BYTES])
    if not match:
        return None
    label = (match["html"] or match["xml"]).decode("ascii").lower()
    try:
        name = codecs.lookup(_LABELS.get(label, label)).name
    except LookupError:
        return None
    name = _CHINESE_CODECS.get(name, name)
    return name if name in _TRUSTED_CODECS else None


def _reads_as_gb2312(text: str) -> bool:
    """Tell simplified Chinese from other bytes that happen to be valid GB18030: its characters are in GB 2312."""
    first = _BEYOND_ASCII.search(text)
    sample = _ASCII.sub("", text[first.start() :][:_SAMPLE_BYTES]) if first else ""
    return len(sample.encode("gb2312", "ignore")) >= 1.6 * len(sample)  # two bytes a character, four in five known


def _detected_codec(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE_BYTES], cp_isolation=_DETECTABLE, enable_fallback=False).best()
    return best.encoding if best else None


def _with_replacement(data: bytes, marked: list[str], where: str) -> Decoded:
    wide = _wide_codec(data)
    likely = marked or ([wide] if wide else ["utf-8", _declared_codec(data) or "gb18030"])
    tries = [_replacing(data, codec) for codec in likely]
    best = min(tries, key=lambda decoded: decoded.replaced)
    if 10 * best.replaced > len(best.text):
        raise FormatError("no known encoding fits these bytes", where=where, hint="Is this a text document?")
    _log.warning(
        "%s: read as %s, %d places that do not fit it became U+FFFD, the first at character %d",
        where, best.encoding, best.replaced, best.text.find("\ufffd"),
    )  # fmt: skip
    return best


def _replacing(data: bytes, codec: str) -> Decoded:
    text = data.decode(codec, "replace")
    return Decoded(text, codec, text.count("\ufffd"))
