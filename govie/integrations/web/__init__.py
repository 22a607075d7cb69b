"""The page and the JSON API behind ``govie serve``.

Nothing that is sent is stored: bodies stay in memory, results go back in the answer,
no request is logged and no address is fetched. :func:`govie.integrations.web.server.serve`
serves it; :func:`govie.integrations.web.app.create_app` is for another ASGI server.
"""

from importlib.util import find_spec

from govie.errors import MissingExtraError

__all__ = ["require_web"]


def require_web() -> None:
    """Find out, before anything is imported, whether the page can be served.

    Raises:
        MissingExtraError: ``govie[web]`` is not installed.
    """
    if any(find_spec(name) is None for name in ("fastapi", "uvicorn", "python_multipart")):
        raise MissingExtraError("the page", "web")
