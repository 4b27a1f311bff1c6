"""A thousand live streams in one process on one core, beside two hundred requests a second.

    python benchmarks/streams.py --seconds 30

One of twenty requests is a like, of which authors hear over their streams. It fails on any answer
of 500 or more, on a stream that ends, and on a notification that does not arrive exactly once.
"""

import argparse
import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count, islice, product

import httpx2
import uvloop

import database
from load import Sample, at_rate, request
from project import HOST, ProjectError, copied_project, disposable_services, run
from servers import Server, make_room, production, started

USERS = 200  # who have streams; as many to each
RATE = 200  # requests a second
LIKE_EVERY = 20  # requests
CONNECTIONS = 32
PASSWORD = "Try-it-out-2026"  # noqa: S105  (of the demo data)
LOGINS_AT_ONCE = 4
PATIENCE = 10.0  # seconds for the last notifications
PERCENT = 100


@dataclass
class Listener:
    """One stream, and what it has heard."""

    user_id: int
    heard: dict[str, int] = field(default_factory=dict)  # how often, by event id
    delays: list[float] = field(default_factory=list)  # seconds
    has_ended: bool = False

    async def listen(self, port: int, token: str) -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(request("GET", "/notifications/stream", Authorization=f"Bearer {token}"))
            if b" 200 " not in await reader.readline():
                raise ProjectError("A stream was refused.")
            self._begun.set()
            while line := await reader.readline():
                self._hear(line)
            self.has_ended = True
        finally:
            writer.close()

    def __post_init__(self) -> None:
        self._begun = asyncio.Event()

    async def begun(self) -> None:
        await self._begun.wait()

    def _hear(self, line: bytes) -> None:
        if line.startswith(b"data: "):
            event = json.loads(line[6:])
            sent_at = datetime.fromisoformat(event["created_at"])
            self.delays.append((datetime.now(UTC) - sent_at).total_seconds())
        elif line.startswith(b"id: ") and len(self.delays) > len(self.heard):
            self.heard[line.decode()] = self.heard.get(line.decode(), 0) + 1


@dataclass(frozen=True)
class Crowd:
    """Users who are logged in, by id, and the authors of posts, by id of the post."""

    tokens: dict[int, str]
    authors: dict[int, int]

    def requests(self, number: int) -> tuple[list[bytes], dict[int, int]]:
        """What is asked, and how many notifications each author is sent by it."""
        likes = (
            (user_id, post_id)
            for post_id, user_id in product(self.authors, self.tokens)
            if self.authors[post_id] != user_id
        )
        post_ids = list(self.authors)
        asked, told = [], dict.fromkeys(self.tokens, 0)
        for place in range(number):
            if place % LIKE_EVERY:
                asked.append(request("GET", f"/posts/{post_ids[place % len(post_ids)]}"))
                continue
            user_id, post_id = next(likes)
            bearer = f"Bearer {self.tokens[user_id]}"
            asked.append(request("PUT", f"/posts/{post_id}/like", Authorization=bearer))
            told[self.authors[post_id]] += 1
        return asked, told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--streams", type=int, default=1_000)
    options = parser.parse_args()
    print(make_room())
    with copied_project() as project, disposable_services(project.parent / "services") as urls:
        run(project, "alembic", "upgrade", "head", **urls)
        run(project, "src.seed", **urls)
        settings = production(urls) | {"NOTIFICATIONS_STREAMS_MAX": str(options.streams)}
        with started(project, settings, "/health/ready", ["ours"]) as servers:
            return uvloop.run(
                _run(servers["ours"], urls["DATABASE_URL"], options.streams, options.seconds)
            )


async def _run(server: Server, database_url: str, streams: int, seconds: float) -> int:
    crowd = await _log_in(server, database_url)
    before = server.process.memory_info().rss
    listeners = [
        Listener(user_id) for _, user_id in zip(range(streams), _in_turn(crowd), strict=False)
    ]
    tasks = []
    for listener in listeners:
        tasks.append(
            asyncio.create_task(listener.listen(server.port, crowd.tokens[listener.user_id]))
        )
        await listener.begun()
    opened = server.process.memory_info().rss
    asked, told = crowd.requests(int(RATE * seconds))
    cpu = server.cpu
    sample = await at_rate(
        server.port, asked, rate=RATE, connections=CONNECTIONS, seconds=seconds, strict=False
    )
    cpu = (server.cpu - cpu) / sample.seconds
    expected = sum(told[listener.user_id] for listener in listeners)
    await _until_heard(listeners, expected)
    after = server.process.memory_info().rss
    for task in tasks:
        task.cancel()
    print(
        f"{streams} streams beside {RATE} requests/s for {seconds:g} s, CPU {PERCENT * cpu:.0f} %"
    )
    print(f"memory: {_mb(before)} before, {_mb(opened)} with all streams, {_mb(after)} in the end")
    print(f"{'requests':<16}{_percentiles(sample.latencies)}")
    delays = [it for listener in listeners for it in listener.delays]
    print(f"{'notifications':<16}{_percentiles(delays)}")
    return _judge(sample, listeners, expected)


def _judge(sample: Sample, listeners: list[Listener], expected: int) -> int:
    failures = [error for error in sample.errors if " 5" in error[:12] or "HTTP" not in error[:4]]
    heard = sum(len(listener.heard) for listener in listeners)
    repeated = sum(sum(listener.heard.values()) - len(listener.heard) for listener in listeners)
    ended = sum(listener.has_ended for listener in listeners)
    print(f"5xx: {len(failures)} of {len(sample.latencies)}; other refusals: ", end="")
    print(f"{len(sample.errors) - len(failures)}; streams that ended: {ended}")
    print(f"notifications: {heard} of {expected} heard, {repeated} of them twice")
    if sample.errors:
        print(f"first refusal: {sample.errors[0][:300]}")
    return 1 if sample.errors or ended or heard != expected or repeated else 0


async def _log_in(server: Server, database_url: str) -> Crowd:
    async with database.connected(database_url) as connection:
        users = await connection.fetch("SELECT id, username FROM user_account LIMIT $1", USERS)
        posts = await connection.fetch(
            "SELECT id, author_id FROM post WHERE status = 'published' AND author_id = ANY($1)",
            [user["id"] for user in users],
        )
    at_once = asyncio.Semaphore(LOGINS_AT_ONCE)
    async with httpx2.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as http:

        async def log_in(username: str) -> str:
            async with at_once:
                form = {"username": username, "password": PASSWORD}
                answer = await http.post("/auth/token", data=form)
            return str(answer.raise_for_status().json()["access_token"])

        tokens = await asyncio.gather(*(log_in(user["username"]) for user in users))
    return Crowd(
        dict(zip((user["id"] for user in users), tokens, strict=True)),
        {post["id"]: post["author_id"] for post in posts},
    )


def _in_turn(crowd: Crowd) -> "islice[int]":
    user_ids = list(crowd.tokens)
    return islice((user_ids[number % len(user_ids)] for number in count()), None)


async def _until_heard(listeners: list[Listener], expected: int) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while sum(len(it.heard) for it in listeners) < expected:  # noqa: ASYNC110  (they count)
                await asyncio.sleep(0.1)
    await asyncio.sleep(1)  # for what should not come


def _percentiles(seconds: list[float]) -> str:
    ordered = sorted(seconds) or [0.0]
    p50, p99 = (1000 * ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, at most {1000 * ordered[-1]:.0f} ms"


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ProjectError as error:
        sys.exit(str(error))
