"""What happens when several people write, remove and delete at the same time."""

import asyncio
from typing import Any

import httpx2
import pytest

from src.database import Database
from tests.accounts import Account
from tests.attacks.traces import stored_rows
from tests.comments.factories import comment_row, insert_thread
from tests.comments.reading import read, walk
from tests.contract import assert_problem
from tests.factories import insert
from tests.fixtures import CreateAccount
from tests.routes import call, make_things
from tests.routing import Key
from tests.servers import Urls, connected, somebody_waits

ROUNDS = 8


async def statuses(*requests: Any) -> list[int]:
    responses: list[httpx2.Response] = await asyncio.gather(*requests)
    return [response.status_code for response in responses]


async def assert_counts_are_right(database: Database) -> None:
    rows = (await stored_rows(database))["comment"]
    for row in rows:
        replies = [reply for reply in rows if reply["parent_id"] == row["id"]]
        assert row["reply_count"] == len(replies)


async def test_parallel_replies_are_all_counted(
    author: Account, reader: Account, database: Database
) -> None:
    post = await author.writes()
    (comment,) = await insert_thread(database, post, [None])
    path, reply = f"/posts/{post.id}/comments", {"body": "Reply", "parent_id": comment}

    answers = await statuses(
        *(account.client.post(path, json=reply) for account in (author, reader) for _ in range(10))
    )

    assert answers == [201] * 20
    assert (await read(author.client, f"/comments/{comment}"))["reply_count"] == 20
    thread = await walk(author.client, f"/comments/{comment}/thread")
    assert len(thread) == 21


async def test_a_reply_comes_before_a_removal_or_is_refused(
    author: Account, reader: Account, database: Database
) -> None:
    post = await author.writes()
    for _ in range(ROUNDS):
        (comment,) = await insert_thread(database, post, [None])
        reply = {"body": "Reply", "parent_id": comment}

        replied, removed = await statuses(
            reader.client.post(f"/posts/{post.id}/comments", json=reply),
            author.client.delete(f"/comments/{comment}"),
        )

        assert removed == 204
        assert replied in {201, 409}
        shown = await read(author.client, f"/comments/{comment}")
        assert shown["removed_by"] == "author"
        assert shown["reply_count"] == (replied == 201)
    await assert_counts_are_right(database)


async def test_of_two_edits_the_last_one_counts_as_a_whole(
    author: Account, create: CreateAccount, database: Database
) -> None:
    for username in ("ada", "bob"):
        await create(username=username)
    comment = comment_row((await author.writes()).id, author.id)
    await insert(database, comment)
    path = f"/comments/{comment.id}"

    for _ in range(ROUNDS):
        answers = await statuses(
            author.client.patch(path, json={"body": "@ada"}),
            author.client.patch(path, json={"body": "@bob"}),
        )
        assert answers == [200, 200]
        now = await read(author.client, path)
        assert now["mentions"] == [now["body"].removeprefix("@")]


async def test_an_edit_never_brings_a_removed_comment_back(
    author: Account, create: CreateAccount, database: Database
) -> None:
    post, _ = await author.writes(), await create(username="ada")
    for _ in range(ROUNDS):
        (comment,) = await insert_thread(database, post, [None])

        changed, removed = await statuses(
            author.client.patch(f"/comments/{comment}", json={"body": "@ada"}),
            author.client.delete(f"/comments/{comment}"),
        )

        assert removed == 204
        assert changed in {200, 409}
        now = await read(author.client, f"/comments/{comment}")
        assert now["body"] is None
        assert now["mentions"] == []


async def test_two_who_remove_at_once_are_one(
    author: Account, create: CreateAccount, database: Database
) -> None:
    post, moderator = await author.writes(), await create(role="moderator")
    (comment,) = await insert_thread(database, post, [None])
    path = f"/comments/{comment}"

    answers = await statuses(author.client.delete(path), moderator.client.delete(path))

    assert answers == [204, 204]
    (row,) = (await stored_rows(database))["comment"]
    remover = author if row["removed_by"] == "author" else moderator
    assert row["remover_id"] == remover.id


async def test_writing_while_the_post_is_deleted_is_no_server_error(
    author: Account, reader: Account, database: Database
) -> None:
    for _ in range(ROUNDS):
        post = await author.writes()
        mine, theirs = comment_row(post.id, author.id), comment_row(post.id, reader.id)
        await insert(database, mine, theirs)
        path = f"/posts/{post.id}/comments"

        deleted, *others = await statuses(
            author.client.delete(f"/posts/{post.id}"),
            reader.client.post(path, json={"body": "Comment"}),
            author.client.post(path, json={"body": "Reply", "parent_id": theirs.id}),
            reader.client.patch(f"/comments/{theirs.id}", json={"body": "Changed"}),
            author.client.delete(f"/comments/{mine.id}"),
        )

        assert deleted == 204
        assert set(others) <= {200, 201, 204, 404}
    assert (await stored_rows(database))["comment"] == []


@pytest.mark.parametrize(
    "key",
    [
        ("POST", "/posts/{post_id}/comments"),
        ("PATCH", "/comments/{comment_id}"),
        ("DELETE", "/comments/{comment_id}"),
    ],
    ids=" ".join,
)
async def test_a_post_that_is_deleted_meanwhile_is_answered_with_no_server_error(
    author: Account, urls: Urls, key: Key
) -> None:
    things = await make_things(author, key)
    async with connected(urls) as elsewhere:
        async with elsewhere.transaction():
            await elsewhere.execute("DELETE FROM post WHERE id = $1", things["post_id"])
            request = asyncio.create_task(call(author.client, key, things))
            await somebody_waits(elsewhere)
        response = await request

    assert response.status_code in {204, 404}, response.text


async def test_a_moderator_who_is_deleted_meanwhile_removes_nothing(
    author: Account, create: CreateAccount, database: Database, urls: Urls
) -> None:
    moderator = await create(role="moderator")
    (comment,) = await insert_thread(database, await author.writes(), [None])
    async with connected(urls) as elsewhere:
        async with elsewhere.transaction():
            await elsewhere.execute("DELETE FROM user_account WHERE id = $1", moderator.id)
            request = asyncio.create_task(moderator.client.delete(f"/comments/{comment}"))
            await somebody_waits(elsewhere)
        response = await request

    assert_problem(response, 401, "session_ended")
    assert (await read(author.client, f"/comments/{comment}"))["removed_by"] is None


async def test_writing_while_accounts_are_deleted_is_no_server_error(
    author: Account, create: CreateAccount, database: Database
) -> None:
    post = await author.writes()
    for _ in range(ROUNDS):
        leaving = await create(username="leaving")
        comment = comment_row(post.id, leaving.id)
        await insert(database, comment)
        path = f"/posts/{post.id}/comments"

        deleted, mentioned, replied, wrote, changed = await statuses(
            leaving.client.delete("/users/me"),
            author.client.post(path, json={"body": "@leaving, stay!"}),
            author.client.post(path, json={"body": "Reply", "parent_id": comment.id}),
            leaving.client.post(path, json={"body": "Farewell"}),
            leaving.client.patch(f"/comments/{comment.id}", json={"body": "Farewell"}),
        )

        assert deleted == 204
        assert [mentioned, replied] == [201, 201]
        assert wrote in {201, 401}
        assert changed in {200, 401, 403}
    assert (await stored_rows(database))["comment_mention"] == []
    await assert_counts_are_right(database)
