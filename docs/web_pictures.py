"""Take the pictures of the page, docs/web-*.png: where text goes in, what comes out, and both on a telephone.

python docs/web_pictures.py [chromium]
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
FACT = "服务业增加值"  # in the task table: one number, an agency that leads and several that support


def main(chromium: str = "/usr/bin/chromium") -> None:
    """Serve the page, use it as a reader would and take the pictures."""
    with _served() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = _opened(browser, address, 1280, 760, "light")
        page.screenshot(path=ROOT / "docs" / "web-start.png")
        _extract(page)
        page.click(".menu summary")
        page.screenshot(path=ROOT / "docs" / "web-facts.png")
        page = _opened(browser, address, 390, 800, "dark")
        _extract(page)
        page.screenshot(path=ROOT / "docs" / "web-narrow.png")
        browser.close()


@contextmanager
def _served() -> Iterator[str]:
    command = [sys.executable, "-m", "govie", "serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    match = re.search(r"http://\S+", process.stdout.readline())
    assert match is not None, "the page did not start"
    yield match[0]
    process.send_signal(signal.SIGINT)
    process.wait()


def _opened(browser: Browser, address: str, width: int, height: int, scheme: str) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(address)
    return page


def _extract(page: Page) -> None:
    """Give the page the seeds and choose the fact in the last of them."""
    page.set_input_files(".pick input", SEEDS)
    page.locator(f"#d{len(SEEDS) - 1}").wait_for(state="attached", timeout=300_000)
    page.locator(".work").wait_for(state="hidden")
    page.locator(".docs a").last.click()
    page.locator(".current .facts tbody tr", has_text=FACT).last.click()
    page.wait_for_timeout(1000)


if __name__ == "__main__":
    main(*sys.argv[1:])
