"""The HTML report: the text with its facts marked, beside a table of them, in one file.

The page asks for nothing from anywhere, holds no data in its script and says so in
its content security policy. Without JavaScript it is a readable static document.
"""

from govie.integrations.report.page import render

__all__ = ["render"]
