"""govie turns Chinese government documents into facts.

>>> import govie
>>> fact = govie.extract("预计地区生产总值完成990亿元，同比增长0.2%。").facts[0]
>>> fact.name, str(fact.amount)
('地区生产总值', '99000000000')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govie.document import Document
    from govie.errors import GovieError, MissingExtraError, ModelError, OptionError, ReadError
    from govie.facts.panel import panel
    from govie.pipeline import Extractor, extract, load
    from govie.reading import read
    from govie.records import Extraction, Fact, Relation, Span, Task

__version__ = "0.1.0"

__all__ = [
    "Document",
    "Extraction",
    "Extractor",
    "Fact",
    "GovieError",
    "MissingExtraError",
    "ModelError",
    "OptionError",
    "ReadError",
    "Relation",
    "Span",
    "Task",
    "__version__",
    "extract",
    "load",
    "panel",
    "read",
]

_HOMES = {
    "govie.document": ("Document",),
    "govie.errors": ("GovieError", "MissingExtraError", "ModelError", "OptionError", "ReadError"),
    "govie.facts.panel": ("panel",),
    "govie.pipeline": ("Extractor", "extract", "load"),
    "govie.reading": ("read",),
    "govie.records": ("Extraction", "Fact", "Relation", "Span", "Task"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import govie`` stays quick."""
    for home, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(home), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'govie' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
