"""What authors are told of their posts."""

import asyncio
from typing import Any

from tests.accounts import Account, create_account
from tests.clients import RunningApp


async def listed(account: Account) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await account.client.get("/notifications")).json()["items"]
    return items


async def test_an_author_is_told_who_likes_a_post(author: Account, reader: Account) -> None:
    post = await author.writes(title="On computable numbers")
    for _ in range(2):
        assert (await reader.client.put(f"/posts/{post.id}/like")).status_code == 204
    await author.client.put(f"/posts/{post.id}/like")

    (entry,) = await listed(author)

    assert entry["group"] == f"post_liked.{post.id}"
    assert entry["text"] == "On computable numbers"
    assert entry["path"] == f"/posts/{post.id}"
    assert entry["actors"] == [reader.username]


async def test_a_like_that_is_taken_back_was_never_told(author: Account, reader: Account) -> None:
    post = await author.writes()
    await reader.client.put(f"/posts/{post.id}/like")
    await reader.client.delete(f"/posts/{post.id}/like")

    assert await listed(author) == []


async def test_what_is_unread_tells_of_a_post_by_its_new_title(
    author: Account, reader: Account
) -> None:
    read, unread = [await author.writes(title="Too hasty") for _ in range(2)]
    for post in (read, unread):
        await reader.client.put(f"/posts/{post.id}/like")
    await author.client.put(f"/notifications/post_liked.{read.id}/read")

    for post in (read, unread):
        await author.client.patch(f"/posts/{post.id}", json={"title": "On reflection"})

    texts = {entry["group"]: entry["text"] for entry in await listed(author)}
    assert texts == {
        f"post_liked.{read.id}": "Too hasty",
        f"post_liked.{unread.id}": "On reflection",
    }


async def test_of_a_post_that_is_deleted_nothing_is_told(author: Account, reader: Account) -> None:
    post = await author.writes()
    await reader.client.put(f"/posts/{post.id}/like")
    await author.client.delete(f"/posts/{post.id}")

    assert await listed(author) == []


async def test_a_hundred_parallel_likes_are_one_entry(app: RunningApp, author: Account) -> None:
    readers = await asyncio.gather(*(create_account(app) for _ in range(100)))
    post = await author.writes()

    responses = await asyncio.gather(
        *(reader.client.put(f"/posts/{post.id}/like") for reader in readers)
    )

    assert {response.status_code for response in responses} == {204}
    (entry,) = await listed(author)
    assert entry["actor_count"] == 100
    count = (await author.client.get("/notifications/unread-count")).json()
    assert count == {"groups": 1, "notifications": 100}


async def test_likes_while_their_author_is_deleted_are_no_server_error(
    app: RunningApp, reader: Account
) -> None:
    for _ in range(5):
        author = await create_account(app)
        post = await author.writes()
        liked, deleted = await asyncio.gather(
            reader.client.put(f"/posts/{post.id}/like"), author.client.delete("/users/me")
        )
        assert liked.status_code in {204, 404}, liked.text
        assert deleted.status_code == 204, deleted.text
