"""What every request has to pass, and the headers every answer carries."""

from __future__ import annotations

import re
from asyncio import CancelledError
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from govie.integrations.web.answers import error_response, refused
from govie.integrations.web.jobs import explained
from govie.integrations.web.options import WebOptions

__all__ = ["HEADERS", "Guard"]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_HOST = re.compile(r"(\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[\w.-]+))(:\d+)?")
_DRAIN = 4  # times the limit: so much of a body too large is read and dropped, so that its sender sees the answer


@dataclass(slots=True)
class _Refusal:
    status: int
    error: str
    hint: str


class Guard:
    """ASGI middleware that lets in what is meant for this page and is not too much.

    - The Host header must name this page. A foreign site that points its own name at
      this machine (DNS rebinding) is refused; an IP address cannot be repointed and passes.
    - What a browser sends from another site's page is refused.
    - A body may have so many bytes, and so much time to arrive.
    - Only so many requests are taken at once.
    """

    def __init__(self, app: ASGIApp, options: WebOptions) -> None:
        self._app = app
        self._options = options
        self._names = {"localhost", options.host.lower(), *(name.lower() for name in options.names)}
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        self._running += 1
        try:
            await self._handle(scope, receive, answer)
        except ClientDisconnect:
            pass
        except CancelledError:  # the server ends and waits no longer; nothing above this task needs to know
            if not answer.started:
                await error_response(503, "the page is being ended", "Start it again.")(scope, receive, answer)
        except Exception as error:  # the last line of defence: whatever it is, the user gets a message
            if answer.started:
                raise
            failure = explained(scope["path"], error)
            await error_response(failure.status, failure.error, failure.hint)(scope, receive, answer)
        finally:
            self._running -= 1

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refusal = self._stranger(scope["method"], headers) or self._too_much(headers)
        if refusal:
            if refusal.status == 413:
                await self._drain(receive)
            await error_response(refusal.status, refusal.error, refusal.hint)(scope, receive, send)
        else:
            await self._app(scope, _Body(receive, self._options), send)

    def _stranger(self, method: str, headers: Headers) -> _Refusal | None:
        host = headers.get("host", "")
        if not self._known(_host_name(host)):
            hint = f"Open the page as localhost, or start it with --allow-host {_host_name(host) or 'NAME'}."
            return _Refusal(403, f"the page is not served under the name {host!r}", hint)
        origin = headers.get("origin")
        elsewhere = (origin and urlsplit(origin).netloc != host) or headers.get("sec-fetch-site") == "cross-site"
        if elsewhere and method not in ("GET", "HEAD"):  # a link from anywhere may lead here
            return _Refusal(403, "the request comes from another site", "Use the page itself, or a program.")
        return None

    def _too_much(self, headers: Headers) -> _Refusal | None:
        if self._running > self._options.requests:
            return _Refusal(503, "too many requests at once", "Try again later.")
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self._options.request_bytes:
            return _Refusal(413, *_too_large(self._options))
        return None

    def _known(self, name: str) -> bool:
        try:
            return bool(ip_address(name))
        except ValueError:
            return name in self._names

    async def _drain(self, receive: Receive) -> None:
        """Read on for a while: a sender whose body is not read may never see why."""
        left = _DRAIN * self._options.request_bytes
        with anyio.move_on_after(self._options.seconds):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body"):
                    return


class _Answer:
    """Adds the headers to an answer and knows whether it has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            MutableHeaders(scope=message).update(HEADERS)
        await self._send(message)


class _Body:
    """Counts and times a request's body as it arrives."""

    def __init__(self, receive: Receive, options: WebOptions) -> None:
        self._receive = receive
        self._options = options
        self._left = options.request_bytes
        self._until = anyio.current_time() + options.seconds
        self._whole = False

    async def __call__(self) -> Message:
        if self._whole:  # what comes now is that the client leaves, however late
            return await self._receive()
        with anyio.CancelScope(deadline=self._until) as timed:
            message = await self._receive()
        if timed.cancelled_caught:
            raise refused(408, f"the request took more than {self._options.seconds:g} seconds to arrive", "Send less.")
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise refused(413, *_too_large(self._options))
        self._whole = not message.get("more_body", False)
        return message


def _too_large(options: WebOptions) -> tuple[str, str]:
    limit = options.request_bytes / 1024 / 1024
    hint = "Send the files one by one, start the page with a larger --max-mb, or use the command govie extract."
    return f"the request is larger than the {limit:g} MB allowed", hint


def _host_name(host: str) -> str:
    """The name in a Host header, without the port and the brackets of IPv6."""
    match = _HOST.fullmatch(host.lower())
    return (match["address"] or match["name"]) if match else ""
