"""The worker as a process of its own: what a kill leaves behind, and what it does not."""

import asyncio
import os
import pkgutil
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import httpx2
from sqlalchemy import text

import src
from src.database import Database, Statement
from src.emails import mailbox
from src.emails.mailbox import find_letters
from src.jobs import JOBS, SCHEDULES
from tests.environment import ROOT, SETTINGS, python, run_python, without_settings
from tests.factories import registration
from tests.outbox import Outbox
from tests.servers import Urls

PICKED = Statement(text("SELECT 1 FROM pgqueuer WHERE status = 'picked'"))
ACCOUNTS = Statement(text("SELECT username FROM user_account"))

# A job of a killed worker is taken over after a moment rather than after ten seconds.
SETUP = """
import asyncio, datetime, pathlib, sys
from src import worker
from src.emails import mailbox, transports
mailbox.FOLDER = pathlib.Path(sys.argv[1])
worker.HEARTBEAT = datetime.timedelta(seconds=1)
"""
WORK = f"{SETUP}asyncio.run(worker._main())"
# Stops in the worst moment: the job has begun, and its e-mail is not sent.
WORK_WITHOUT_SENDING = f"""{SETUP}
async def deliver(self, message):
    await asyncio.sleep(3600)
transports.MailboxTransport.deliver = deliver
asyncio.run(worker._main())
"""
REGISTER_WITHOUT_COMMIT = """
import asyncio, json, os, sys
from src.auth import service
from src.auth.schemas import UserCreate
from src.config import database_settings
from src.database import open_database, transaction
async def main():
    async with open_database(os.environ["DATABASE_URL"], database_settings) as database:
        async with transaction(database) as session:
            await service.register(session, new=UserCreate.model_validate_json(sys.argv[2]))
            print("registered", flush=True)
            await asyncio.sleep(3600)
asyncio.run(main())
"""


@asynccontextmanager
async def process(urls: Urls, code: str, *arguments: str) -> AsyncIterator[Process]:
    """A process of the application on this test's database and mailbox; killed in the end."""
    started = await asyncio.create_subprocess_exec(
        *python(code),
        str(mailbox.FOLDER),
        *arguments,
        cwd=ROOT,
        env=without_settings(os.environ) | SETTINGS | urls.variables,
        stdout=PIPE,
        stderr=DEVNULL,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


async def until_picked(database: Database) -> None:
    async with asyncio.timeout(30):
        while not await database.fetch(PICKED):  # noqa: ASYNC110  (another process)
            await asyncio.sleep(0.05)


async def until_there(email: str) -> None:
    async with asyncio.timeout(60):
        while not await find_letters(email):  # noqa: ASYNC110  (a file)
            await asyncio.sleep(0.1)


async def test_an_e_mail_survives_the_worker_that_was_about_to_send_it(
    client: httpx2.AsyncClient, database: Database, urls: Urls, outbox: Outbox
) -> None:
    body = registration()
    await client.post("/auth/register", json=body)

    async with process(urls, WORK_WITHOUT_SENDING) as worker:
        await until_picked(database)
        worker.kill()
        await worker.wait()
        assert await find_letters() == []
    async with process(urls, WORK):
        await until_there(body["email"])

    assert len(await outbox.letters(body["email"])) == 1


async def test_a_worker_that_is_stopped_finishes_what_it_has_begun(
    client: httpx2.AsyncClient, urls: Urls, outbox: Outbox
) -> None:
    body = registration()
    slow = WORK.replace(
        "asyncio.run",
        "send = transports.MailboxTransport.deliver\n"
        "async def deliver(self, message):\n"
        "    print('begun', flush=True)\n"
        "    await asyncio.sleep(1)\n"
        "    await send(self, message)\n"
        "transports.MailboxTransport.deliver = deliver\n"
        "asyncio.run",
    )
    async with process(urls, slow) as worker:
        await client.post("/auth/register", json=body)
        assert worker.stdout
        async with asyncio.timeout(30):
            while await worker.stdout.readline() != b"begun\n":
                pass
            worker.send_signal(signal.SIGTERM)
            assert await worker.wait() == 0

    assert len(await find_letters(body["email"])) == 1


async def test_a_process_that_dies_before_the_commit_has_sent_nothing(
    database: Database, urls: Urls, outbox: Outbox
) -> None:
    body = httpx2.Request("POST", "https://x", json=registration()).content.decode()

    async with process(urls, REGISTER_WITHOUT_COMMIT, body) as dying:
        assert dying.stdout
        assert await asyncio.wait_for(dying.stdout.readline(), 30) == b"registered\n"
        dying.kill()
        await dying.wait()

    assert await outbox.letters() == []
    assert await database.fetch(ACCOUNTS) == []


def test_a_worker_knows_every_job_and_schedule() -> None:
    for module in pkgutil.walk_packages(src.__path__, "src."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    listing = "import src.worker as w; print(*sorted(w.JOBS), *sorted(w.SCHEDULES))"

    known = run_python(listing).stdout.split()

    assert known == [*sorted(JOBS), *sorted(SCHEDULES)]
    assert len(known) >= 6
