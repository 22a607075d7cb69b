"""Take docs/report.png, the picture in the README, from demo/report.html. Run ``make demo`` first.

python docs/picture.py [chromium]
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
FACT = "服务业增加值"  # in the task table: one number, an agency that leads and several that support


def main(chromium: str = "/usr/bin/chromium") -> None:
    """Open the report on the task table, choose the fact and take the picture."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 760})
        page.goto((ROOT / "demo" / "report.html").as_uri())
        page.locator(".docs a").last.click()
        page.locator(".current .facts tbody tr", has_text=FACT).last.click()
        page.wait_for_timeout(1000)
        page.screenshot(path=ROOT / "docs" / "report.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
