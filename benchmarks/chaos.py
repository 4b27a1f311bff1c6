"""Kills PostgreSQL, Valkey and the application while clients write, and counts what is lost.

A copy of the blueprint runs with data of its own and two workers. Each kill is a SIGKILL. Outside
the outages every request has to succeed; during them only 503 problems are allowed, and broken
connections where it was the application that was killed. In the end every write that was
acknowledged has to be there.
"""

import argparse
import asyncio
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import httpx2

from outages import LONGEST, Kill, Outage, Targets, kill, outage_of
from project import HOST, ProjectError, copied_project, free_port, run, running, wait_until_ready
from writers import TIMEOUT, Acknowledged, Answer, Writer

KILLS = ("postgres", "valkey", "app")
SHOWN = 10  # answers that should not have been
TROUBLE = re.compile(r"ERROR|CRITICAL|Traceback|\b(error|critical)\b")


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
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "src.main:app", "--workers", "2"]
        command += ["--host", HOST, "--port", str(port), "--no-access-log", "--no-server-header"]
        with running(project, command, log) as server:
            url = f"http://{HOST}:{port}"
            wait_until_ready(f"{url}/health/ready", server, log)
            targets = Targets(project / ".data", url, server)
            holds = asyncio.run(_endure(targets, kills, options.seconds, options.clients))
        if not holds:
            _print_trouble(log)
    return 0 if holds else 1


async def _endure(targets: Targets, names: Sequence[str], seconds: float, clients: int) -> bool:
    answers: list[Answer] = []
    kept = Acknowledged()
    async with _writers(targets.url, clients + 1, answers, kept) as (visitor, *writers):
        began = time.monotonic()
        print(f"{clients} clients write posts and likes for {seconds:g} s; one logs in.")

        async with asyncio.TaskGroup() as group:
            killing = group.create_task(_kill_in_turn(targets, names, began, seconds))

            def is_over() -> bool:
                return killing.done() and time.monotonic() > began + seconds

            for writer in writers:
                group.create_task(writer.write_until(is_over))
            group.create_task(visitor.log_in_until(is_over))
        took = time.monotonic() - began
    outages = [outage_of(killed, answers) for killed in killing.result()]
    _print_figures(answers, kept, took)
    _print_outages(outages, answers, began)
    lost = await _lost(targets, kept)
    return _verdict(outages, answers, lost)


@asynccontextmanager
async def _writers(
    url: str, count: int, answers: list[Answer], kept: Acknowledged
) -> AsyncIterator[list[Writer]]:
    async with AsyncExitStack() as stack:
        writers = []
        for number in range(count):
            http = httpx2.AsyncClient(base_url=url, timeout=TIMEOUT, trust_env=False)
            await stack.enter_async_context(http)
            writers.append(Writer(http, f"user_{number:03}", answers, kept))
        await asyncio.gather(*(writer.register() for writer in writers))
        yield writers


async def _kill_in_turn(
    targets: Targets, names: Sequence[str], began: float, seconds: float
) -> list[Kill]:
    """The kills divide the time into equal parts."""
    kills = []
    for number, name in enumerate(names, start=1):
        moment = began + seconds * number / (len(names) + 1)
        await asyncio.sleep(max(0, moment - time.monotonic()))
        kills.append(await kill(targets, name))
    return kills


