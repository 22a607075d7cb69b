"""Send annotation through a real doccano and compare what comes back.

    pip install doccano 'marshmallow<4' 'pandas<2.2' 'numpy<2'     # into an environment of its own
    doccano init && doccano createuser --username admin --password …
    doccano task &  doccano webserver --port 8090
    python -m annotations.check_doccano http://127.0.0.1:8090 admin PASSWORD FILE…

A project for sequence labelling with relations is made, the sentences are uploaded, exported as
JSONL and read back; every record must come back the same. Not part of the tests, because the
program is large.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from annotations.formats.doccano import read, write
from annotations.load import load_records
from annotations.records import Record
from govie.errors import GovieError

__all__ = ["Server", "round_trip"]

_PROJECT = {
    **{"name": "govie", "description": "govie", "guideline": "", "project_type": "SequenceLabeling"},
    **{"resourcetype": "SequenceLabelingProject", "use_relation": True, "allow_overlapping": False},
    **{"grapheme_mode": False, "random_order": False, "collaborative_annotation": True, "tags": []},
}
_BOUNDARY = "----govie-upload"


class Server:
    """A running doccano.

    Args:
        address: such as ``http://127.0.0.1:8090``.
        user, password: who logs in.
    """

    def __init__(self, address: str, user: str, password: str) -> None:
        self._address = address
        self._headers: dict[str, str] = {}
        key = json.loads(self.post("/v1/auth/login/", {"username": user, "password": password}))["key"]
        self._headers = {"Authorization": f"Token {key}"}

    def get(self, path: str) -> bytes:
        """Return the body of the answer."""
        return self._send(Request(self._address + path, headers=self._headers))

    def post(self, path: str, body: Mapping[str, Any]) -> bytes:
        """Send JSON and return the body of the answer."""
        headers = {**self._headers, "Content-Type": "application/json"}
        return self._send(Request(self._address + path, json.dumps(body).encode(), headers))

    def upload(self, content: bytes, name: str) -> str:
        """Hand over a file and return the id it is kept under."""
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="filepond"; filename="{name}"\r\n'
        body = head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content
        headers = {**self._headers, "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
        request = Request(self._address + "/v1/fp/process/", body + f"\r\n--{_BOUNDARY}--\r\n".encode(), headers)
        return self._send(request).decode()

    def wait(self, task: str) -> Any:
        """Return what a task of the server says when it is done."""
        for _ in range(120):
            status = json.loads(self.get(f"/v1/tasks/status/{task}"))
            if status["ready"]:
                return status
            time.sleep(1)
        raise GovieError("the task is not done after two minutes; is `doccano task` running?")

    @staticmethod
    def _send(request: Request) -> bytes:
        try:
            with urlopen(request, timeout=120) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            words = error.read()[:500].decode(errors="replace")
            raise GovieError(f"answered {error.code}: {words}", where=request.full_url) from None


def round_trip(server: Server, records: Sequence[Record]) -> list[Record]:
    """Upload records into a new project and return its export."""
    project = json.loads(server.post("/v1/projects", _PROJECT))["id"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.jsonl"
        write(records, path)
        upload = server.upload(path.read_bytes(), path.name)
        wish: dict[str, Any] = {
            "format": "JSONL",
            "task": "RelationExtraction",
            "uploadIds": [upload],
            "encoding": "utf_8",
        }
        task = json.loads(server.post(f"/v1/projects/{project}/upload", wish))["task_id"]
        print(f"project {project}, import: {server.wait(task)}")
        wish = {"format": "JSONL", "exportApproved": False}
        task = json.loads(server.post(f"/v1/projects/{project}/download", wish))["task_id"]
        server.wait(task)
        archive = zipfile.ZipFile(io.BytesIO(server.get(f"/v1/projects/{project}/download?taskId={task}")))
        exported = Path(folder) / "export.jsonl"
        exported.write_bytes(b"".join(archive.read(name) for name in archive.namelist()))
        return read(exported)


def main(arguments: Sequence[str]) -> int:
    """Report how many records came back unchanged; 1 if any did not."""
    records = [record for path in arguments[3:] for record in load_records(Path(path))]
    back = {record.id: record for record in round_trip(Server(*arguments[:3]), records)}
    differ = [record.id for record in records if back.get(record.id) != record]
    print(f"{len(records) - len(differ)} of {len(records)} sentences came back unchanged", *differ[:10])
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
