"""Kills PostgreSQL, Valkey, the worker and one process of the application while people sign up.

A copy of the blueprint runs as in production: two processes answer requests, another one runs jobs.
Clients, each life from an address of its own and with the real limits on, register, verify their
address by the link in the e-mail, log in, write, like, refresh and log out. Outside the outages
every request has to succeed. In the end everything acknowledged has to be there, and everyone who
has registered must have been sent exactly one e-mail.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus

import httpx2

import database
from answers import TIMEOUT, percentiles
from flows import STEPS, Flow, Ledger, live_until
from letters import Mailbox
from mails import mails_as_answers, mails_of, print_mails
from outages import Kill, Outage, kill_in_turn, outage_of
from project import KeptProcess, ProjectError, copied_project, run
from targets import Targets, serving, worker
from verdicts import judge, print_outages, print_trouble

KILLS = ("postgres", "valkey", "worker", "app-one")
SETTINGS = {"JOBS_IN_PROCESS": "false", "TRUSTED_PROXIES": "127.0.0.1"}
ASKING = 8  # one client of so many asks for its e-mail over HTTP, as a developer's browser would
LINKS_AN_HOUR = 60  # from one address, by default
# Which steps show that a part works again: those that cannot do without it.
NEED_DATABASE = {"register", "verify", "log in", "post", "like"}
NEED_REDIS = {"log in", "refresh", "log out"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--kill", nargs="*", default=KILLS, choices=KILLS, help="in this order")
    options = parser.parse_args()
    with copied_project() as project:
        log, worker_log = project.parent / "app.log", project.parent / "worker.log"
        run(project, "alembic", "upgrade", "head")
        with serving(project, log, **SETTINGS) as (port, server, started_in):
            workers = [worker(project, worker_log, **SETTINGS)]
            targets = Targets(project / ".data", port, server, started_in, workers)
            plan = Plan(options.kill, options.seconds, options.clients)
            holds = asyncio.run(_endure(targets, plan))
        if not holds:
            print_trouble(log)
            print_trouble(worker_log)
    return 0 if holds else 1


@dataclass(frozen=True)
class Plan:
    """What is killed, and how long how many clients go on."""

    kills: Sequence[str]
    seconds: float
    clients: int


async def _endure(targets: Targets, plan: Plan) -> bool:
    ledger, mailbox = Ledger(), Mailbox(targets.data / "mailbox")
    (jobs,) = targets.workers
    helpers = [asyncio.create_task(it) for it in (jobs.keep(), mailbox.watch())]
    print(f"{plan.clients} clients live whole lives of accounts for {plan.seconds:g} s.")
    kills = await _live(targets, plan, ledger, mailbox)
    took = time.monotonic() - ledger.began
    mails = await mails_of(targets.database_url, mailbox, ledger)
    outages = [_outage_of(killed, ledger, mailbox) for killed in kills]
    _print_figures(ledger, took)
    print_mails(mails)
    print_outages(outages, ledger.answers, ledger.began)
    lost = await database.lost(targets.database_url, ledger.kept)
    more = {
        **_gates(ledger, jobs, kills),
        **await _limits(targets),
        **mails.gates(),
    }
    for helper in helpers:
        helper.cancel()
    await asyncio.wait(helpers)
    return judge(outages, ledger.answers, lost, more)


async def _live(targets: Targets, plan: Plan, ledger: Ledger, mailbox: Mailbox) -> list[Kill]:
    began = ledger.began
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        killing = group.create_task(kill_in_turn(targets, plan.kills, began, plan.seconds))

        def is_over() -> bool:
            return killing.done() and time.monotonic() > began + plan.seconds

        for number in range(plan.clients):
            http = httpx2.AsyncClient(base_url=targets.url, timeout=TIMEOUT, trust_env=False)
            await stack.enter_async_context(http)
            flow = Flow(http, ledger, mailbox, asks_for_mail=number % ASKING == 0)
            group.create_task(live_until(is_over, flow, ledger))
    return killing.result()


def _outage_of(killed: Kill, ledger: Ledger, mailbox: Mailbox) -> Outage:
    match killed.name:
        case "worker":
            return outage_of(killed, mails_as_answers(ledger, mailbox))
        case "postgres":
            return outage_of(killed, (it for it in ledger.answers if it.request in NEED_DATABASE))
        case "valkey":
            return outage_of(killed, (it for it in ledger.answers if it.request in NEED_REDIS))
        case _:
            return outage_of(killed, ledger.answers)


def _gates(ledger: Ledger, worker: KeptProcess, kills: list[Kill]) -> dict[str, bool]:
    starts = 1 + sum(killed.name == "worker" for killed in kills)
    return {
        f"no life was given up: {len(ledger.given_up)} were {ledger.given_up[:3]}": (
            not ledger.given_up
        ),
        f"a repeated refresh gives the same token: {ledger.other_tokens} others": (
            not ledger.other_tokens
        ),
        f"the worker ended only when it was killed: {worker.starts} starts": (
            worker.starts == starts
        ),
    }


async def _limits(targets: Targets) -> dict[str, bool]:
    """One address opens too many links, and another one is not held responsible."""
    async with httpx2.AsyncClient(base_url=targets.url, timeout=TIMEOUT, trust_env=False) as http:

        async def status(address: str) -> int:
            headers = {"X-Forwarded-For": address}
            asked = http.post("/auth/verify-email", json={"token": "none"}, headers=headers)
            return (await asked).status_code

        statuses = [await status("192.0.2.1") for _ in range(LINKS_AN_HOUR + 1)]
        other = await status("192.0.2.2")
    refused = statuses.count(HTTPStatus.TOO_MANY_REQUESTS)
    return {
        f"limits are on, and count each address by itself: {refused} refused of "
        f"{len(statuses)} from one address, another one got a {other}": (
            statuses[-1] == HTTPStatus.TOO_MANY_REQUESTS
            and refused == 1
            and other == HTTPStatus.BAD_REQUEST
        )
    }


def _print_figures(ledger: Ledger, took: float) -> None:
    answers, kept = ledger.answers, ledger.kept
    print(
        f"{ledger.completed} lives, {len(answers)} requests, {len(answers) / took:.0f} a second.\n"
        f"Acknowledged: {len(kept.accounts)} accounts, {len(kept.verified)} verified addresses, "
        f"{len(kept.posts)} posts, {len(kept.likes)} likes."
    )
    unacknowledged = ", ".join(
        f"{count} × {step}" for step, count in ledger.unacknowledged.items() if count
    )
    print(f"Done without an acknowledgement, and found so when repeated: {unacknowledged or 0}.")
    print(f"\n{'':<16}{'requests':>10}{'median':>10}{'p99':>10}")
    for step in STEPS:
        durations = [1000 * it.took for it in answers if it.is_success and it.request == step]
        p50, p99 = percentiles(durations)
        print(f"{step:<16}{len(durations):>10}{p50:>7.0f} ms{p99:>7.0f} ms")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ProjectError as error:
        sys.exit(str(error))
