"""A headless Chromium for the tests of the report and the page; without one they are skipped."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def _runs(path):
    """Some systems ship a chromium that only says where to get one."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    given = os.environ.get("CHROMIUM")
    found = filter(None, (shutil.which(name) for name in ((given,) if given else CANDIDATES)))
    path = next(filter(_runs, found), None)
    if path is None:
        pytest.skip("no chromium on this machine; set CHROMIUM to one, or install the package chromium")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """Opens an address; afterwards, anything on the console or any request for another address fails the test."""
    said, asked, allowed = [], [], []
    context = browser.new_context(viewport={"width": 1440, "height": 900})

    def opened(address, allowed_addresses):
        allowed.extend(allowed_addresses)
        tab = context.new_page()
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(address)
        return tab

    yield opened
    assert said == []
    assert [url for url in asked if not url.startswith(tuple(allowed))] == []
    context.close()
