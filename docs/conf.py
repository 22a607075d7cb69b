"""How Sphinx builds the site: ``make docs`` writes it to build/docs, without a network."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

from govie import __version__

project = "govie"
author = "the authors of govie"
project_copyright = author
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
exclude_patterns: list[str] = []
language = "en"

html_theme = "furo"
html_title = f"govie {version}"
html_show_copyright = False

myst_heading_anchors = 3  # so that page.md#a-heading works here as on the project's pages

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_custom_sections = [
    ("Attributes", "params_style"),
    ("Columns", "params_style"),
]  # lists, not entries of their own

# A link out of this folder leads to the file itself, which the site carries along.
_OUTWARD = re.compile(r"\[([^\]]+)\]\((\.\./[^)#]+)(?:#[^)]*)?\)")


def setup(app: Sphinx) -> None:
    """Connect what is done to pages and to the help of commands."""
    app.connect("source-read", _carry_along)
    app.connect("sphinx-click-process-description", _keep_stars)


def _carry_along(app: Sphinx, page: str, source: list[str]) -> None:
    source[0] = _OUTWARD.sub(r"{download}`\1 <\2>`", source[0])


def _keep_stars(app: Sphinx, context: object, lines: list[str]) -> None:
    """A help text says *.txt and means it; for Sphinx the star would begin emphasis."""
    lines[:] = [line.replace("*", r"\*") for line in lines]
