"""A worker process: ``python -m govie.batch.worker``, one document after another, one JSON line each way.

The first line in sets the worker up (:class:`Setup`); it answers ``{"ready": true}``. Every further line in is an
item, every line out its rows by table. The worker ends when its input does, so it never outlives the job by more than
the document in hand.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TextIO

from govie.config import Mode

if TYPE_CHECKING:
    from govie.pipeline import Extractor

__all__ = ["WARM_UP", "Setup", "main"]

_GRACE = 30.0  # seconds after the timeout in which the job ends a hung worker; past them nobody is left to do it
WARM_UP = "预计地区生产总值完成990亿元。"  # what loads at first use is not to count against the first document's time


@dataclass(frozen=True, slots=True)
class Setup:
    """What every worker of a job needs.

    Attributes:
        mode: see :func:`govie.load`.
        model: folder of a model, None for the one that comes with govie.
        max_characters: longest text that is accepted, in code points.
        timeout: seconds that a document may take.
    """

    mode: Mode
    model: str | None
    max_characters: int
    timeout: float

    def extractor(self) -> Extractor:
        """Load the extractor.

        Raises:
            OptionError: the mode is none of the choices.
            ModelError: the model is missing, corrupt or does not match.
        """
        from govie.pipeline import load

        return load(self.model, mode=self.mode, threads=1)  # workers share the cores among themselves

    def to_json(self) -> str:
        """Return the line that sets a worker up."""
        return json.dumps(asdict(self))


def main() -> int:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the job ends its workers itself
    answers = _own_standard_output()
    try:
        _serve(sys.stdin, answers)
    except BrokenPipeError:  # the job is gone
        os._exit(1)
    return 0


def _own_standard_output() -> TextIO:
    """Keep standard output for answers; what a library prints goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii", newline="\n")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _serve(requests: TextIO, answers: TextIO) -> None:
    from govie.batch.items import Item
    from govie.batch.process import process
    from govie.batch.tables import TABLES

    setup = Setup(**json.loads(requests.readline()))
    extractor = setup.extractor()
    extractor(WARM_UP)
    _answer(answers, {"ready": True})
    while request := requests.readline():
        # A watchdog in C: it ends even a regular expression that never returns, should the job itself be gone.
        faulthandler.dump_traceback_later(setup.timeout + _GRACE, exit=True)
        outcome = process(Item.from_json(json.loads(request)), extractor, setup.max_characters)
        faulthandler.cancel_dump_traceback_later()
        _answer(answers, {table: getattr(outcome, table) for table in TABLES})


def _answer(answers: TextIO, plain: object) -> None:
    answers.write(json.dumps(plain) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
