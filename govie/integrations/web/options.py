"""What can be set about the page, each default written once."""

from __future__ import annotations

from dataclasses import dataclass

from govie.config import Mode

__all__ = ["WebOptions"]


@dataclass(frozen=True, slots=True)
class WebOptions:
    """Where the page is served, to whom, and how much one request may ask for.

    Attributes:
        host: address to listen on; the default is reachable from this machine alone.
        port: port to listen on, 0 for any free one.
        names: further host names the page may be opened under, such as that of a proxy.
        mode: who extracts; see :func:`govie.load`.
        request_bytes: largest request body, in bytes.
        seconds: longest time for a body to arrive, for a request to wait for its turn,
            and for its extraction, each.
        workers: extractions at the same time, each in a process of its own.
        requests: requests at the same time, those that wait included.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    names: tuple[str, ...] = ()
    mode: Mode = "auto"
    request_bytes: int = 20 * 1024 * 1024
    seconds: float = 120
    workers: int = 2
    requests: int = 32
