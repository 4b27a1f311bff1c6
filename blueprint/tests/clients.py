"""A running application without a server, and clients that speak to it."""

from collections.abc import AsyncIterator, Mapping, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2
from fastapi import FastAPI
from starlette.types import Receive, Send

from src.main import State
from tests.contract import assert_documented
from tests.environment import HOST

BASE_URL = f"https://{HOST}"


class RunningApp:
    """An application whose lifespan has begun; a request finds its state as under a server."""

    def __init__(self, app: FastAPI, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        scope["state"] = dict(self.state)
        await self.app(scope, receive, send)

    def client(
        self,
        token: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        address: str = "192.0.2.1",
    ) -> httpx2.AsyncClient:
        """A client at `address`; with an access token it is somebody."""
        known = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self, client=(address, 50_000)),
            base_url=BASE_URL,
            headers={**known, **(headers or {})},
            event_hooks={"response": [assert_documented]},
        )


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[RunningApp]:
    """Run the application's lifespan around the block."""
    async with app.router.lifespan_context(app) as state:
        yield RunningApp(app, cast("State", state))
