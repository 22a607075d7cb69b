"""What the pages show is what happens, and the site builds without a warning or a network."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap

import docpages
import pytest

from govie.pipeline import default_extractor

EVERY = [block for page in docpages.PAGES for block in docpages.blocks(page)]


@pytest.fixture(autouse=True)
def _no_extractor_of_an_earlier_test():
    """Other tests put models of no skill in the shipped one's place, and the default extractor is kept."""
    default_extractor.cache_clear()


@pytest.mark.parametrize("page", docpages.PAGES, ids=lambda page: page.name)
def test_the_blocks_of_a_page_run(page, tmp_path, monkeypatch):
    docpages.prepare(tmp_path)
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    for block in docpages.blocks(page):
        if block.runs:
            docpages.run(block, names)


def test_there_is_something_to_run():
    assert {block.language for block in EVERY if block.runs} == {"python", "sh", "console"}


def test_every_block_says_what_it_is():
    assert [str(block) for block in EVERY if not block.language] == []


def test_a_block_that_does_not_run_says_why():
    marked = [block for block in EVERY if block.reason is not None]
    assert [str(block) for block in marked if len(block.reason.split()) < 3 or block.language not in docpages.RUN] == []
    markers = sum(page.read_text(encoding="utf-8").count("<!-- not run:") for page in docpages.PAGES)
    assert markers == len(marked), "a marker stands on a line of its own, right before its block"


def test_the_links_lead_somewhere():
    for page in (*docpages.PAGES, docpages.ROOT / "seeds" / "README.md", docpages.ROOT / "annotations" / "README.md"):
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        assert [link for link in links if not page.parent.joinpath(link).exists()] == [], page


def test_the_site_builds_without_warnings_and_asks_for_nothing(tmp_path):
    pytest.importorskip("sphinx", reason="the pages are built where govie[docs] is installed")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "docs", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=docpages.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html")]
    assert len(pages) > len(docpages.PAGES)
    fetched = [
        found for page in pages for found in re.findall(r"<(?:script|link|img|iframe)[^>]*https?://[^>]*>", page)
    ]
    assert fetched == []


def test_the_accuracy_shown_is_what_the_benchmarks_found():
    places = (docpages.ROOT / "benchmarks/results", docpages.ROOT / "models/govie-zh-4x256/scores")
    results = "".join(path.read_text(encoding="utf-8") for place in places for path in place.glob("*.md"))
    for page in (docpages.ROOT / "README.md", docpages.ROOT / "docs" / "limits.md"):
        figures = set(re.findall(r"\b[01]\.\d{3}\b", page.read_text(encoding="utf-8")))
        assert figures, page
        assert {figure for figure in figures if figure not in results} == set(), page


PAGE = """
Words.

<!-- not run: it needs a week -->
```sh
false
```

```python
>>> 1 + 1
{answer}
```

```console
$ echo one; echo two >&2
o...
two
```
"""


def _page(tmp_path, text):
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    return list(docpages.blocks(path))


def test_a_wrong_output_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(docpages, "ROOT", tmp_path)
    skipped, right, console = _page(tmp_path, PAGE.format(answer=2))
    _, wrong, _ = _page(tmp_path, PAGE.format(answer=3))
    assert (skipped.reason, skipped.runs, right.runs) == ("it needs a week", False, True)
    docpages.run(right, {})
    docpages.run(console, {})
    with pytest.raises(AssertionError, match="Expected"):
        docpages.run(wrong, {})


@pytest.mark.parametrize("code", ["```sh\nfalse\ntrue\n```", "```console\n$ echo yes\nno\n```", "```python\n1/0\n```"])
def test_a_block_that_fails_is_noticed(tmp_path, monkeypatch, code):
    monkeypatch.setattr(docpages, "ROOT", tmp_path)
    (block,) = _page(tmp_path, textwrap.dedent(code))
    with pytest.raises((AssertionError, ZeroDivisionError)):
        docpages.run(block, {})
