"""Cached lists: nobody is shown less than what they, or anybody else, have written before."""

import asyncio
import random
from collections import Counter
from typing import Any

import httpx2
import pytest
from redis.asyncio import Redis

from src.posts import service
from tests.accounts import Account
from tests.cache.processes import Process
from tests.fixtures import CreateAccount

USERS = 5
STEPS = 25  # of each user


async def items(client: httpx2.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    response = await client.get("/posts", params=params)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["items"]
    return found


async def warm_up(*processes: Process, **params: Any) -> None:
    for process in processes * 2:
        await items(process.app.client(), **params)


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often pages were read from the database."""
    counted: Counter[str] = Counter()
    read = service.get_posts_with_stats

    async def counting(*args: Any, **kwargs: Any) -> Any:
        counted["pages"] += 1
        return await read(*args, **kwargs)

    monkeypatch.setattr(service, "get_posts_with_stats", counting)
    return counted


@pytest.mark.parametrize(
    "params", [{}, {"sort": "oldest"}, {"search": "numbers"}, {"author": "ada_l"}, {"limit": 3}]
)
async def test_a_first_page_is_read_once_for_many(
    one: Process, create: CreateAccount, queries: Counter[str], params: dict[str, Any]
) -> None:
    author = await create(username="ada_l")
    await author.writes(title="On computable numbers")
    await warm_up(one, **params)
    before = queries["pages"]

    pages = [await items(one.app.client(), **params) for _ in range(5)]

    assert queries["pages"] == before
    assert [post["title"] for post in pages[0]] == ["On computable numbers"]
    assert all(page == pages[0] for page in pages)


async def test_pages_have_their_own_entries(one: Process, author: Account) -> None:
    for title in ("Red fox", "Brown fox", "Red dog"):
        await author.writes(title=title)
    asked: list[dict[str, Any]] = [
        {},
        {"limit": 1},
        {"search": "red"},
        {"search": "fox"},
        {"search": "fox", "sort": "oldest"},
        {"sort": "oldest"},
        {"author": "nobody"},
    ]
    for params in asked * 2:
        await items(one.app.client(), **params)

    found = [[post["title"] for post in await items(one.app.client(), **it)] for it in asked]

    assert found == [
        ["Red dog", "Brown fox", "Red fox"],
        ["Red dog"],
        ["Red dog", "Red fox"],
        ["Brown fox", "Red fox"],
        ["Red fox", "Brown fox"],
        ["Red fox", "Brown fox", "Red dog"],
        [],
    ]


async def test_a_cached_page_leads_on_to_the_next_one(one: Process, author: Account) -> None:
    for _ in range(4):
        await author.writes()
    await warm_up(one, limit=3)
    first = (await one.app.client().get("/posts", params={"limit": 3})).json()

    rest = await items(one.app.client(), limit=3, cursor=first["next_cursor"])

    assert len({post["id"] for post in first["items"] + rest}) == 4


async def test_a_post_made_a_draft_is_gone_at_once_for_everybody(
    one: Process, other: Process, author: Account, redis: Redis
) -> None:
    post = await author.writes(title="Too early")
    await warm_up(one, other)
    client = one.client_of(author)

    await client.patch(f"/posts/{post.id}", json={"status": "draft"})

    for reader in (client, other.client_of(author), one.app.client(), other.app.client()):
        assert await items(reader) == []
    assert (await client.get(f"/posts/{post.id}")).json()["title"] == "Too early"
    await warm_up(one, other)
    entries = [str(await redis.hgetall(key)) for key in await redis.keys("*entry*")]
    assert entries
    assert not any("Too early" in entry for entry in entries)


async def test_every_write_is_seen_in_lists_by_whoever_asks_next(
    one: Process, other: Process, author: Account, reader: Account
) -> None:
    client = one.client_of(author)
    strangers = [one.app.client(), other.app.client()]

    async def seen() -> list[dict[str, Any]]:
        first, second = [await items(stranger) for stranger in strangers]
        assert first == second
        await warm_up(one, other)
        return first

    assert await seen() == []
    post = (await client.post("/posts", json={"title": "Title", "body": "Body"})).json()
    assert [it["title"] for it in await seen()] == ["Title"]
    await client.patch(f"/posts/{post['id']}", json={"title": "Another"})
    assert [it["title"] for it in await seen()] == ["Another"]
    await other.client_of(reader).put(f"/posts/{post['id']}/like")
    assert [it["like_count"] for it in await seen()] == [1]
    await other.client_of(reader).delete(f"/posts/{post['id']}/like")
    assert [it["like_count"] for it in await seen()] == [0]
    await client.patch("/users/me", json={"username": "somebody_else"})
    assert [it["author"] for it in await seen()] == ["somebody_else"]
    await client.delete(f"/posts/{post['id']}")
    assert await seen() == []
    await client.post("/posts", json={"title": "Title", "body": "Body"})
    assert len(await seen()) == 1
    await client.delete("/users/me")
    assert await seen() == []


class Writers:
    """Users who each raise the number in the title of a post of theirs, and look at all posts."""

    def __init__(self, chance: random.Random, processes: tuple[Process, ...]) -> None:
        self._chance = chance
        self._processes = processes
        self._acknowledged: dict[int, int] = {}

    async def live(self, account: Account) -> None:
        post = await account.writes(title="0")
        self._acknowledged[post.id] = 0
        for number in range(1, STEPS + 1):
            client = self._chance.choice(self._processes).client_of(account)
            if self._chance.random() < 0.3:
                title = {"title": str(number)}
                response = await client.patch(f"/posts/{post.id}", json=title)
                assert response.status_code == 200, response.text
                self._acknowledged[post.id] = number
            await self._look()

    async def _look(self) -> None:
        known = dict(self._acknowledged)
        client = self._chance.choice(self._processes).app.client()
        found = {post["id"]: int(post["title"]) for post in await items(client, limit=USERS)}
        for post_id, number in known.items():
            assert found.get(post_id, number) >= number, "older than what was acknowledged"


@pytest.mark.parametrize("redis_is_lost", [False, True])
async def test_no_order_of_reads_and_writes_shows_anything_old(
    one: Process, other: Process, create: CreateAccount, redis_is_lost: bool
) -> None:
    chance = random.Random(7)
    writers = Writers(chance, (one, other))
    accounts = [await create() for _ in range(USERS)]
    is_over = asyncio.Event()

    async def lose_redis() -> None:
        while not is_over.is_set():
            process = chance.choice((one, other))
            await process.way_to_redis.cut()
            await asyncio.sleep(chance.random() / 5)
            await process.way_to_redis.mend()
            await asyncio.sleep(chance.random())

    losing = asyncio.create_task(lose_redis()) if redis_is_lost else None
    try:
        async with asyncio.TaskGroup() as group:
            for account in accounts:
                group.create_task(writers.live(account))
    finally:
        is_over.set()
        if losing:
            await losing
