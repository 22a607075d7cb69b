"""Which documents are trained on and which are tested on, written down with their hashes.

The split is by document. Of the seeds each is one fold: train on four, test on the fifth. External
documents are grouped by region, so that a region can be left out whole; ``held_out_for_rules``
says which of them were never read while the rules were written.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from annotations.external import FOLDER, document_lines, province
from annotations.texts import SEEDS

__all__ = ["held_out_for_rules", "splits_toml"]

_HEADER = """\
# Splits by document. Written by `python -m annotations splits`; do not edit by hand.
# A fold names the seed to test on; the other four are trained on.
# held_out_for_rules: the SHA-256 of the file name's UTF-8 bytes, read as a number, is divisible by 3.
# sha256 is that of the file's bytes; external files lie in the folder that GOVIE_CORPUS names.
"""


def held_out_for_rules(file: str) -> bool:
    """Return whether a document was set aside while the rules were written: the rule of ``benchmarks/splits.py``."""
    return int(sha256(file.encode()).hexdigest(), 16) % 3 == 0


def splits_toml(seeds: Path = SEEDS, external: Path = FOLDER) -> str:
    """Return the content of ``splits.toml``."""
    parts = [_HEADER]
    for number, path in enumerate(sorted(seeds.glob("*.txt")), 1):
        digest = sha256(path.read_bytes()).hexdigest()
        parts.append(f'[[fold]]\nnumber = {number}\ntest = "{path.name}"\nsha256 = "{digest}"\n')
    documents = sorted(document_lines(external), key=lambda row: (_region(row), str(row["file"])))
    regions = sorted({_region(row) for row in documents})
    parts += (_of_region(region, [row for row in documents if _region(row) == region]) for region in regions)
    return "\n".join(parts)


def _region(row: dict[str, object]) -> str:
    return str(row.get("region", "unknown"))


def _of_region(region: str, rows: Iterable[dict[str, object]]) -> str:
    lines = ["[[region]]", f'name = "{region}"', f'province = "{province(region)}"', "documents = ["]
    for row in rows:
        held = str(held_out_for_rules(str(row["file"]))).lower()
        lines.append(
            f'  {{file = "{row["file"]}", sentences = {row["sentences"]}, held_out_for_rules = {held},'
            f' sha256 = "{row.get("sha256", "")}"}},'
        )
    return "\n".join([*lines, "]", ""])
