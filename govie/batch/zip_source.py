"""The documents in a .zip archive."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from govie.batch.items import Failure, Item
from govie.config import LIMITS
from govie.errors import EncryptedError, FormatError, LimitError, ReadError
from govie.rows import storable

__all__ = ["count_members", "zip_items"]

_UTF8_NAME = 0x800  # general purpose bit 11: the name is UTF-8 (APPNOTE.TXT 4.4.4)
_ENCRYPTED = 0x1
_FURNITURE = "__MACOSX"  # where macOS keeps what its archives say of each file


def zip_items(path: str) -> Iterator[Item | Failure]:
    """Yield the documents of an archive in the order of their names.

    Raises:
        FormatError: it is damaged, or no archive at all.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError) as error:
        raise FormatError(f"a damaged zip archive ({error})", where=path, hint="Fetch it again.") from None
    with archive:
        for member in sorted(_members(archive), key=_name):
            yield _member(archive, member, f"{path}/{_name(member)}")


def count_members(path: str) -> int:
    """Return how many documents an archive holds."""
    with zipfile.ZipFile(path) as archive:
        return len(_members(archive))


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [member for member in archive.infolist() if not member.is_dir() and _wanted(_name(member))]


def _wanted(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not any(part.startswith(".") or part == _FURNITURE for part in parts)


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; without the mark for UTF-8, Chinese systems write it in GBK."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: str) -> Item | Failure:
    try:
        data = _content(archive, member, path)
    except ReadError as error:
        return Failure(storable(path), error)
    except Exception as error:  # zipfile and zlib raise anything on damaged data
        return Failure(storable(path), FormatError(f"a damaged member of an archive ({error})", where=path))
    return Item(storable(path), hashlib.sha256(data).hexdigest(), size=len(data), data=data)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: str) -> bytes:
    if member.flag_bits & _ENCRYPTED:
        raise EncryptedError("it is encrypted", where=path, hint="Unpack the archive with its password first.")
    if member.file_size > LIMITS.source_bytes:
        raise LimitError(f"{member.file_size} bytes, more than the {LIMITS.source_bytes} allowed", where=path)
    with archive.open(member) as stream:
        return stream.read(LIMITS.source_bytes + 1)
