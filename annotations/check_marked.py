"""Check and convert a file of marked-up sentences: ``python -m annotations.check_marked FILE SOURCE [OUT]``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from annotations.marked import MarkupError, parse_blocks, to_record


def main(arguments: list[str]) -> int:
    """Print every fault of a marked-up file; write annotation records to OUT if there is none."""
    marked, source = Path(arguments[0]), Path(arguments[1])
    text = source.read_text(encoding="utf-8")
    records, faults = [], []
    for block in parse_blocks(marked.read_text(encoding="utf-8")):
        try:
            records.append(to_record(block, text, seed=source.name, annotator=marked.stem.rsplit(".", 1)[-1], round_=1))
        except MarkupError as error:
            faults.append(str(error))
    print(*faults, f"{len(records)} sentences read, {len(faults)} faults", sep="\n")
    if len(arguments) > 2 and not faults:
        Path(arguments[2]).write_text(
            "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8"
        )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