async def _lost(targets: Targets, kept: Acknowledged) -> dict[str, int]:
    """What was acknowledged and is not there, asked of the database and of the application."""
    connection = await asyncpg.connect(targets.database_url)
    try:
        posts = {
            row["id"]: (row["author_id"], row["title"], row["body"])
            for row in await connection.fetch("SELECT id, author_id, title, body FROM post")
        }
        likes = {
            (row["post_id"], row["user_id"])
            for row in await connection.fetch("SELECT post_id, user_id FROM post_like")
        }
    finally:
        await connection.close()
    async with httpx2.AsyncClient(base_url=targets.url, timeout=TIMEOUT, trust_env=False) as http:
        listed = await _listed_titles(http)
        refreshed = [
            (await http.post("/auth/refresh", json={"refresh_token": token})).status_code
            for token in kept.refresh_tokens
        ]
    not_acknowledged = len(posts) - len(kept.posts)
    print(f"{not_acknowledged} posts were kept whose acknowledgement an outage swallowed.")
    return {
        "posts": sum(posts.get(post_id) != post for post_id, post in kept.posts.items()),
        "posts in the list": sum(
            listed.get(post_id) != title for post_id, (_, title, _) in kept.posts.items()
        ),
        "likes": len(kept.likes - likes),
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
    durations = sorted(answer.done - answer.sent for answer in answers if answer.is_success)
    p50, p99 = (1000 * durations[int(len(durations) * part)] for part in (0.5, 0.99))
    print(
        f"{len(answers)} requests, {len(answers) / took:.0f} a second; "
        f"median {p50:.0f} ms, p99 {p99:.0f} ms.\n"
        f"Acknowledged: {len(kept.posts)} posts, {len(kept.likes)} likes, "
        f"{len(kept.refresh_tokens)} logins."
    )


def _print_outages(outages: list[Outage], answers: list[Answer], began: float) -> None:
    print(f"\n{'killed':<12}{'at':>7}{'back':>9}{'outage':>9}   answers meanwhile")
    for outage in outages:
        inside = Counter(_kind(answer) for answer in answers if outage.touches(answer))
        back = outage.back - outage.start if outage.back else None
        print(
            f"{outage.name:<12}{outage.start - began:>5.1f} s"
            f"{_seconds(back):>9}{_seconds(outage.length):>9}   "
            + ", ".join(f"{count} × {kind}" for kind, count in sorted(inside.items()))
        )
    outside = Counter(_kind(answer) for answer in answers if not _of(outages, answer))
    counts = ", ".join(f"{count} × {kind}" for kind, count in sorted(outside.items()))
    print(f"{'outside':<12}{'':>25}   {counts}")
    ready = [outage.length for outage in outages if outage.length]
    if ready:
        print(f"Longest outage {max(ready):.2f} s, median {statistics.median(ready):.2f} s.\n")


def _verdict(outages: list[Outage], answers: list[Answer], lost: dict[str, int]) -> bool:
    failures = [answer for answer in answers if not answer.is_success]
    outside = [answer for answer in failures if not _of(outages, answer)]
    inside = [
        answer
        for answer in failures
        if (touched := _of(outages, answer))
        and not any(outage.allows(answer) for outage in touched)
    ]
    losses = ", ".join(f"{count} {what}" for what, count in lost.items())
    gates = {
        f"nothing acknowledged is lost: {losses}": not any(lost.values()),
        f"outside the outages every request succeeds: {len(outside)} failed": not outside,
        f"during them nothing but 503 problems (and, with the app killed, broken connections): "
        f"{len(inside)} others": not inside,
        f"each part is back and each outage ends by itself within {LONGEST:g} s": all(
            outage.length for outage in outages
        ),
    }
    for gate, holds in gates.items():
        print("PASS " if holds else "FAIL ", gate)
    for answer in (outside + inside)[:SHOWN]:
        nearest = min(outages, key=lambda o: abs(o.start - answer.sent), default=None)
        place = f"{answer.sent - nearest.start:+.2f} s from {nearest.name}" if nearest else ""
        took = answer.done - answer.sent
        print(f"      {place}, {took:.2f} s: {answer.request} {_kind(answer)} {answer.evidence}")
    return all(gates.values())


def _of(outages: list[Outage], answer: Answer) -> list[Outage]:
    return [outage for outage in outages if outage.touches(answer)]


def _kind(answer: Answer) -> str:
    return str(answer.status or answer.evidence.partition(":")[0])


def _seconds(length: float | None) -> str:
    return f"{length:.2f} s" if length is not None else "never"


def _print_trouble(log: Path) -> None:
    lines = log.read_text(errors="replace").splitlines()
    marked = [number for number, line in enumerate(lines) if TROUBLE.search(line)]
    print(f"\nThe application's log has {len(marked)} lines of trouble.", file=sys.stderr)
    if marked:
        print("\n".join(lines[marked[0] : marked[0] + 80]), file=sys.stderr)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ProjectError as error:
        sys.exit(str(error))
