"""The live stream, under real servers: everything once, in whatever order it is committed."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import psutil
import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from src.database import Database, transaction
from src.notifications import service
from tests.accounts import Account
from tests.contract import assert_problem
from tests.fixtures import CreateAccount
from tests.notifications.factories import deed, tell
from tests.notifications.streams import (
    Event,
    Reader,
    Server,
    behind_proxy,
    reading,
    serving,
)
from tests.servers import Urls

FEW = {"NOTIFICATIONS_STREAMS_MAX": "2", "NOTIFICATIONS_STREAM_CHECK": "0.5"}


@pytest.fixture(scope="module")
async def servers(urls: Urls) -> AsyncIterator[list[Server]]:
    """Two processes of the application."""
    async with serving(urls, **FEW) as one, serving(urls, **FEW) as another:
        yield [one, another]


async def begun(reader: Reader) -> str:
    """The place where a stream begins."""
    event = await reader.next()
    assert event.data is None
    return event.id


async def test_a_deed_reaches_every_process_once_it_is_committed(
    servers: list[Server], database: Database, author: Account, reader: Account
) -> None:
    one, another = servers
    async with reading(one, author) as here, reading(another, author) as there:
        assert here.response.headers["content-type"].startswith("text/event-stream")
        await begun(here)
        await begun(there)
        async with transaction(database) as session:
            await service.notify(session, **deed(author, by=reader))
            await tell(author, subject_id=2)
            assert [(await it.next()).group for it in (here, there)] == ["announced.2"] * 2
        events = [await here.next(), await there.next()]

    for event in events:
        assert event.data
        assert event.data.pop("created_at")
        assert event.data == {
            "group": "announced.1",
            "kind": "announced",
            "text": "Subject 1",
            "path": "/subjects/1",
            "actor": reader.username,
            "is_read": False,
        }


async def test_a_deed_that_is_rolled_back_and_those_of_others_are_not_heard_of(
    servers: list[Server], database: Database, author: Account, reader: Account
) -> None:
    async with reading(servers[0], author) as stream:
        await begun(stream)
        async with database.engine.connect() as connection:  # and never commits
            await service.notify(AsyncSession(connection), **deed(author))
        await tell(reader, subject_id=2)
        await tell(author, subject_id=3)

        assert (await stream.next()).group == "announced.3"


async def test_a_stream_goes_on_after_any_event_without_loss_or_repeat(
    servers: list[Server], database: Database, author: Account
) -> None:
    """Ids are given in the order 1, 2, 3, 4, and committed in the order 2, 4, 1, 3."""
    seen: list[Event] = []
    async with reading(servers[0], author) as first:
        start = await begun(first)
        one, two, three, four = [await _begin(database, author, it) for it in (1, 2, 3, 4)]
        for session in (two, four, one, three):
            await session.commit()
            await session.close()
            seen.append(await first.next())
    assert [event.group[-1] for event in seen] == ["2", "4", "1", "3"]

    for number, place in enumerate([start, *(event.id for event in seen)]):
        async with reading(servers[1], author, after=place) as again:
            await begun(again)
            rest = [(await again.next()).group[-1] for _ in range(4 - number)]
            await tell(author, subject_id=10 + number)
            last = (await again.next()).group
        expected = ["2", "4", "1", "3"][number:]
        assert sorted(rest) == sorted(expected)
        assert last == f"announced.{10 + number}", "and nothing twice"
        await author.client.post("/notifications/read-all")
        await _delete(database, 10 + number)


async def test_what_came_in_one_go_can_be_left_and_resumed_in_the_middle(
    servers: list[Server], author: Account
) -> None:
    async with reading(servers[0], author) as stream:
        place = await begun(stream)
    for number in range(250):  # more than two pages
        await tell(author, subject_id=number)

    numbers: list[int] = []
    while len(numbers) < 250:
        async with reading(servers[len(numbers) % 2], author, after=place) as stream:
            await begun(stream)
            for _ in range(37):
                event = await stream.next()
                place = event.id
                numbers.append(int(event.group.partition(".")[2]))
                if len(numbers) == 250:
                    break

    assert numbers == list(range(250))


async def test_parallel_deeds_in_transactions_of_any_length_all_arrive_once(
    servers: list[Server], database: Database, author: Account
) -> None:
    async def slowly(number: int) -> None:
        async with transaction(database) as session:
            await service.notify(session, **deed(author, subject_id=number))
            await asyncio.sleep(number % 7 * 0.02)

    numbers: list[str] = []
    place = None
    async with asyncio.TaskGroup() as group:
        async with reading(servers[0], author) as stream:
            place = await begun(stream)
        for number in range(60):
            group.create_task(slowly(number))
        while len(numbers) < 60:
            async with reading(servers[len(numbers) % 2], author, after=place) as stream:
                await begun(stream)
                for _ in range(min(9, 60 - len(numbers))):
                    event = await stream.next()
                    place = event.id
                    numbers.append(event.group)

    assert sorted(numbers) == sorted(f"announced.{number}" for number in range(60))


async def test_a_place_that_was_never_given_is_refused(
    servers: list[Server], author: Account, reader: Account
) -> None:
    async with reading(servers[0], reader) as stream:
        place = await begun(stream)

    for after in (place, "made-up", "1"):
        response = await author.client.get(
            "/notifications/stream", headers={"Last-Event-ID": after}
        )
        assert_problem(response, 400, "invalid_cursor")


async def test_a_stream_ends_with_its_session(servers: list[Server], author: Account) -> None:
    async with reading(servers[0], author) as stream:
        await begun(stream)
        assert (await author.client.post("/auth/logout")).status_code == 204
        await tell(author)

        assert await stream.has_ended(), "without a word of what came after"


async def test_a_stream_ends_when_its_account_is_switched_off(
    servers: list[Server], database: Database, author: Account
) -> None:
    async with reading(servers[0], author) as stream:
        await begun(stream)
        async with transaction(database) as session:
            user = await session.merge(author.user)
            user.is_active = False

        assert await stream.has_ended()


async def test_one_user_has_a_limited_number_of_streams_and_gets_them_back(
    servers: list[Server], author: Account, reader: Account
) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await begun(await stack.enter_async_context(reading(servers[0], author)))
        refused = await stack.enter_async_context(reading(servers[0], author))
        await refused.response.aread()
        assert_problem(refused.response, 429, "too_many_streams")
        await begun(await stack.enter_async_context(reading(servers[0], reader)))
        await begun(await stack.enter_async_context(reading(servers[1], author)))

    async with asyncio.timeout(10):
        while True:
            async with reading(servers[0], author) as stream:
                if stream.response.status_code == 200:
                    return
            await asyncio.sleep(0.05)


async def test_clients_that_vanish_leave_nothing_behind(urls: Urls, create: CreateAccount) -> None:
    accounts = [await create() for _ in range(5)]
    async with serving(urls, NOTIFICATIONS_STREAM_CHECK="0.5") as server:
        async with reading(server, accounts[0]) as stream:
            await begun(stream)
        process = psutil.Process(server.process.pid)
        for _ in range(2):
            async with AsyncExitStack() as stack:
                for account in accounts:
                    for _ in range(5):
                        await begun(await stack.enter_async_context(reading(server, account)))
        async with asyncio.timeout(15):
            while process.net_connections("tcp")[1:]:  # noqa: ASYNC110  (another process)
                await asyncio.sleep(0.1)
        server.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(server.process.wait(), 15) == -signal.SIGTERM


async def test_a_server_that_stops_ends_its_streams_at_once(
    urls: Urls, author: Account, reader: Account
) -> None:
    async with (
        serving(urls) as server,
        reading(server, author) as one,
        reading(server, reader) as another,
    ):
        await begun(one)
        await begun(another)
        server.process.send_signal(signal.SIGTERM)
        assert await one.has_ended()
        assert await another.has_ended()
        await asyncio.wait_for(server.process.wait(), 20)


async def _begin(database: Database, account: Account, number: int) -> AsyncSession:
    """A deed whose transaction is still open."""
    session = AsyncSession(database.engine)
    await service.notify(session, **deed(account, subject_id=number))
    return session


async def _delete(database: Database, number: int) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(
            text("DELETE FROM notification WHERE subject_id = :number"), {"number": number}
        )


async def test_a_stream_outlives_an_outage_and_misses_nothing(urls: Urls, author: Account) -> None:
    async with (
        behind_proxy(urls) as (postgres, proxied),
        serving(proxied) as server,
        reading(server, author) as stream,
    ):
        await begun(stream)
        for number in (1, 3):
            await tell(author, subject_id=number)
            assert (await stream.next()).group == f"announced.{number}"
            await postgres.cut()
            await tell(author, subject_id=number + 1)
            await asyncio.sleep(0.3)
            await postgres.mend()
            assert (await stream.next()).group == f"announced.{number + 1}"
