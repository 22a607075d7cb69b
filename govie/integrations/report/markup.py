"""Small pieces of HTML that every part of the report uses."""

from __future__ import annotations

import html
from collections.abc import Mapping
from importlib.resources import files

from govie.wording import printable

__all__ = ["attributes", "bilingual", "escape", "resource"]


def escape(text: str) -> str:
    """Return text safe inside elements and quoted attributes, control characters replaced."""
    return html.escape(printable(text), quote=True)


def bilingual(chinese: str, english: str, tag: str = "span", **extra: str) -> str:
    """Return an element whose words the page's language switch can exchange."""
    more = attributes({name.rstrip("_"): value for name, value in extra.items()})
    return f'<{tag} data-en="{escape(english)}"{more}>{escape(chinese)}</{tag}>'


def attributes(values: Mapping[str, str | None]) -> str:
    """Return escaped attributes with a space before each; those that are None are left out."""
    return "".join(f' {name}="{escape(value)}"' for name, value in values.items() if value is not None)


def resource(name: str, package: str = "govie.integrations.report") -> str:
    """Return a template, style or script that lies beside the code of a package."""
    return files(package).joinpath(name).read_text(encoding="utf-8")
