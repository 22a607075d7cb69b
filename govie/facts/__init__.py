"""From tagged sentences to spans, relations, facts and tasks of a whole document."""

from govie.facts.build import build_extraction

__all__ = ["build_extraction"]
