"""From tagged sentences to spans, relations, facts and tasks of a whole document."""

from govie.facts.build import build_extraction
from govie.facts.spans import Tagged

__all__ = ["Tagged", "build_extraction"]
