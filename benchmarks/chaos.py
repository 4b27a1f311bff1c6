"""Kills PostgreSQL, Valkey, the application and workers while clients write; counts what is lost.

A copy of the blueprint runs as in production, with data of its own: two processes answer requests,
two others run jobs. Clients write posts, likes and comments, upload images, and listen to their
notifications. Each kill is a SIGKILL; order and moments are drawn by chance. Outside the outages
every request has to succeed; during them only 503 problems are allowed, and broken connections
where it was the application that was killed. In the end every write that was acknowledged has to be
there, and every job has to have had its effect once: images have their variants, authors were told
of likes in their lists and streams, and in one e-mail, in the midst of which workers are killed.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

import database
import effects
from answers import TIMEOUT, Acknowledged, percentiles
from crowd import Crowd, gathered
from letters import Mailbox
from outages import Kill, Outage, kill_in_turn, outage_of
from project import NO_LIMITS, ProjectError, copied_project, run
from targets import Targets, serving, worker
from verdicts import judge, print_outages, print_trouble

PARTS = ("postgres", "valkey", "app", "app-one", "worker", "worker-two")
WORKERS = ("worker", "worker-two")
SETTINGS = {**NO_LIMITS, "JOBS_IN_PROCESS": "false"}
DIGEST = "notifications.send_digest"  # a job's name
READERS = 300  # besides the clients, who get a digest
DONE_WITHIN = 90.0  # seconds for what is left in the queue
HEARD_WITHIN = 10.0  # seconds for streams to tell the last of it
LOOK_EVERY, SOON = 0.05, 0.002  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=24)
    parser.add_argument("--kill", nargs="+", choices=PARTS, help="in this order, not by chance")
    parser.add_argument("--also", nargs="+", default=(), choices=("supervisor",))
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))  # noqa: S311
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311  (for variety)
    kills = (*(options.kill or chance.sample(PARTS, len(PARTS))), *options.also)
    print(f"Seed {options.seed}: {', '.join(kills)}.")
    with copied_project() as project:
        log, worker_log = project.parent / "app.log", project.parent / "worker.log"
        run(project, "alembic", "upgrade", "head")
        with serving(project, log, **SETTINGS) as (port, server, started_in):
            workers = [worker(project, worker_log, **SETTINGS) for _ in WORKERS]
            targets = Targets(project / ".data", port, server, started_in, workers)
            plan = Plan(project, kills, options.seconds, options.clients, chance)
            holds = asyncio.run(_endure(targets, plan))
        if not holds:
            print_trouble(log)
            print_trouble(worker_log)
    return 0 if holds else 1


@dataclass(frozen=True)
class Plan:
    """What is killed, and how long how many clients go on."""

    project: Path
    kills: Sequence[str]
    seconds: float
    clients: int
    chance: random.Random


async def _endure(targets: Targets, plan: Plan) -> bool:
    keeping = [asyncio.create_task(it.keep()) for it in targets.workers]
    async with gathered(targets, plan.clients) as crowd:
        began = time.monotonic()
        print(f"{plan.clients} clients write, some upload and listen, for {plan.seconds:g} s.")
        async with asyncio.TaskGroup() as group:
            killing = group.create_task(
                kill_in_turn(targets, plan.kills, began, plan.seconds, plan.chance)
            )
            await crowd.act_until(
                lambda: killing.done() and time.monotonic() > began + plan.seconds
            )
        took = time.monotonic() - began
        mailbox = Mailbox(targets.data / "mailbox")
        jobs = await _settle(targets, plan, mailbox)
        outages = [_outage_of(killed, crowd) for killed in killing.result()]
        _print_figures(crowd, took)
        print_outages(outages, crowd.answers, began)
        more = jobs | await _effects(targets, crowd, mailbox)
        holds = judge(outages, crowd.answers, await _lost(targets, crowd.kept), more)
    for task in keeping:
        task.cancel()
    await asyncio.wait(keeping)
    return holds


async def _settle(targets: Targets, plan: Plan, mailbox: Mailbox) -> effects.Gates:
    """Let everything be done; kill both workers among the digests; have these promised again."""
    url = targets.database_url
    await database.drained_queue(url, DONE_WITHIN)
    await database.tell_news(url, READERS)
    before = mailbox.count()
    promising = asyncio.create_task(_by_the_clock(plan.project))
    wanted = before + plan.chance.randint(1, READERS // 2)
    async with asyncio.timeout(DONE_WITHIN):
        while mailbox.count() < wanted:  # noqa: ASYNC110  (a folder tells nobody)
            await asyncio.sleep(SOON)
    targets.kill("workers")
    begun = await database.jobs_begun(url, DIGEST)
    sent = mailbox.count() - before
    await promising
    await _by_the_clock(plan.project)
    queued, held = await database.drained_queue(url, DONE_WITHIN)
    every = mailbox.count() - before
    starts = sum(it.starts for it in targets.workers)
    expected = 2 * len(WORKERS) + sum(name in WORKERS for name in plan.kills)
    return {
        f"all jobs are done: {queued} are left, {held} are held": not (queued or held),
        f"workers end only when they are killed: {starts} starts": starts == expected,
        f"both were killed in the midst of digests: {sent} of {every} had been sent, "
        f"{begun} begun": 0 < sent < every and begun > 0,
    }


async def _by_the_clock(project: Path) -> None:
    await asyncio.to_thread(run, project, "by_the_clock", **SETTINGS)


async def _effects(targets: Targets, crowd: Crowd, mailbox: Mailbox) -> effects.Gates:
    url, kept = targets.database_url, crowd.kept
    with suppress(TimeoutError):
        async with asyncio.timeout(HEARD_WITHIN):
            while not all((await effects.streams_of(url, crowd.listeners)).values()):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_EVERY)
    given_up = [error for uploader in crowd.uploaders for error in uploader.given_up]
    uploading = [writer.http for writer in crowd.writers]
    return {
        **await effects.comments_of(url, crowd.writers[0].http, kept),
        **await effects.notifications_of(url, crowd.writers),
        **await effects.streams_of(url, crowd.listeners),
        **await effects.digests_of(url, mailbox),
        **await effects.media_of(url, targets.data / "media", uploading, kept),
        f"no upload was given up: {len(given_up)} were {given_up[:3]}": not given_up,
    }


async def _lost(targets: Targets, kept: Acknowledged) -> dict[str, int]:
    """What was acknowledged and is not there, asked of the database and of the application."""
    async with httpx2.AsyncClient(base_url=targets.url, timeout=TIMEOUT, trust_env=False) as http:
        posts = await effects.whole_list(http, "/posts")
        refreshed = [
            (await http.post("/auth/refresh", json={"refresh_token": token})).status_code
            for token in kept.refresh_tokens
        ]
    titles = {post["id"]: post["title"] for post in posts}
    return {
        **await database.lost(targets.database_url, kept),
        "posts in the list": sum(
            titles.get(post_id) != title for post_id, (_, title, _) in kept.posts.items()
        ),
        "sessions": sum(status != httpx2.codes.OK for status in refreshed),
    }


def _outage_of(killed: Kill, crowd: Crowd) -> Outage:
    return outage_of(killed, crowd.prepared if killed.name in WORKERS else crowd.answers)


def _print_figures(crowd: Crowd, took: float) -> None:
    answers, kept = crowd.answers, crowd.kept
    p50, p99 = percentiles([1000 * answer.took for answer in answers if answer.is_success])
    prepared = [image.took for image in crowd.prepared]
    print(
        f"{len(answers)} requests, {len(answers) / took:.0f} a second; "
        f"median {p50:.0f} ms, p99 {p99:.0f} ms.\n"
        f"Acknowledged: {len(kept.posts)} posts, {len(kept.likes)} likes, "
        f"{len(kept.comments)} comments, {len(kept.media)} uploads, "
        f"{len(kept.refresh_tokens)} logins.\n"
        f"Images were ready after {percentiles(prepared)[0]:.1f} s, "
        f"the slowest after {max(prepared, default=0):.1f} s."
    )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ProjectError as error:
        sys.exit(str(error))
