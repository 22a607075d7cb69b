"""The page in a headless Chromium, served by the command as users start it."""

from __future__ import annotations

import csv
import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="govie[web] is not installed")

SEEDS = Path(__file__).parents[2] / "seeds"
TEXT = "预计地区生产总值完成990亿元，同比增长0.2%左右。改造老旧小区475个。"
HOSTILE = "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"
HTML = f"<html><head><meta charset=gb2312><title>沈河区工作报告</title></head><body><p>{TEXT}</p></body></html>"
COMMAND = [sys.executable, "-m", "govie", "serve", "--mode", "rules"]


@pytest.fixture(scope="module")
def address():
    """The address of a running page; it ends quietly when interrupted."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--max-mb", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    said = process.stdout.readline()
    yield re.search(r"http://127\.0\.0\.1:\d+/", said)[0]
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")


@pytest.fixture
def page(open_page, address):
    return open_page(address, (address, f"blob:{address}"))


def _paste(page, text, key=0):
    page.fill("#text", text)
    page.click(".go")
    page.locator(f"#d{key}").wait_for()


def _file(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def _lit(page):
    return sorted(page.locator(".current .prose .on").all_inner_texts())


def test_pasted_text_shows_its_facts_and_a_fact_its_words(page):
    _paste(page, TEXT)
    page.click("#d0f1 td.name")
    assert _lit(page) == sorted(["地区生产总值", "0.2", "%"])
    assert page.inner_text(".sum").split() == ["1", "份文件", "·", "3", "项事实", "·", "0", "项任务"]
    assert page.input_value("#text") == ""
    page.click("#d0 .facts th.value [role=button]")
    page.select_option("#d0 .by[data-by=kind]", "value")
    assert page.locator("#d0 .facts tbody tr:visible").count() == 2


def test_a_gb18030_page_is_read(page):
    page.set_input_files(".pick input", _file("报告.html", HTML.encode("gb18030")))
    page.locator("#d0").wait_for()
    assert page.inner_text("#d0h") == "沈河区工作报告"
    assert page.locator("#d0 .prose .quantity").all_inner_texts() == ["990", "0.2", "475"]


def test_dropped_files_come_one_by_one_and_a_bad_one_is_named(page):
    page.evaluate(
        """([text]) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "一.txt"));
            data.items.add(new File(["PK\\u0003\\u0004 no"], "坏.docx"));
            data.items.add(new File([text], "二.txt"));
            dispatchEvent(new DragEvent("dragover", { dataTransfer: data, cancelable: true }));
            dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
        }""",
        [TEXT],
    )
    page.locator("#d1").wait_for(state="attached")
    page.locator(".work").wait_for(state="hidden")
    assert [link.split()[0] for link in page.locator(".docs a").all_inner_texts()[1:]] == ["一.txt", "二.txt"]
    assert page.locator(".notice b").all_inner_texts() == ["坏.docx"]
    page.click(".notice .close")
    assert page.locator(".notice").count() == 0
    page.click(".docs li:nth-child(2) .close")
    assert page.locator("#d1").is_visible()
    page.click(".docs .close")
    assert page.locator("#start").is_visible()


def test_a_megabyte_of_text_can_be_read_and_used(page):
    report = (SEEDS / "002_366748309c9ca2d8.txt").read_text(encoding="utf-8")
    text = (report * (1_000_000 // len(report.encode()) + 1))[:340_000]
    assert len(text.encode()) > 900_000
    page.evaluate("text => { document.getElementById('text').value = text }", text)
    page.click(".go")
    page.locator("#d0").wait_for(timeout=300_000)
    rows = page.locator("#d0 .facts tbody tr")
    assert rows.count() > 2000
    rows.last.click()
    assert len(_lit(page)) >= 2
    page.fill("#d0 .find", "不存在")
    assert page.inner_text("#d0 .count").startswith("0 / ")


def test_what_is_too_large_is_not_sent(page):
    page.set_input_files(".pick input", _file("大.txt", b"x" * 2_100_000))
    assert "2 MB" in page.inner_text(".notice")


def test_nothing_in_the_text_or_a_name_runs(page):
    _paste(page, HOSTILE + TEXT)
    page.set_input_files(".pick input", _file("<img src=x onerror=hit=1>.txt", HOSTILE.encode()))
    page.locator("#d1").wait_for(state="attached")
    assert HOSTILE in page.inner_text("#d0 .prose")
    assert page.locator("main img, main script").count() == 0
    assert page.evaluate("window.hit") is None


def test_downloads_hold_all_documents_or_this_one(page, tmp_path):
    _paste(page, TEXT)
    page.click(".add a")
    _paste(page, TEXT + TEXT, key=1)
    counts = []
    for scope in ("all", "one"):
        page.click(".menu summary")
        page.check(f".menu [name=scope][value={scope}]")
        with page.expect_download() as download:
            page.click(".menu [data-form=csv][data-content=facts]")
        page.locator(".work").wait_for(state="hidden")
        with download.value.path().open(encoding="utf-8-sig", newline="") as rows:
            counts.append(len(list(csv.DictReader(rows))))
    assert counts == [9, 6]
    page.click(".menu summary")
    with page.expect_download() as download:
        page.click(".menu [data-form=json]")
    assert len(json.loads(download.value.path().read_text(encoding="utf-8"))["documents"]) == 1
    assert download.value.suggested_filename == "govie.json"


def test_the_keyboard_is_enough(page):
    page.focus("#text")
    page.keyboard.insert_text(TEXT)
    page.keyboard.press("Control+Enter")
    page.locator("#d0").wait_for()
    assert page.evaluate("document.activeElement.className") == "reader"
    page.focus(".menu summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "scope"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert not page.locator(".menu .sheet").is_visible()


@pytest.mark.parametrize("width", [360, 768])
def test_a_narrow_window_has_no_sideways_scrolling(page, width):
    page.set_viewport_size({"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    _paste(page, TEXT)
    page.set_input_files(".pick input", [_file(f"很长的文件名{n}.txt", TEXT.encode()) for n in range(5)])
    page.locator("#d5").wait_for(state="attached")
    page.click(".menu summary")
    assert page.evaluate("[...document.querySelectorAll('body, main, .top')].every(e => e.scrollWidth <= innerWidth)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_labels_of_what_comes_later_are_english_too(page):
    page.click(".language")
    assert page.inner_text(".go span") == "Extract"
    _paste(page, TEXT)
    assert page.inner_text("#d0tf").startswith("Facts")


def test_a_cancelled_extraction_leaves_the_text(page):
    page.route("**/", lambda route: None)
    page.fill("#text", TEXT)
    page.click(".go")
    page.click(".cancel")
    page.locator(".work").wait_for(state="hidden")
    assert page.input_value("#text") == TEXT


def test_without_javascript_it_is_a_form(browser, address):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(address)
    tab.fill("#text", TEXT)
    tab.click(".go")
    assert tab.locator("#d0f0, #d0f1, #d0f2").count() == 3
    assert tab.locator("#d0f0").is_visible()
    context.close()


def test_the_reference_fits_a_narrow_window(page, address):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address + "docs")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_port_in_use_is_a_message():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"govie: error: 127.0.0.1:{port}: cannot listen (")
    assert "Traceback" not in done.stderr
