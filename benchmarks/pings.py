"""Three pings: what `async def` and `def` do to a server when something in them waits.

    python benchmarks/pings.py

One process serves three routes that each wait for a tenth of a second: one blocks in `async def`,
one blocks in a plain `def`, which FastAPI runs in a thread, and one awaits. Many clients call each
of them at once: as many as there are threads, then more. After that the same with work instead of
waiting, which threads do not speed up; other processes do, as far as there are processors.
"""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from multiprocessing import get_context
from statistics import median, quantiles

import httpx2
import uvicorn
from fastapi import FastAPI, Request

WAIT = 0.1  # seconds
WORK = 1_000_000  # additions, some ten milliseconds
THREADS = 40  # that FastAPI has
MANY = 100
PROCESSES = os.cpu_count() or 1


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, ProcessPoolExecutor]]:
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        # All of them start here rather than in the first requests.
        await asyncio.gather(
            *(loop.run_in_executor(pool, time.sleep, WAIT) for _ in range(PROCESSES))
        )
        yield {"pool": pool}


app = FastAPI(lifespan=lifespan)


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
    compute()


@app.get("/computes-in-def")
def computes_in_def() -> None:
    compute()


@app.get("/computes-in-processes")
async def computes_in_processes(request: Request) -> None:
    await asyncio.get_running_loop().run_in_executor(request.state.pool, compute)


def compute() -> None:
    sum(range(WORK))


Routes = tuple[Callable[..., object], ...]
WAITING: Routes = (blocks_in_async_def, blocks_in_def, awaits)
WORKING: Routes = (computes_in_async_def, computes_in_def, computes_in_processes)


async def main() -> None:
    async with serving() as address, httpx2.AsyncClient(base_url=address, timeout=60) as client:
        await show(client, f"waiting, {THREADS} at once: a thread for each", WAITING, THREADS)
        await show(client, f"waiting, {MANY} at once: more than threads", WAITING, MANY)
        await show(client, f"computing, {MANY} at once, {PROCESSES} processors", WORKING, MANY)


async def show(client: httpx2.AsyncClient, title: str, routes: Routes, count: int) -> None:
    measured = [await measure(client, path_of(route), count) for route in routes]
    fastest = min(total for total, _ in measured)
    print(title)
    print(f"  {'':24}{'seconds':>9}{'ratio':>8}{'per second':>12}{'p50':>7}{'p99':>7}")
    for route, (total, times) in zip(routes, measured, strict=True):
        slowest = quantiles(times, n=100, method="inclusive")[-1]
        numbers = f"{total:>9.2f}{total / fastest:>8.1f}{count / total:>12.0f}"
        print(f"  {path_of(route):24}{numbers}{median(times):>7.2f}{slowest:>7.2f}")


async def measure(client: httpx2.AsyncClient, path: str, count: int) -> tuple[float, list[float]]:
    """Return the seconds that all requests took together, and each of them."""
    await timed(client, path)
    start = time.perf_counter()
    times = await asyncio.gather(*(timed(client, path) for _ in range(count)))
    return time.perf_counter() - start, times


async def timed(client: httpx2.AsyncClient, path: str) -> float:
    start = time.perf_counter()
    (await client.get(path)).raise_for_status()
    return time.perf_counter() - start


def path_of(route: Callable[..., object]) -> str:
    return "/" + route.__name__.replace("_", "-")


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """A server on a free port of this machine, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "serve", stdout=asyncio.subprocess.PIPE
    )
    try:
        told = await process.stdout.readline() if process.stdout else b""
        port = told.decode().strip()
        if not port:
            sys.exit("the server did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def serve() -> None:
    """Serve on a free port and tell it; who connects before all is ready waits."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(MANY)
        print(listening.getsockname()[1], flush=True)
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        asyncio.run(main())
