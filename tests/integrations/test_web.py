"""The page's service as programs see it: its answers, its limits, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import re
import time

import pytest

pytest.importorskip("fastapi", reason="govie[web] is not installed")

import httpx
import web_jobs
from anyio import sleep
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient
from pydantic import TypeAdapter
from starlette.requests import ClientDisconnect, Request

import govie
from govie.cli import main
from govie.integrations.web import jobs
from govie.integrations.web.app import create_app
from govie.integrations.web.forms import read_form
from govie.integrations.web.options import WebOptions
from govie.integrations.web.schemas import Documents, Extracted
from govie.integrations.web.workers import Workers

TEXT = "预计地区生产总值完成990亿元，同比增长0.2%左右。\n"
OPTIONS = WebOptions(mode="rules", request_bytes=64 * 1024, seconds=20)
HERE = f"http://127.0.0.1:{OPTIONS.port}"
FILE = ("报告.txt", TEXT.encode("gb18030"))
BROKEN = ("坏.docx", b"PK\x03\x04 not really")


@pytest.fixture(scope="module")
def client():
    with TestClient(create_app(OPTIONS), base_url=HERE) as client:
        yield client


def _documents(client, *files, **query):
    return client.post("/v1/documents", params=query, files=[("files", file) for file in files])


def test_a_text_gives_what_the_library_gives(client):
    answer = client.post("/v1/extract", json={"text": TEXT})
    assert answer.status_code == 200
    assert answer.json() == govie.load(mode="rules")(TEXT).to_dict()
    TypeAdapter(Extracted).validate_json(answer.content)


@pytest.mark.parametrize("text", ["", "\ud800\x00" + TEXT])
def test_any_text_is_taken(client, text):
    body = json.dumps({"text": text})
    answer = client.post("/v1/extract", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["text"] == text


def test_one_file_that_fails_does_not_stop_the_others(client):
    answer = _documents(client, BROKEN, FILE)
    assert answer.status_code == 200
    TypeAdapter(Documents).validate_json(answer.content)
    (document,), (failure,) = answer.json()["documents"], answer.json()["failures"]
    assert (document["name"], document["metadata"]["encoding"]) == ("报告.txt", "gb18030")
    assert [fact["value"] for fact in document["extraction"]["facts"]] == ["990", "0.2"]
    assert failure["name"] == "坏.docx"
    assert failure["hint"]


def test_a_name_says_what_its_bytes_leave_open(client):
    markdown = ("a/b\\说明.md", "# 工作报告\n\n- **" + TEXT.strip() + "**\n")
    (document,) = _documents(client, markdown).json()["documents"]
    assert document["name"] == "说明.md"
    assert "**" not in document["extraction"]["text"]


def test_texts_of_a_form_keep_their_line_ends(client):
    sent = {"text": ["一、回顾\r\n" + TEXT, TEXT]}
    documents = client.post("/v1/documents", data=sent, files={"files": ("", b"")}).json()["documents"]
    assert [document["extraction"]["text"] for document in documents] == ["一、回顾\n" + TEXT, TEXT]


@pytest.mark.parametrize(
    ("form", "start"),
    [("csv", b"\xef\xbb\xbfpath,"), ("jsonl", b'{"path"'), ("parquet", b"PAR1"), ("html", b"<!DOCTYPE")],
)
def test_files_to_save(client, form, start):
    answer = _documents(client, FILE, FILE, format=form)
    assert answer.content.startswith(start)
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert _documents(client, FILE, BROKEN, format=form).status_code == 415


def test_rows_are_facts_or_tasks_and_safe_to_open(client):
    named = ("=1+1.txt", TEXT.encode())
    rows = list(csv.DictReader(io.StringIO(_documents(client, named, format="csv").text.lstrip("\ufeff"))))
    assert [(row["path"], row["value"]) for row in rows] == [("'=1+1.txt", "990"), ("'=1+1.txt", "0.2")]
    assert "number" in _documents(client, named, format="csv", content="tasks").text.splitlines()[0]


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (404, {"method": "GET", "url": "/v2/extract"}),
        (404, {"method": "GET", "url": "/assets/../pyproject.toml"}),
        (405, {"method": "GET", "url": "/v1/extract"}),
        (422, {"method": "POST", "url": "/v1/extract", "json": {"url": "http://example.org"}}),
        (422, {"method": "POST", "url": "/v1/extract", "content": b"\xff{"}),
        (422, {"method": "POST", "url": "/v1/documents", "files": {"files": ("", b"")}}),
        (422, {"method": "POST", "url": "/v1/documents?format=xlsx", "files": {"files": FILE}}),
        (415, {"method": "POST", "url": "/v1/documents", "files": {"files": BROKEN}}),
        (415, {"method": "POST", "url": "/v1/documents", "json": {}}),
        (400, {"method": "POST", "url": "/v1/documents", "headers": {"Content-Type": "multipart/form-data"}}),
        (413, {"method": "POST", "url": "/v1/extract", "json": {"text": "字" * OPTIONS.request_bytes}}),
        (403, {"method": "GET", "url": "/", "headers": {"Host": "attacker.example"}}),
        (403, {"method": "GET", "url": "/", "headers": {"Host": "attacker.example:8765@127.0.0.1"}}),
        (403, {"method": "GET", "url": "/", "headers": {"Host": "[::1"}}),
        (403, {"method": "POST", "url": "/v1/extract", "headers": {"Origin": "http://127.0.0.1:9"}}),
        (403, {"method": "POST", "url": "/v1/extract", "headers": {"Origin": "null"}}),
        (403, {"method": "POST", "url": "/", "headers": {"Sec-Fetch-Site": "cross-site"}}),
    ],
    ids=lambda value: value if isinstance(value, int) else f"{value['method']} {value['url']}",
)
def test_an_error_says_what_and_what_to_do(client, status, request_):
    answer = client.request(**request_)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert {"error", "hint"} <= answer.json().keys() <= {"error", "hint", "failures"}
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "[::1]:8765", "192.168.1.5:80"])
def test_names_that_cannot_be_repointed_are_fine(client, host):
    assert client.get("/v1/health", headers={"Host": host}).status_code == 200


def test_a_body_of_unknown_length_is_counted(client):
    chunks = (b" " * 1024 for _ in range(OPTIONS.request_bytes))
    answer = client.post("/v1/extract", content=chunks, headers={"Content-Type": "application/json"})
    assert (answer.status_code, "larger than" in answer.json()["error"]) == (413, True)


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/assets/page.js", "/nothing", "/v1/health"])
def test_every_answer_is_closed_to_others(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_loads_only_what_is_served_beside_it(client, path):
    page = client.get(path).text
    loaded = re.findall(r'<(?:script|link|img)[^>]* (?:src|href)="([^"]*)"', page)
    assert loaded
    assert {client.get(f"/{name}").status_code for name in loaded} == {200}
    assert not re.search(r"<script>|<style>|\son\w+=|\sstyle=", page)


def test_the_reference_names_every_operation_and_type(client):
    api, page = client.get("/openapi.json").json(), client.get("/docs").text
    assert {"/v1/extract", "/v1/documents", "/v1/health"} <= api["paths"].keys()
    for name in (*api["paths"], "Fact", "Span", "Task", "Problem"):
        assert name in page
    anchors = set(re.findall(r'href="#(\w+)"', page))
    assert anchors <= set(re.findall(r'id="(\w+)"', page))
    assert HERE in page


def test_health_says_what_extracts(client):
    assert client.get("/v1/health").json() == {
        "status": "ok",
        "version": govie.__version__,
        "mode": "rules",
        "model_hash": None,
    }


def test_the_page_works_without_a_script(client):
    answer = client.post("/", data={"text": TEXT}, files={"files": BROKEN})
    assert answer.status_code == 200
    assert 'id="d0f1"' in answer.text
    assert answer.text.count('class="notice"') == 1


def test_an_upload_stays_in_memory():
    request = httpx.Request("POST", HERE, files={"files": ("a.txt", b"x" * 3_000_000)})

    async def receive():
        return {"type": "http.request", "body": request.read(), "more_body": False}

    headers = [(b"content-type", request.headers["content-type"].encode())]
    received = Request({"type": "http", "headers": headers}, receive)
    with start_blocking_portal() as portal:
        form = portal.call(read_form, received, 10**7)
    assert form["files"].size == 3_000_000
    assert not form["files"].file._rolled


@pytest.mark.parametrize(
    ("text", "status", "error"),
    [("sleep", 504, "the extraction took more than 10 seconds"), ("die", 500, "the worker process ended")],
)
def test_what_goes_wrong_in_a_worker_stays_there(monkeypatch, text, status, error):
    monkeypatch.setattr("govie.integrations.web.workers.work", web_jobs.work)
    with TestClient(create_app(WebOptions(mode="rules", seconds=10, workers=1)), base_url=HERE) as client:
        answer = client.post("/v1/extract", json={"text": text})
        assert (answer.status_code, answer.json()["error"]) == (status, error)
        assert client.post("/v1/extract", json={"text": "well"}).json() == {}


def test_a_client_that_leaves_ends_its_job(monkeypatch):
    monkeypatch.setattr("govie.integrations.web.workers.work", web_jobs.work)
    job = jobs.Job((jobs.Source("", "sleep"),), "extraction", "rules", 10**6)

    async def leave():
        await sleep(1)

    began = time.perf_counter()
    with start_blocking_portal() as portal, pytest.raises(ClientDisconnect):
        portal.call(Workers(OPTIONS).run, job, leave)
    assert time.perf_counter() - began < OPTIONS.seconds


def test_a_missing_extra_is_named(monkeypatch, capsys):
    monkeypatch.setattr("govie.integrations.web.find_spec", lambda name: None)
    assert main(["serve"]) == 1
    assert "govie[web]" in capsys.readouterr().err


def test_a_fault_of_ours_is_a_message(monkeypatch):
    monkeypatch.setattr(jobs, "read", lambda *given, **named: 1 / 0)
    job = jobs.Job((jobs.Source("a.txt", b"x"), jobs.Source("", TEXT)), "json", "rules", 10**6)
    reply = jobs.work(job)
    (failure,) = reply.failures
    assert (failure.status, "ZeroDivisionError" in failure.error) == (500, True)
    assert len(json.loads(reply.body)["documents"]) == 1
