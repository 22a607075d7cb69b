"""Cases are TSV files in tests/data: # lines say where they come from, then a header line, then one case a line."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_cases(name: str) -> list[dict[str, str]]:
    """Return the rows of a case file as dicts keyed by its header line; empty fields are empty strings."""
    lines = [line for line in (DATA / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]
