"""What surrounds every request: its id, its log line, security headers, and problems for errors.

Pure ASGI: no task per request and no copy of the body.
"""

import logging
import random
import re
import time

from fastapi import FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from src.config import Environment, GlobalConfig
from src.logs import start_log_context
from src.problems import status_problem, unexpected_problem

logger = logging.getLogger(__name__)
access_logger = logging.getLogger("access")

BAD_REQUEST, UNSUPPORTED = 400, 415
Headers = list[tuple[bytes, bytes]]

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

# An API answers with data: a browser that opens one as a page may load and run nothing.
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
# Routes and pages may say otherwise about these.
DEFAULT_HEADERS = (b"content-security-policy", b"cache-control")
HSTS = {"strict-transport-security": "max-age=63072000; includeSubDomains"}


def add_middleware(app: FastAPI, config: GlobalConfig) -> None:
    """Put the application's middleware around `app`; the last one added is the outermost."""
    app.add_middleware(RequestBodies, max_body_size=config.max_body_size)
    if not config.debug:  # then Starlette shows the traceback
        app.add_middleware(UnexpectedErrors)
    if config.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=config.cors_origins,
            allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=("Authorization", "Content-Type", "If-None-Match", "X-Request-ID"),
            expose_headers=("ETag", "Link", "Retry-After", "X-Request-ID"),
            max_age=600,
        )
    if "*" not in config.allowed_hosts:
        app.add_middleware(TrustedHosts, allowed_hosts=config.allowed_hosts, www_redirect=False)
    in_production = config.environment is Environment.PRODUCTION
    app.add_middleware(RequestContext, headers=SECURITY_HEADERS | (HSTS if in_production else {}))
    if config.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(config.trusted_proxies))


class RequestContext:
    """Gives every request its id, its log line and its security headers, and plain errors a form.

    Starlette answers a wrong host, a refused preflight and a body over the limit in plain text,
    from places that know no exception handler: they leave here as problems, like all others. One
    class does it all because every layer around a request is felt by each of them.
    """

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        encoded = {name.encode(): value.encode() for name, value in headers.items()}
        self.defaults = [(name, encoded.pop(name)) for name in DEFAULT_HEADERS]
        self.headers = list(encoded.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = _request_id(scope["headers"])
        start_log_context(request_id=request_id)
        status = 0
        is_replaced = False

        async def send_in_context(message: Message) -> None:
            nonlocal status, is_replaced
            if message["type"] == "http.response.start":
                status = message["status"]
                if status >= BAD_REQUEST and _is_plain_text(message["headers"]):
                    is_replaced = True
                    problem = status_problem(
                        status, instance=scope["path"], headers=_kept(message["headers"])
                    )
                    self._add_headers(problem.raw_headers, request_id)
                    await problem(scope, receive, send)
                else:
                    self._add_headers(message["headers"], request_id)
            if not is_replaced:
                await send(message)

        try:
            await self.app(scope, receive, send_in_context)
        finally:
            _log_access(scope, status, time.perf_counter() - started)

    def _add_headers(self, headers: Headers, request_id: str) -> None:
        present = [name for name, _ in headers]
        headers += [default for default in self.defaults if default[0] not in present]
        headers += self.headers
        headers.append((b"x-request-id", request_id.encode()))


class TrustedHosts(TrustedHostMiddleware):
    """Refuses other hosts, but for health checks: a platform asks those by bare address."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_probe = scope["type"] == "http" and scope["path"].startswith("/health/")
        await (self.app if is_probe else super().__call__)(scope, receive, send)


class RequestBodies:
    """Lets through only bodies that can be read in no time: not too large, and in no odd codec.

    The limit is Starlette's; FastAPI's own `max_body_size` stands outside of all middleware, where
    its answer in plain text cannot become a problem. A multipart form may name any codec of
    Python's for itself, some of which take minutes over a small body.
    """

    def __init__(self, app: ASGIApp, max_body_size: int) -> None:
        self.app = app
        self.limited = RequestBodyLimitMiddleware(app, max_body_size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # No route reads a body that comes with a GET.
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
        elif _names_a_codec(scope["headers"]):
            await status_problem(UNSUPPORTED, instance=scope["path"])(scope, receive, send)
        else:
            await self.limited(scope, receive, send)


class UnexpectedErrors:
    """Logs an error that nobody expected and answers with a problem that tells nothing of it.

    Stands inside CORS, so that a browser may read the answer; Starlette's own place for such
    errors stands outside of everything.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except Exception:
            if scope["type"] != "http":
                raise
            logger.exception("Unexpected error in %s %s", scope["method"], scope["path"])
            # Once half a response is out, the server refuses another and cuts the connection.
            await unexpected_problem(scope["path"])(scope, receive, send)


def _request_id(headers: Headers) -> str:
    """The caller's request id when it is one that logs can hold, else a new one."""
    for name, value in headers:
        if name == b"x-request-id":
            given = value.decode("latin-1")
            if REQUEST_ID.fullmatch(given):
                return given
            break
    return f"{random.getrandbits(128):032x}"


def _kept(headers: Headers) -> dict[str, str]:
    """The headers of a replaced response that still hold for the problem in its place."""
    return {
        name.decode(): value.decode("latin-1")
        for name, value in headers
        if name in {b"allow", b"vary"} or name.startswith(b"access-control-")
    }


def _names_a_codec(headers: Headers) -> bool:
    return any(
        name == b"content-type" and b"multipart/" in value.lower() and b"charset" in value.lower()
        for name, value in headers
    )


def _is_plain_text(headers: Headers) -> bool:
    return any(
        name == b"content-type" and value.startswith(b"text/plain") for name, value in headers
    )


def _log_access(scope: Scope, status: int, seconds: float) -> None:
    client = scope["client"]
    access_logger.info(
        "%s %s %d in %.1f ms",
        scope["method"],
        scope["path"],
        status,
        seconds * 1000,
        extra={
            "fields": {
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "milliseconds": round(seconds * 1000, 2),
                "client": client[0] if client else None,
            }
        },
    )
