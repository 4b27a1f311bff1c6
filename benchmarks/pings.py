"""Three pings: what `async def` and `def` do to a server when something in them waits.

    python benchmarks/pings.py

One process serves three routes that each wait for a tenth of a second: one blocks in `async def`,
one blocks in a plain `def`, which FastAPI runs in a thread, and one awaits. Many clients call each
of them at once. Then the same with work instead of waiting, which threads do not speed up.
"""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from statistics import median

import httpx2
import uvicorn
from fastapi import FastAPI

WAIT = 0.1  # seconds
WORK = 1_000_000  # additions, some ten milliseconds
CLIENTS = (10, 100)  # at once; FastAPI has 40 threads
app = FastAPI()


@app.get("/blocks-in-async-def")
async def blocks_in_async_def() -> None:
    time.sleep(WAIT)  # noqa: ASYNC251  # fastwright: ignore[async_routes/no-blocking-call] the lesson


@app.get("/blocks-in-def")
def blocks_in_def() -> None:
    time.sleep(WAIT)


@app.get("/awaits")
async def awaits() -> None:
    await asyncio.sleep(WAIT)


@app.get("/computes-in-async-def")
async def computes_in_async_def() -> None:
    sum(range(WORK))


@app.get("/computes-in-def")
def computes_in_def() -> None:
    sum(range(WORK))


WAITING: tuple[Callable[..., object], ...] = (blocks_in_async_def, blocks_in_def, awaits)
WORKING: tuple[Callable[..., object], ...] = (computes_in_async_def, computes_in_def)


async def main() -> None:
    async with serving() as address, httpx2.AsyncClient(base_url=address, timeout=60) as client:
        for routes, clients in ((WAITING, CLIENTS), (WORKING, CLIENTS[-1:])):
            for count in clients:
                print(f"{count} requests at once")
                print(f"  {'':24}{'seconds':>9}{'per second':>12}{'median':>9}{'slowest':>9}")
                for route in routes:
                    await show(client, route, count)


async def show(client: httpx2.AsyncClient, route: Callable[..., object], count: int) -> None:
    path = "/" + route.__name__.replace("_", "-")
    await client.get(path)
    start = time.perf_counter()
    times = await asyncio.gather(*(timed(client, path) for _ in range(count)))
    total = time.perf_counter() - start
    numbers = f"{total:>9.2f}{count / total:>12.0f}{median(times):>9.2f}{max(times):>9.2f}"
    print(f"  {path:24}{numbers}")


async def timed(client: httpx2.AsyncClient, path: str) -> float:
    start = time.perf_counter()
    (await client.get(path)).raise_for_status()
    return time.perf_counter() - start


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """A server on a free port of this machine, in a process of its own."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    process = await asyncio.create_subprocess_exec(sys.executable, __file__, str(port))
    address = f"http://127.0.0.1:{port}"
    try:
        async with httpx2.AsyncClient() as client:
            for _ in range(100):
                try:
                    await client.get(f"{address}/awaits")
                    break
                except httpx2.TransportError:
                    await asyncio.sleep(0.1)
        yield address
    finally:
        process.terminate()
        await process.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
    else:
        asyncio.run(main())
