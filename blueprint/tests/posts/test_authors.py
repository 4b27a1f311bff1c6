"""What happens to posts when something happens to their authors."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import func
from sqlmodel import delete, select

from src.auth.models import User
from src.database import Database, Statement
from src.posts import service as posts_service
from src.posts.models import Post, PostLike
from tests.accounts import Account
from tests.contract import assert_problem
from tests.fixtures import CreateAccount

POSTS = Statement(select(func.count()).select_from(Post))
LIKES = Statement(select(func.count()).select_from(PostLike))
DELETE_ALL_USERS = Statement(delete(User))


async def count(database: Database, statement: Statement) -> int:
    row = await database.fetch_one(statement)
    assert row
    number: int = row[0]
    return number


async def test_a_new_name_shows_on_old_posts(client: httpx2.AsyncClient, author: Account) -> None:
    post = await author.writes()

    await author.client.patch("/users/me", json={"username": "new_name"})

    assert (await client.get(f"/posts/{post.id}")).json()["author"] == "new_name"


async def test_what_was_published_stays_while_its_author_is_switched_off(
    client: httpx2.AsyncClient, author: Account
) -> None:
    post = await author.writes()

    assert (await author.client.post("/users/me/deactivate")).status_code == 204

    assert (await client.get(f"/posts/{post.id}")).status_code == 200
    assert [item["id"] for item in (await client.get("/posts")).json()["items"]] == [post.id]


async def test_who_is_not_verified_can_read_but_not_write(
    create: CreateAccount, reader: Account
) -> None:
    newcomer = await create(email_verified_at=None)
    post = await reader.writes()

    assert (await newcomer.client.get(f"/posts/{post.id}")).status_code == 200
    for response in (
        await newcomer.client.post("/posts", json={"title": "Title", "body": "Body"}),
        await newcomer.client.put(f"/posts/{post.id}/like"),
    ):
        assert_problem(response, 403, "email_not_verified")


async def test_a_deleted_account_takes_its_posts_and_likes_along(
    author: Account, reader: Account, database: Database
) -> None:
    mine, theirs = await author.writes(), await reader.writes()
    await author.likes(theirs)
    await reader.likes(mine, theirs)

    response = await author.client.delete("/users/me")

    assert response.status_code == 204
    assert await count(database, POSTS) == 1
    assert await count(database, LIKES) == 1
    assert_problem(await reader.client.get(f"/posts/{mine.id}"), 404, "post_not_found")
    assert (await reader.client.get(f"/posts/{theirs.id}")).json()["like_count"] == 1


async def test_an_author_who_vanishes_while_writing_is_no_server_error(
    author: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = posts_service.create_post

    async def delete_first(*arguments: Any, **named: Any) -> Any:
        await author.app.state["database"].fetch(DELETE_ALL_USERS)
        return await go_on(*arguments, **named)

    monkeypatch.setattr(posts_service, "create_post", delete_first)

    response = await author.client.post("/posts", json={"title": "Title", "body": "Body"})

    assert_problem(response, 401, "session_ended")
