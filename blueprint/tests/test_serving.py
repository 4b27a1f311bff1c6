"""The application under its real server."""

import asyncio
import os
import signal
import socket
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.accounts import Account
from tests.environment import HOST, ROOT, SETTINGS, python, without_settings
from tests.servers import Urls, connected, somebody_waits

SERVE = """
import socket, sys, uvicorn
config = uvicorn.Config("src.main:app", access_log=False, server_header=False)
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""


class Server:
    def __init__(self, process: Process, port: int) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port}"

    def client(self, token: str | None = None) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.AsyncClient(base_url=self.url, headers={"Host": HOST, **headers}, timeout=30)


@pytest.fixture
async def server(urls: Urls) -> AsyncIterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = await asyncio.create_subprocess_exec(
            *python(SERVE),
            str(listener.fileno()),
            cwd=ROOT,
            env=without_settings(os.environ) | SETTINGS | urls.variables,
            pass_fds=[listener.fileno()],
            stdout=DEVNULL,
        )
        yield Server(process, listener.getsockname()[1])
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_stopping_server_finishes_the_requests_in_flight(
    server: Server, urls: Urls, author: Account
) -> None:
    async with server.client(author.access_token) as client, connected(urls) as blocker:
        async with blocker.transaction():
            await blocker.execute("SELECT FROM user_account FOR UPDATE")
            change = {"first_name": "Grace"}
            changing = asyncio.create_task(client.patch("/users/me", json=change))
            await somebody_waits(blocker)
            server.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.5)
            assert not changing.done()

        async with asyncio.timeout(20):
            response = await changing
            await server.process.wait()
        assert await blocker.fetchval("SELECT first_name FROM user_account") == "Grace"

    assert response.status_code == 200
    assert response.json()["first_name"] == "Grace"
    assert "server" not in response.headers
    assert server.process.returncode in {0, -signal.SIGTERM}
