"""The batch job: thousands of documents into a folder of tables, resumable, on all cores.

>>> from govie.batch import BatchOptions, run_batch
>>> summary = run_batch("reports", "results", BatchOptions(mode="rules", workers=2))  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govie.batch.options import BatchOptions

if TYPE_CHECKING:
    from govie.batch.job import Engine, Summary, run_batch

__all__ = ["BatchOptions", "Engine", "Summary", "run_batch"]


def __getattr__(name: str) -> Any:
    """Import the job when it is first used: the command line shows its help without it."""
    if name in __all__:
        from govie.batch import job

        return getattr(job, name)
    raise AttributeError(f"module 'govie.batch' has no attribute {name!r}")
