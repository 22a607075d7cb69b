"""The page in a headless Chromium: what a reader can do with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from govie.integrations.report import render

HOSTILE = "<script>window.hit = 1</script>"


@pytest.fixture
def path(sample, sample_document, tmp_path):
    """A report of two documents, the second named by something that wants to run."""
    hostile = replace(sample_document, metadata=replace(sample_document.metadata, title=HOSTILE))
    facts = (replace(sample.facts[0], name=HOSTILE), *sample.facts[1:])
    page = render([sample, replace(sample, facts=facts)], documents=[sample_document, hostile])
    file = tmp_path / "report.html"
    file.write_text(page, encoding="utf-8")
    return file


@pytest.fixture
def page(open_page, path):
    return open_page(path.as_uri(), ("file:",))


def _lit(page, name):
    return sorted(page.locator(f".current .prose .{name}").all_inner_texts())


def _names(page):
    return [row.split("\n")[0] for row in page.locator(".current .facts tbody tr:visible td.name").all_inner_texts()]


def test_a_click_on_a_fact_shows_its_words(page):
    page.click("#d0f2 td.name")
    assert _lit(page, "on") == sorted(["新建", "4至6", "条", "小区配套路", "区发改局", "区商务局"])
    assert page.locator("#d0f2").get_attribute("aria-selected") == "true"
    assert page.locator("#d0s6").bounding_box()["y"] > 0
    assert page.locator("#d0 .arcs .role").all_text_contents() == ["指标", "动作", "牵头", "配合"]
    assert page.url.endswith("#d0f2")


def test_a_click_on_a_word_shows_its_row_and_again_its_next(page):
    page.click("#d0s0")
    assert page.locator("tr.on").get_attribute("id") == "d0f0"
    page.click("#d0s0")
    assert page.locator("tr.on").get_attribute("id") == "d0f1"
    page.keyboard.press("Escape")
    assert page.locator("tr.on").count() == 0


def test_pointing_at_a_word_lights_its_fact(page):
    page.hover("#d0s3")
    assert _lit(page, "lit") == ["%", "0.2", "地区生产总值"]
    page.mouse.move(2, 2)
    assert _lit(page, "lit") == []


def test_columns_sort_both_ways(page):
    header = page.locator("#d0 .facts th.value [role=button]")
    header.click()
    assert _names(page) == ["地区生产总值", "新建小区配套路", "地区生产总值"]
    assert page.locator("#d0 .facts th.value").get_attribute("aria-sort") == "ascending"
    header.press("Enter")
    assert page.locator("#d0 .facts tbody tr").first.get_attribute("id") == "d0f0"


def test_filters_narrow_the_table(page):
    page.fill("#d0 .find", "配套 区商务局")
    assert _names(page) == ["新建小区配套路"]
    assert page.inner_text("#d0 .count") == "1 / 3"
    page.fill("#d0 .find", "")
    page.select_option("#d0 .by[data-by=kind]", "change")
    assert page.locator("#d0 .facts tbody tr:visible").get_attribute("id") == "d0f1"


def test_tasks_have_their_own_tab(page):
    page.click("#d0tt")
    assert page.locator("#d0t0").is_visible()
    page.click("#d0t0 td.name", position={"x": 5, "y": 5})
    assert "新建4至6条小区配套路" in "".join(page.locator("#d0 .task.on").all_inner_texts())
    page.click("#d0t0 .inside a")
    assert page.locator("#d0f2").is_visible()
    assert page.locator("#d0f2").get_attribute("aria-selected") == "true"


def test_the_keyboard_is_enough(page):
    page.focus("#d0f0")
    page.keyboard.press("ArrowDown")
    assert page.locator("tr.on").get_attribute("id") == "d0f1"
    page.keyboard.press("End")
    assert page.locator("tr.on").get_attribute("id") == "d0f2"
    page.focus("#d0s1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator("tr.on").get_attribute("id") == "d0f1"
    assert page.evaluate("document.activeElement.id") == "d0f1"
    page.focus("#d0tf")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "d0tt"


def test_one_document_at_a_time_and_nothing_in_it_runs(page):
    page.click(".docs a[href='#d1']")
    assert page.locator("#d1").is_visible()
    assert not page.locator("#d0").is_visible()
    assert page.inner_text("#d1h") == HOSTILE
    assert _names(page)[0] == HOSTILE
    assert page.evaluate("window.hit") is None


def test_the_policy_stops_an_injected_script(browser, path):
    """Were the escaping ever to fail, the policy still stands."""
    path.write_text(path.read_text(encoding="utf-8").replace("</main>", HOSTILE + "</main>"), encoding="utf-8")
    tab = browser.new_page()
    tab.goto(path.as_uri())
    assert tab.locator("main script").count() == 1
    assert tab.evaluate("window.hit") is None
    tab.close()


def test_an_address_opens_its_fact(page, path):
    page.goto(path.as_uri() + "#d1f2")
    page.reload()
    assert page.locator("#d1f2").get_attribute("aria-selected") == "true"


def test_labels_switch_to_english_and_back(page):
    page.click(".language")
    assert page.inner_text("#d0tf").startswith("Facts")
    assert page.locator("#d0f0 .badge").inner_text() == "estimate"
    page.click(".language")
    assert page.inner_text("#d0tf").startswith("事实")


def test_without_javascript_it_is_a_document(browser, path):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(path.as_uri())
    assert tab.locator("#d0f0, #d1f0, #d0t0, #d1t0").count() == 4
    assert all(element.is_visible() for element in tab.locator("#d0f0, #d1f0, #d0t0, #d1t0").all())
    assert not tab.locator(".tools").first.is_visible()
    context.close()


def test_print_shows_everything_whatever_is_open(page):
    page.fill("#d0 .find", "不存在")
    page.emulate_media(media="print")
    assert all(row.is_visible() for row in page.locator("tbody tr").all())
    boxes = page.evaluate(
        "[...document.querySelectorAll('.reader, .pane, body')].filter(e => e.scrollHeight > e.clientHeight + 1).length"
    )
    assert boxes == 0


@pytest.mark.parametrize("width", [390, 768])
def test_a_narrow_window_has_no_sideways_scrolling(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.click("#d0f2 td.name")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('#d0pf').scrollWidth") <= width
    assert page.locator("#d0s6").is_visible()
