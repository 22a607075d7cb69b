"""Where a run comes from: the code's revision, the libraries, the machine, the bytes of its files."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["environment", "file_hash", "git_revision"]

_LIBRARIES = ("torch", "transformers", "numpy", "onnxruntime", "scikit-learn", "safetensors")


def git_revision() -> str:
    """Return the revision of the code, ``-dirty`` where it was changed since; empty outside a checkout."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--abbrev=40"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return sha256(path.read_bytes()).hexdigest()


def environment(libraries: Sequence[str] = _LIBRARIES) -> dict[str, str | int | None]:
    """Return versions and machine: what, beside code, data and seed, decides the last digits."""
    found: dict[str, str | int | None] = {"python": platform.python_version(), "processor": platform.machine()}
    for name in libraries:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found | {"cores": os.cpu_count()}
