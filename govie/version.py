"""The version that is installed, asked for only when somebody wants to see it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

__all__ = ["installed_version"]


def installed_version() -> str:
    """Return the version of the installed package, ``unknown`` in a source tree that is not installed."""
    try:
        return version("govie")
    except PackageNotFoundError:
        return "unknown"
