"""Every exception govie raises on purpose.

::

    GovieError
    ├── ReadError              a document could not be read
    │   ├── FormatError        its bytes are not what its name or content says
    │   ├── EncryptedError     it needs a password
    │   └── LimitError         it is larger or deeper than the limits allow
    ├── OptionError            an argument has a value outside its choices
    ├── OutputError            results cannot be written, or not into this folder
    ├── MissingExtraError      an optional dependency is not installed
    ├── ModelError             a model is missing, corrupt or does not match
    └── LexiconError           a lexicon file breaks its own rules

A message names what went wrong, where, and what to do about it.
"""

from __future__ import annotations

__all__ = [
    "EncryptedError",
    "FormatError",
    "GovieError",
    "LexiconError",
    "LimitError",
    "MissingExtraError",
    "ModelError",
    "OptionError",
    "OutputError",
    "ReadError",
]


class GovieError(Exception):
    """Base of all errors raised by govie.

    Args:
        what: what went wrong, a clause without a full stop.
        where: the file, option or position concerned, if there is one.
        hint: what the user can do about it.
    """

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        message = f"{where}: {what}" if where else what
        super().__init__(f"{message}. {hint}" if hint else message)


class ReadError(GovieError):
    """A document could not be read."""


class FormatError(ReadError):
    """The bytes are not what the file's name or first bytes promise."""


class EncryptedError(ReadError):
    """The document is protected by a password."""


class LimitError(ReadError):
    """The document is larger, or nested deeper, than the limits allow."""


class OptionError(GovieError, ValueError):
    """An argument has a value outside its choices."""


class OutputError(GovieError):
    """Results cannot be written: no permission, no space, or a folder that holds something else."""


class MissingExtraError(GovieError, ImportError):
    """A feature needs an optional dependency that is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        hint = f"Install it with: pip install 'govie[{extra}]'"
        super().__init__(f"{feature} needs an optional dependency", hint=hint)


class ModelError(GovieError):
    """A model is missing, corrupt or does not match this version."""


class LexiconError(GovieError):
    """A lexicon file breaks its own rules."""
