"""What was read stays read, and what came meanwhile stays unread."""

import asyncio

from src.database import Database, transaction
from src.notifications import service
from src.notifications.constants import Kind
from tests.accounts import Account
from tests.contract import assert_problem
from tests.fixtures import CreateAccount
from tests.notifications.factories import deed, tell
from tests.notifications.test_lists import listed, unread


async def test_an_entry_that_was_read_comes_back_with_the_next_deed(
    author: Account, reader: Account, create: CreateAccount
) -> None:
    await tell(author, by=reader)
    await tell(author, subject_id=2)
    assert (await author.client.put("/notifications/announced.1/read")).status_code == 204
    assert [it["is_read"] for it in await listed(author)] == [False, True]
    assert await unread(author) == {"groups": 1, "notifications": 1}

    await tell(author, by=await create())

    entry = (await listed(author))[0]
    assert (entry["group"], entry["is_read"], entry["actor_count"]) == ("announced.1", False, 2)


async def test_reading_is_for_ones_own(author: Account, reader: Account) -> None:
    await tell(author)

    response = await reader.client.put("/notifications/announced.1/read")

    assert_problem(response, 404, "notification_not_found")
    await reader.client.post("/notifications/read-all")
    assert (await unread(author))["groups"] == 1


async def test_what_is_no_group_is_not_found(author: Account) -> None:
    for name in (
        "announced",
        "announced.",
        "announced.x",
        "other.1",
        f"announced.{2**63}",
        "announced.²",
    ):
        response = await author.client.put(f"/notifications/{name}/read")
        assert_problem(response, 404, "notification_not_found")


async def test_everything_is_read_up_to_what_a_list_knew(
    database: Database, author: Account
) -> None:
    await tell(author, subject_id=1)
    async with transaction(database) as slow:  # has its id before the list is read
        await service.notify(slow, **deed(author, subject_id=2))
        as_of = (await author.client.get("/notifications")).json()["as_of"]
        await tell(author, subject_id=3)
    for path in ("announced.2/read", "announced.3/read"):
        await author.client.put(f"/notifications/{path}", params={"up_to": as_of})
    assert (await unread(author))["groups"] == 3

    await author.client.post("/notifications/read-all", params={"up_to": as_of})

    shown = {it["group"]: it["is_read"] for it in await listed(author)}
    assert shown == {"announced.1": True, "announced.2": False, "announced.3": False}
    await author.client.post("/notifications/read-all")
    assert await unread(author) == {"groups": 0, "notifications": 0}


async def test_what_a_list_knew_is_ones_own_knowledge(author: Account, reader: Account) -> None:
    as_of = (await reader.client.get("/notifications")).json()["as_of"]

    for up_to in (as_of, "made-up", "x" * 200):
        response = await author.client.post("/notifications/read-all", params={"up_to": up_to})
        assert_problem(response, 400, "invalid_cursor")


async def test_counts_are_exact_however_much_happens_at_once(
    database: Database, author: Account, create: CreateAccount
) -> None:
    people = [await create() for _ in range(8)]

    async def withdraw(somebody: Account, subject_id: int) -> None:
        async with transaction(database) as session:
            await service.withdraw(
                session, kind=Kind.ANNOUNCED, subject_id=subject_id, actor_id=somebody.id
            )

    async def forget(subject_id: int) -> None:
        async with transaction(database) as session:
            await service.forget(session, about=(Kind.ANNOUNCED,), thing_id=subject_id)

    for _ in range(5):
        await asyncio.gather(
            *(tell(author, subject_id=number, by=it) for it in people for number in (1, 2, 3)),
            *(withdraw(it, 2) for it in people[:4]),
            *(author.client.put("/notifications/announced.1/read") for _ in range(3)),
            author.client.post("/notifications/read-all"),
            forget(3),
        )
    entries = await listed(author)

    assert (await unread(author))["groups"] == sum(not it["is_read"] for it in entries)
    await forget(1)
    await forget(2)
    await forget(3)
    assert await listed(author) == []
    assert await unread(author) == {"groups": 0, "notifications": 0}


async def test_what_was_read_is_not_withdrawn(
    database: Database, author: Account, reader: Account
) -> None:
    for subject_id in (1, 2):
        await tell(author, subject_id=subject_id, by=reader)
    await author.client.put("/notifications/announced.1/read")

    async with transaction(database) as session:
        for subject_id in (1, 2):
            await service.withdraw(
                session, kind=Kind.ANNOUNCED, subject_id=subject_id, actor_id=reader.id
            )

    assert [it["group"] for it in await listed(author)] == ["announced.1"]


async def test_what_something_caused_is_forgotten_with_it(
    database: Database, author: Account, reader: Account
) -> None:
    await tell(author, by=reader, source_id=7)
    await tell(author, by=reader, source_id=8)

    async with transaction(database) as session:
        await service.forget(session, caused=(Kind.ANNOUNCED,), thing_id=7)

    assert (await unread(author))["notifications"] == 1


async def test_who_is_being_deleted_is_told_nothing_and_holds_nobody_up(
    database: Database, author: Account, reader: Account
) -> None:
    async with transaction(database) as session, asyncio.timeout(5):
        await session.delete(await session.merge(author.user))
        await session.flush()
        await tell(author, by=reader)
