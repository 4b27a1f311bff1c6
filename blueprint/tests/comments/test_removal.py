"""Comments that were removed, and those of accounts and posts that are gone."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from src.comments.models import Comment
from src.database import Database
from src.models import utc_now
from tests.accounts import Account
from tests.attacks.traces import stored_rows
from tests.comments.factories import comment_row, insert_thread
from tests.comments.reading import read
from tests.contract import assert_problem
from tests.factories import insert
from tests.fixtures import CreateAccount


async def stored(database: Database, comment_id: int) -> dict[str, object]:
    (row,) = [it for it in (await stored_rows(database))["comment"] if it["id"] == comment_id]
    return row


async def test_a_removed_comment_keeps_its_place_and_its_replies(
    client: httpx2.AsyncClient, author: Account, database: Database
) -> None:
    post = await author.writes()
    beginning, middle, last = await insert_thread(database, post, [None, 0, 1])
    before = (await read(client, f"/comments/{beginning}/thread"))["items"]

    response = await author.client.delete(f"/comments/{middle}")

    assert response.status_code == 204
    assert response.content == b""
    after = (await read(client, f"/comments/{beginning}/thread"))["items"]
    hidden: dict[str, Any] = {"author": None, "body": None, "mentions": [], "removed_by": "author"}
    assert after == [before[0], {**before[1], **hidden}, before[2]]
    assert (await read(client, f"/comments/{middle}"))["body"] is None
    listed = await read(client, f"/posts/{post.id}/comments")
    assert listed["items"] == after
    assert listed["comment_count"] == 2
    assert (await read(client, f"/comments/{last}"))["parent_id"] == middle


async def test_nothing_of_a_removed_comment_is_kept_but_who_removed_it(
    author: Account, create: CreateAccount, database: Database
) -> None:
    post, reader = await author.writes(), await create()
    new = {"body": f"Thanks, @{author.username}"}
    comment = (await reader.client.post(f"/posts/{post.id}/comments", json=new)).json()

    await author.client.delete(f"/comments/{comment['id']}")

    row = await stored(database, comment["id"])
    assert row["body"] is None
    assert row["removed_at"] is not None
    assert row["remover_id"] == author.id
    assert (await stored_rows(database))["comment_mention"] == []


@pytest.mark.parametrize(
    ("who", "removed_by"),
    [
        ("reader", "author"),
        ("author", "post_author"),
        ("moderator", "moderator"),
        ("admin", "moderator"),
    ],
)
async def test_a_comment_says_in_which_role_it_was_removed(
    author: Account,
    reader: Account,
    create: CreateAccount,
    database: Database,
    who: str,
    removed_by: str,
) -> None:
    people = {"author": author, "reader": reader}
    remover = people.get(who) or await create(role=who)
    comment = comment_row((await author.writes()).id, reader.id)
    await insert(database, comment)

    response = await remover.client.delete(f"/comments/{comment.id}")

    assert response.status_code == 204
    now = await read(author.client, f"/comments/{comment.id}")
    assert now["removed_by"] == removed_by
    assert now["author"] is now["body"] is None
    assert (await stored(database, comment.id))["remover_id"] == remover.id


async def test_one_removes_ones_own_comment_under_a_post_that_is_back_to_a_draft(
    author: Account, reader: Account, create: CreateAccount, database: Database
) -> None:
    draft = await author.writes(status="draft")
    comment = comment_row(draft.id, reader.id)
    await insert(database, comment)
    path = f"/comments/{comment.id}"

    for other in (await create(), await create(role="moderator")):
        assert_problem(await other.client.delete(path), 404, "comment_not_found")
    for _ in range(2):
        response = await reader.client.delete(path)
        assert (response.status_code, response.content) == (204, b"")

    assert_problem(await reader.client.get(path), 404, "comment_not_found")
    assert (await read(author.client, path))["removed_by"] == "author"
    assert (await stored(database, comment.id))["body"] is None


async def test_who_comments_on_a_post_of_their_own_removes_as_the_author(
    author: Account, database: Database
) -> None:
    (comment,) = await insert_thread(database, await author.writes(), [None])

    await author.client.delete(f"/comments/{comment}")

    assert (await read(author.client, f"/comments/{comment}"))["removed_by"] == "author"


async def test_others_remove_nothing(
    author: Account, reader: Account, create: CreateAccount, database: Database
) -> None:
    post, other = await author.writes(), await create()
    comment = comment_row(post.id, reader.id)
    reply = comment_row(post.id, other.id)
    await insert(database, comment, reply)
    await other.writes()

    response = await other.client.delete(f"/comments/{comment.id}")

    assert_problem(response, 403, "not_comment_moderator")
    assert (await read(author.client, f"/comments/{comment.id}"))["removed_by"] is None


async def test_removing_twice_is_the_same_as_once(
    author: Account, create: CreateAccount, database: Database
) -> None:
    (comment,) = await insert_thread(database, await author.writes(), [None])
    moderator = await create(role="moderator")
    await moderator.client.delete(f"/comments/{comment}")
    before = await stored(database, comment)

    for remover in (author, moderator):
        assert (await remover.client.delete(f"/comments/{comment}")).status_code == 204

    assert await stored(database, comment) == before


async def test_a_removed_comment_is_neither_changed_nor_replied_to(
    author: Account, database: Database
) -> None:
    post = await author.writes()
    (comment,) = await insert_thread(database, post, [None])
    await author.client.delete(f"/comments/{comment}")
    before = await stored(database, comment)

    for response in (
        await author.client.patch(f"/comments/{comment}", json={"body": "Back"}),
        await author.client.patch(f"/comments/{comment}", json={}),
        await author.client.post(
            f"/posts/{post.id}/comments", json={"body": "Reply", "parent_id": comment}
        ),
    ):
        assert_problem(response, 409, "comment_removed")

    assert await stored(database, comment) == before


async def test_the_comments_of_a_deleted_account_stay_without_a_name(
    author: Account, reader: Account, database: Database
) -> None:
    post = await author.writes()
    comment = comment_row(post.id, reader.id, reply_count=1)
    await insert(database, comment)
    reply = comment_row(post.id, author.id, parent=comment)
    await insert(database, reply)
    before = await read(author.client, f"/comments/{comment.id}")

    assert (await reader.client.delete("/users/me")).status_code == 204

    now = await read(author.client, f"/comments/{comment.id}")
    assert now == {**before, "author": None}
    assert now["body"] is not None
    thread = await read(author.client, f"/comments/{comment.id}/thread")
    assert [item["id"] for item in thread["items"]] == [comment.id, reply.id]
    assert (await author.client.delete(f"/comments/{comment.id}")).status_code == 204


async def test_a_moderator_can_leave(author: Account, create: CreateAccount) -> None:
    post, moderator = await author.writes(), await create(role="moderator")
    new = {"body": "Well put."}
    comment = (await author.client.post(f"/posts/{post.id}/comments", json=new)).json()
    await moderator.client.delete(f"/comments/{comment['id']}")

    assert (await moderator.client.delete("/users/me")).status_code == 204

    now = await read(author.client, f"/comments/{comment['id']}")
    assert now["removed_by"] == "moderator"


async def test_comments_go_with_their_post(
    author: Account, create: CreateAccount, database: Database
) -> None:
    post, other_post = await author.writes(), await author.writes()
    await create(username="ada")
    comments = await insert_thread(database, post, [None, 0, 1, 1, None])
    reply = {"body": "@ada", "parent_id": comments[2]}
    await author.client.post(f"/posts/{post.id}/comments", json=reply)
    (elsewhere,) = await insert_thread(database, other_post, [None])

    assert (await author.client.delete(f"/posts/{post.id}")).status_code == 204

    rows = await stored_rows(database)
    assert [row["id"] for row in rows["comment"]] == [elsewhere]
    assert rows["comment_mention"] == []
    assert_problem(await author.client.get(f"/comments/{comments[0]}"), 404, "comment_not_found")


IMPOSSIBLE: dict[str, Callable[[Comment], dict[str, Any]]] = {
    "a reply under another post": lambda comment: {"post_id": comment.post_id + 1},
    "a reply to itself": lambda comment: {"parent_id": comment.id},
    "a reply to a younger comment": lambda comment: {"parent_id": comment.id + 1},
    "a reply without a depth": lambda _: {"depth": 0},
    "a text that nobody may read": lambda _: {"removed_at": utc_now(), "removed_by": "author"},
    "a removal by nobody": lambda _: {"removed_at": utc_now(), "body": None},
    "neither text nor removal": lambda _: {"body": None},
}


@pytest.mark.parametrize("kind", IMPOSSIBLE)
async def test_the_database_itself_refuses(author: Account, database: Database, kind: str) -> None:
    post, _ = await author.writes(), await author.writes()
    _, second, _ = await insert_thread(database, post, [None, 0, 0])
    changes = IMPOSSIBLE[kind](comment_row(post.id, None, id=second))
    change = update(Comment).where(col(Comment.id) == second).values(**changes)

    with pytest.raises(IntegrityError):
        async with database.engine.begin() as connection:
            await connection.execute(change)
