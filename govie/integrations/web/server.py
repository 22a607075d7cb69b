"""Listens, says where, and serves until it is interrupted."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from ipaddress import ip_address

import uvicorn
from fastapi import FastAPI

from govie.errors import OptionError
from govie.integrations.web.app import create_app
from govie.integrations.web.options import WebOptions

__all__ = ["serve"]

_FAREWELL = 3  # seconds that running requests have to end once the page is to end


def serve(options: WebOptions, tell: Callable[[str], object] = print) -> None:
    """Serve the page until interrupted.

    Args:
        options: where, to whom, and how much a request may ask for.
        tell: takes the lines for whoever started it.

    Raises:
        OptionError: nothing can listen at that host and port.
        ModelError: there is no model for ``options.mode``.
    """
    app = create_app(options)
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns when a worker that was killed is gone already
    with _listening(options) as listener:
        tell(f"govie: the page is at {_address(options.host, listener)}  (Ctrl-C ends it)")
        if not _is_loopback(options.host):
            tell("govie: note: whoever reaches this machine can use it; there is no password")
        uvicorn.Server(_config(app)).run(sockets=[listener])


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_FAREWELL,
    )


def _listening(options: WebOptions) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        return socket.create_server((options.host, options.port), family=family)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        hint = "Is it running already? Choose another --port."
        raise OptionError(f"cannot listen ({reason})", where=f"{options.host}:{options.port}", hint=hint) from None


def _address(host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    name = "localhost" if host in ("0.0.0.0", "::") else host
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
