"""The command ``govie serve``: a page for text and files, and a JSON API beside it.

Exit codes: 0 when it was ended, 1 when it could not begin, 2 wrong usage.
"""

from __future__ import annotations

from typing import Any

import click

from govie.config import MODES
from govie.errors import GovieError
from govie.integrations.web import require_web
from govie.integrations.web.options import WebOptions
from govie.terminal import Notices

__all__ = ["serve"]

_MB = 1024 * 1024
_DEFAULTS = WebOptions()
_PORTS = click.IntRange(0, 65535)


@click.command()
@click.option("--host", default=_DEFAULTS.host, show_default=True, help="Address to listen on.")
@click.option("--port", type=_PORTS, default=_DEFAULTS.port, show_default=True, help="0 takes any free port.")
@click.option("--allow-host", "names", metavar="NAME", multiple=True, help="Further name the page is opened under.")
@click.option("--mode", type=click.Choice(MODES), default=_DEFAULTS.mode, show_default=True, help="Who extracts.")
@click.option(
    "--max-mb",
    type=click.IntRange(min=1),
    default=_DEFAULTS.request_bytes // _MB,
    show_default=True,
    help="Largest request, in megabytes.",
)
@click.option(
    "--timeout",
    "seconds",
    type=click.FloatRange(min=1),
    default=_DEFAULTS.seconds,
    show_default=True,
    help="Seconds that an extraction may take.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=_DEFAULTS.workers,
    show_default=True,
    help="Extractions at the same time.",
)
def serve(max_mb: int, **options: Any) -> int:
    """Serve a page to paste text and drop files into, and a JSON API beside it.

    It listens on this machine alone unless --host says otherwise, stores nothing and
    fetches nothing. Needs govie[web].
    """
    try:
        require_web()
        from govie.integrations.web.server import serve as serve_page

        serve_page(WebOptions(request_bytes=max_mb * _MB, **options), tell=click.echo)
    except GovieError as error:
        Notices().failed("serve", error)
        return 1
    except KeyboardInterrupt:  # the usual way to end it
        pass
    return 0
