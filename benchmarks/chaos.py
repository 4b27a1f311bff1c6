"""Kills PostgreSQL, Valkey and the application while clients write, and counts what is lost.

A copy of the blueprint runs with data of its own and two processes. Each kill is a SIGKILL. Outside
the outages every request has to succeed; during them only 503 problems are allowed, and broken
connections where it was the application that was killed. In the end every write that was
acknowledged has to be there.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2

import database
from answers import TIMEOUT, Acknowledged, Answer, percentiles
from outages import kill_in_turn, outage_of
from project import NO_LIMITS, ProjectError, copied_project, run
from targets import Targets, serving
from verdicts import judge, print_outages, print_trouble
from writers import Writer

KILLS = ("postgres", "valkey", "app")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--kill", nargs="+", default=KILLS, choices=KILLS, help="in this order")
    parser.add_argument("--also", nargs="+", default=(), choices=("supervisor",))
    options = parser.parse_args()
    kills = (*options.kill, *options.also)
    with copied_project() as project:
        log = project.parent / "app.log"
        run(project, "alembic", "upgrade", "head")
        with serving(project, log, **NO_LIMITS) as (port, server):
            targets = Targets(project / ".data", port, server)
            holds = asyncio.run(_endure(targets, kills, options.seconds, options.clients))
        if not holds:
            print_trouble(log)
    return 0 if holds else 1


async def _endure(targets: Targets, names: Sequence[str], seconds: float, clients: int) -> bool:
    answers: list[Answer] = []
    kept = Acknowledged()
    async with _writers(targets, clients + 1, answers, kept) as (visitor, *writers):
        began = time.monotonic()
        print(f"{clients} clients write posts and likes for {seconds:g} s; one logs in.")

        async with asyncio.TaskGroup() as group:
            killing = group.create_task(kill_in_turn(targets, names, began, seconds))

            def is_over() -> bool:
                return killing.done() and time.monotonic() > began + seconds

            for writer in writers:
                group.create_task(writer.write_until(is_over))
            group.create_task(visitor.log_in_until(is_over))
        took = time.monotonic() - began
    outages = [outage_of(killed, answers) for killed in killing.result()]
    _print_figures(answers, kept, took)
    print_outages(outages, answers, began)
    return judge(outages, answers, await _lost(targets, kept))


@asynccontextmanager
async def _writers(
    targets: Targets, count: int, answers: list[Answer], kept: Acknowledged
) -> AsyncIterator[list[Writer]]:
    async with AsyncExitStack() as stack:
        writers = []
        for number in range(count):
            http = httpx2.AsyncClient(base_url=targets.url, timeout=TIMEOUT, trust_env=False)
            await stack.enter_async_context(http)
            writers.append(Writer(http, f"user_{number:03}", answers, kept))
        await asyncio.gather(*(writer.register() for writer in writers))
        await database.verify_addresses(targets.database_url)
        yield writers


async def _lost(targets: Targets, kept: Acknowledged) -> dict[str, int]:
    """What was acknowledged and is not there, asked of the database and of the application."""
    async with httpx2.AsyncClient(base_url=targets.url, timeout=TIMEOUT, trust_env=False) as http:
        listed = await _listed_titles(http)
        refreshed = [
            (await http.post("/auth/refresh", json={"refresh_token": token})).status_code
            for token in kept.refresh_tokens
        ]
    return {
        **await database.lost(targets.database_url, kept),
        "posts in the list": sum(
            listed.get(post_id) != title for post_id, (_, title, _) in kept.posts.items()
        ),
        "sessions": sum(status != httpx2.codes.OK for status in refreshed),
    }


async def _listed_titles(http: httpx2.AsyncClient) -> dict[int, str]:
    titles: dict[int, str] = {}
    query: dict[str, str | int] = {"limit": 100}
    while True:
        page = (await http.get("/posts", params=query)).raise_for_status().json()
        titles |= {post["id"]: post["title"] for post in page["items"]}
        if page["next_cursor"] is None:
            return titles
        query["cursor"] = page["next_cursor"]


def _print_figures(answers: list[Answer], kept: Acknowledged, took: float) -> None:
    p50, p99 = percentiles([1000 * answer.took for answer in answers if answer.is_success])
    print(
        f"{len(answers)} requests, {len(answers) / took:.0f} a second; "
        f"median {p50:.0f} ms, p99 {p99:.0f} ms.\n"
        f"Acknowledged: {len(kept.posts)} posts, {len(kept.likes)} likes, "
        f"{len(kept.refresh_tokens)} logins."
    )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ProjectError as error:
        sys.exit(str(error))
