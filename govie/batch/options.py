"""What a batch job can be told, each default written once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from govie.batch.forms import FORMS, FormName
from govie.config import Mode
from govie.errors import OptionError

__all__ = ["ENGINES", "BatchOptions", "EngineName"]

EngineName = Literal["local", "ray"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)


@dataclass(frozen=True, kw_only=True)
class BatchOptions:
    """How a batch job works. Only those marked * decide what the rows are; the others may change from run to run.

    Attributes:
        mode: * ``rules``, ``model`` or ``auto``; see :func:`govie.load`.
        model: * folder of a model, None for the one that comes with govie.
        form: * ``parquet`` or ``jsonl``; None for Parquet where pyarrow is installed.
        text_column: * column of the texts in tables.
        id_column: * column that names a table's rows, None for their numbers.
        engine: ``local``: worker processes on this machine. ``ray``: Ray actors, here or on a cluster.
        ray_address: of the cluster, as ``ray.init`` takes it; None for a Ray on this machine that ends with the job.
        workers: how many processes or actors, None for one a core (of a cluster: a free core).
        timeout: seconds that a document may take.
        max_characters: longest text that is accepted, in code points; a worker's memory grows with it.
        part_documents: documents in a part; one is also written every minute, and when many facts have gathered.
        restart: remove the results that are in the folder and begin anew.
        retry_failed: try once more what is in the table ``errors``.

    Raises:
        OptionError: a value is out of range.
    """

    mode: Mode = "auto"
    model: str | None = None
    form: FormName | None = None
    text_column: str = "text"
    id_column: str | None = None
    engine: EngineName = "local"
    ray_address: str | None = None
    workers: int | None = None
    timeout: float = 600.0
    max_characters: int = 5_000_000
    part_documents: int = 1000
    restart: bool = False
    retry_failed: bool = False

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        for name in ("workers", "timeout", "max_characters", "part_documents"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise OptionError(f"{name} is {value}", hint="Give more than 0.")
        _check_choice("engine", self.engine, ENGINES)
        if self.ray_address is not None and self.engine != "ray":
            raise OptionError("ray_address is given without engine ray", hint="Give --engine ray, too.")
        _check_choice("form", self.form, (None, *FORMS))


def _check_choice(option: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        raise OptionError(f"{option} is {value!r}", hint=f"Choose one of {', '.join(map(str, choices))}.")
