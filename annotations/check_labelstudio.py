"""Send annotation through a real Label Studio and compare what comes back.

    pip install label-studio          # into an environment of its own
    label-studio start --no-browser --port 8089 --username me@example.org --password … --user-token TOKEN
    python -m annotations.check_labelstudio http://127.0.0.1:8089 TOKEN FILE…

A project is made with our interface, the sentences are imported once as annotations and once as
predictions, exported as JSON and read back; every record must come back the same. Not part of the
tests, because the program is large. ``LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN=true`` makes Label
Studio take the token given at its start.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from annotations.formats.labelstudio import INTERFACE, read, tasks
from annotations.load import load_records
from annotations.records import Record
from govie.errors import GovieError

__all__ = ["Server", "round_trip"]


@dataclass(frozen=True, slots=True)
class Server:
    """A running Label Studio."""

    address: str
    token: str

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Send a request with a JSON body and return the JSON answer, or None if there is none."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        try:
            with urlopen(Request(self.address + path, data, headers, method=method), timeout=300) as answer:
                content = answer.read()
        except HTTPError as error:
            raise GovieError(
                f"answered {error.code}: {error.read()[:500].decode(errors='replace')}", where=path
            ) from None
        return json.loads(content) if content else None


def round_trip(server: Server, records: Sequence[Record], kind: str) -> list[Record]:
    """Import records as ``annotations`` or ``predictions`` into a new project, and return its export."""
    project = server.call("POST", "/api/projects", {"title": f"govie {kind}", "label_config": INTERFACE})["id"]
    answer = server.call("POST", f"/api/projects/{project}/import", tasks(records, kind))
    print(f"{kind}: project {project}, imported {answer}")
    if kind == "predictions":
        exported = _with_predictions(server, project)
    else:
        exported = server.call("GET", f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.json"
        path.write_text(json.dumps(exported), "utf-8")
        return read(path)


def _with_predictions(server: Server, project: int) -> list[dict[str, Any]]:
    """Return tasks with their predictions, which an export of annotations holds only as numbers."""
    found = server.call("GET", f"/api/tasks?project={project}&fields=all&page_size=10000")["tasks"]
    for task in found:
        task["predictions"] = server.call("GET", f"/api/predictions?task={task['id']}")
    return list(found)


def main(arguments: Sequence[str]) -> int:
    """Report how many records came back unchanged; 1 if any did not."""
    server = Server(arguments[0].rstrip("/"), arguments[1])
    records = [record for path in arguments[2:] for record in load_records(Path(path))]
    changed = 0
    for kind in ("annotations", "predictions"):
        back = {record.id: record for record in round_trip(server, records, kind)}
        differ = [record.id for record in records if back.get(record.id) != record]
        print(f"{kind}: {len(records) - len(differ)} of {len(records)} sentences came back unchanged", *differ[:10])
        changed += len(differ)
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
