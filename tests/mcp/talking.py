"""A real client of the SDK, which talks to a server that was started as its users start it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import Client
from mcp.client import ClientRequestContext
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult, ListRootsResult, Root
from pydantic import FileUrl

COMMAND = [sys.executable, "-m", "fastwright", "mcp"]

CODE = """\
import time

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI(openapi_url=None)
scheme = OAuth2PasswordBearer(tokenUrl="/token")


def get_current_user(token: str = Depends(scheme)) -> str:
    return token


@app.get("/me")
async def read_me(user: str = Depends(get_current_user)) -> str:
    time.sleep(1)
    return user
"""


def talk(conversation: Callable[[], Awaitable[None]]) -> None:
    """Hold a conversation."""
    asyncio.run(asyncio.wait_for(conversation(), 60))


@asynccontextmanager
async def server(
    folder: Path, *, granted: list[Path] | None = None, mode: str = "auto"
) -> AsyncIterator[Client]:
    """Start a server in a folder; `granted` are the roots that the client grants."""
    started = StdioServerParameters(
        command=COMMAND[0], args=[*COMMAND[1:], "--root", str(folder)], env=dict(os.environ)
    )

    async def roots(context: ClientRequestContext) -> ListRootsResult:
        return ListRootsResult(roots=[Root(uri=FileUrl(each.as_uri())) for each in granted or []])

    callback = None if granted is None else roots
    async with Client(started, list_roots_callback=callback, mode=mode) as client:
        yield client


@asynccontextmanager
async def http_server(folder: Path) -> AsyncIterator[str]:
    """Start a server over HTTP on a free port, and yield its address."""
    process = await asyncio.to_thread(
        subprocess.Popen,
        [*COMMAND, "--http", "--root", str(folder)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        line = await asyncio.to_thread(process.stderr.readline)
        assert "listens at" in line
        yield line.split()[-1]
    finally:
        process.terminate()
        await asyncio.to_thread(process.communicate)


def told(result: CallToolResult) -> Any:
    """Return what a tool answered, which must be no error."""
    assert not result.is_error, result.content
    return result.structured_content


def refused(result: CallToolResult) -> str:
    """Return the error that a tool answered."""
    assert result.is_error
    return str(getattr(result.content[0], "text", ""))
