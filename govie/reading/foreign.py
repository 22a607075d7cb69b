"""Errors that libraries raise on damaged files, turned into ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from govie.errors import FormatError, GovieError, LimitError

__all__ = ["damage_as_error"]

_LONGEST_REASON = 120
_LIMIT_WORDS = ("huge", "depth", "limit", "too deep", "recursion")


@contextmanager
def damage_as_error(what: str, where: str) -> Iterator[None]:
    """Turn whatever a library raises inside into a FormatError, or a LimitError where size or depth was the reason.

    Libraries for .docx and .pdf let every kind of exception through when a file is damaged, from KeyError to
    RecursionError, and document none of it; hence the broad catch.

    Args:
        what: what is being read, such as "Word document".
        where: the document's name.
    """
    try:
        yield
    except GovieError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:_LONGEST_REASON] or type(error).__name__
        if isinstance(error, (RecursionError, MemoryError)) or any(word in reason.lower() for word in _LIMIT_WORDS):
            raise LimitError(f"the {what} is too large or too deep ({reason})", where=where) from None
        raise FormatError(f"the {what} is damaged ({reason})", where=where, hint="Save it again.") from None
