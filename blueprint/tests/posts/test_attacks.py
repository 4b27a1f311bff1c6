"""Posts of others, and posts that vanish under a request."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx2
import pytest

from src.database import Database
from src.posts.models import Post
from tests.accounts import Account
from tests.attacks.traces import stored_rows
from tests.posts.routes import NEW_POST, ROUTES
from tests.routes import call
from tests.routing import Key
from tests.servers import Urls, connected

PATIENCE = 0.5  # seconds in which a request comes as far as it can


@pytest.mark.parametrize("key", [key for key in ROUTES if "{post_id}" in key[1]], ids=" ".join)
async def test_a_post_that_is_deleted_meanwhile_is_answered_with_no_server_error(
    author: Account, urls: Urls, key: Key
) -> None:
    post = await author.writes()
    async with connected(urls) as elsewhere:
        async with elsewhere.transaction():
            await elsewhere.execute("DELETE FROM post WHERE id = $1", post.id)
            request = asyncio.create_task(call(author.client, key, {"post_id": post.id}))
            await asyncio.wait({request}, timeout=PATIENCE)
        response = await request

    assert response.status_code < 500, response.text


async def write_as_author(reader: Account, author: Account, post: Post) -> httpx2.Response:
    body = {**NEW_POST, "author_id": author.id, "author": author.username, "id": post.id}
    return await reader.client.post("/posts", json=body)


async def overwrite(reader: Account, author: Account, post: Post) -> httpx2.Response:
    own = await reader.writes()
    body = {"id": post.id, "post_id": post.id, "author_id": author.id, "title": "Overwritten"}
    return await reader.client.patch(f"/posts/{own.id}", json=body)


@pytest.mark.parametrize("attack", [write_as_author, overwrite])
async def test_the_ids_of_somebody_else_in_a_body_are_passed_over(
    author: Account,
    reader: Account,
    database: Database,
    attack: Callable[[Account, Account, Post], Awaitable[httpx2.Response]],
) -> None:
    post = await author.writes()

    assert (await attack(reader, author, post)).status_code in (200, 201)

    rows = (await stored_rows(database))["post"]
    (kept,) = [row for row in rows if row["author_id"] == author.id]
    assert (kept["id"], kept["title"]) == (post.id, post.title)
