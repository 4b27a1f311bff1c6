"""Who is told of comments, of what, and until when."""

import asyncio
from typing import Any

import pytest

from src.database import Database
from tests.accounts import Account
from tests.attacks.traces import stored_rows
from tests.comments.factories import comment_row
from tests.factories import insert
from tests.fixtures import CreateAccount
from tests.notifications.test_lists import listed, unread

ROUNDS = 4


async def told(account: Account) -> dict[str, list[str]]:
    """The groups of somebody's list, each with its actors."""
    return {entry["group"]: entry["actors"] for entry in await listed(account)}


async def write(account: Account, post_id: object, body: str = "Well put.", **fields: Any) -> int:
    """A comment; its id."""
    response = await account.client.post(
        f"/posts/{post_id}/comments", json={"body": body, **fields}
    )
    assert response.status_code == 201, response.text
    comment_id: int = response.json()["id"]
    return comment_id


async def change(account: Account, comment_id: int, body: str) -> None:
    response = await account.client.patch(f"/comments/{comment_id}", json={"body": body})
    assert response.status_code == 200, response.text


async def test_an_author_is_told_who_comments_on_a_post(author: Account, reader: Account) -> None:
    post = await author.writes(title="On computable numbers")
    await write(author, post.id)
    await write(reader, post.id)
    comment = await write(reader, post.id)

    (entry,) = await listed(author)

    assert entry["group"] == f"comment_added.{post.id}"
    assert entry["text"] == "On computable numbers"
    assert entry["path"] == f"/comments/{comment}", "the latest"
    assert entry["actors"] == [reader.username]
    assert await unread(author) == {"groups": 1, "notifications": 2}
    assert await told(reader) == {}


async def test_who_is_replied_to_is_told_and_so_is_the_author_of_the_post(
    author: Account, reader: Account, create: CreateAccount
) -> None:
    post, other = await author.writes(), await create()
    comment = await write(reader, post.id)
    await write(other, post.id, parent_id=comment)
    await write(reader, post.id, parent_id=comment)

    assert await told(reader) == {f"reply_added.{post.id}": [other.username]}
    assert await told(author) == {f"comment_added.{post.id}": [reader.username, other.username]}
    assert await told(other) == {}


async def test_nobody_is_told_twice_of_one_comment(author: Account, reader: Account) -> None:
    post = await author.writes()
    comment = await write(author, post.id)
    mention = f"@{author.username}"
    reply = await write(reader, post.id, mention, parent_id=comment)
    await change(reader, reply, f"{mention}, again")

    assert await told(author) == {f"reply_added.{post.id}": [reader.username]}


async def test_who_does_not_want_to_hear_of_one_kind_is_told_the_next(
    author: Account, reader: Account
) -> None:
    post = await author.writes()
    comment = await write(author, post.id)
    for off, group in {
        "announced": "reply_added",
        "reply_added": "comment_added",
        "comment_added": "mentioned",
        "mentioned": None,
    }.items():
        changed = await author.client.patch(
            "/notifications/preferences", json={"channels": {off: "off"}}
        )
        assert changed.status_code == 200
        reply = await write(reader, post.id, f"@{author.username}", parent_id=comment)
        assert await told(author) == ({f"{group}.{post.id}": [reader.username]} if group else {})
        await reader.client.delete(f"/comments/{reply}")


async def test_who_is_mentioned_is_told_once(
    author: Account, reader: Account, create: CreateAccount
) -> None:
    post = await author.writes(title="Notes")
    people = [await create(username=f"mentioned_{number}") for number in range(3)]
    body = " ".join(f"@{it.username}" for it in [*people, *people, author, reader])

    comment = await write(reader, post.id, body)

    for account in people:
        (entry,) = await listed(account)
        assert entry["group"] == f"mentioned.{post.id}"
        assert (entry["text"], entry["path"]) == ("Notes", f"/comments/{comment}")
        assert await unread(account) == {"groups": 1, "notifications": 1}
    assert await told(author) == {f"comment_added.{post.id}": [reader.username]}
    assert await told(reader) == {}


async def test_an_edit_tells_only_those_whom_it_is_the_first_to_mention(
    author: Account, reader: Account, create: CreateAccount
) -> None:
    post, ada, bob = await author.writes(), await create(), await create()
    comment = await write(reader, post.id, f"@{ada.username}")

    await change(reader, comment, f"@{ada.username} @{bob.username}")
    await change(reader, comment, "Nobody")
    await change(reader, comment, f"@{ada.username} @{bob.username} @{author.username}")

    for account in (ada, bob, author):
        assert await unread(account) == {"groups": 1, "notifications": 1}
    assert await told(bob) == {f"mentioned.{post.id}": [reader.username]}
    assert await told(author) == {f"comment_added.{post.id}": [reader.username]}


async def test_nobody_is_told_of_a_post_that_they_may_not_see(
    author: Account, reader: Account, database: Database
) -> None:
    draft = await author.writes(status="draft")
    earlier = comment_row(draft.id, reader.id)
    await insert(database, earlier)
    mention = f"@{reader.username}"

    await write(author, draft.id, mention)
    reply = await write(author, draft.id, parent_id=earlier.id)
    await change(author, reply, mention)

    assert await told(reader) == {}


async def test_parallel_comments_and_replies_are_each_told_once(
    author: Account, reader: Account, create: CreateAccount
) -> None:
    post = await author.writes()
    comment = await write(reader, post.id)
    people = await asyncio.gather(*(create() for _ in range(10)))

    await asyncio.gather(
        *(write(it, post.id, parent_id=comment) for it in people for _ in range(3))
    )

    assert await unread(reader) == {"groups": 1, "notifications": 30}
    assert await unread(author) == {"groups": 1, "notifications": 31}
    (entry,) = await listed(reader)
    assert entry["actor_count"] == 10


async def test_parallel_edits_mention_once(
    author: Account, reader: Account, create: CreateAccount
) -> None:
    post, mentioned = await author.writes(), await create()
    comment = await write(reader, post.id)

    await asyncio.gather(
        *(change(reader, comment, f"{'!' * n} @{mentioned.username}") for n in range(ROUNDS))
    )

    assert await unread(mentioned) == {"groups": 1, "notifications": 1}


@pytest.mark.parametrize("is_read", [False, True])
async def test_a_removed_comment_is_forgotten(
    author: Account, reader: Account, create: CreateAccount, *, is_read: bool
) -> None:
    post, mentioned = await author.writes(), await create()
    comment = await write(mentioned, post.id, "Words to regret")
    reply = await write(reader, post.id, f"@{mentioned.username}", parent_id=comment)
    other = await write(reader, post.id, f"@{mentioned.username}")
    if is_read:
        for account in (author, mentioned):
            assert (await account.client.post("/notifications/read-all")).status_code == 204

    assert (await author.client.delete(f"/comments/{reply}")).status_code == 204

    assert await told(mentioned) == {f"mentioned.{post.id}": [reader.username]}
    assert (await told(author)).keys() == {f"comment_added.{post.id}"}
    await reader.client.delete(f"/comments/{other}")
    await mentioned.client.delete(f"/comments/{comment}")
    assert await told(mentioned) == await told(author) == {}


async def test_nothing_that_is_told_shows_what_a_comment_says(
    author: Account, reader: Account, create: CreateAccount, database: Database
) -> None:
    post, other = await author.writes(), await create()
    comment = await write(reader, post.id, f"Words to regret, @{other.username}")
    await write(author, post.id, "More of them", parent_id=comment)

    rows = (await stored_rows(database))["notification"]

    assert len(rows) == 3
    assert {row["text"] for row in rows} == {post.title}


async def test_of_a_post_that_is_deleted_nothing_is_told(
    author: Account, reader: Account, create: CreateAccount, database: Database
) -> None:
    post, other = await author.writes(), await create()
    elsewhere = await reader.writes()
    comment = await write(reader, post.id, f"@{other.username}")
    await write(other, post.id, parent_id=comment)
    await write(other, elsewhere.id)

    await author.client.delete(f"/posts/{post.id}")

    rows = (await stored_rows(database))["notification"]
    assert [row["subject_id"] for row in rows] == [elsewhere.id]


async def test_nothing_is_told_of_what_is_deleted_or_removed_meanwhile(
    author: Account, reader: Account, create: CreateAccount, database: Database
) -> None:
    other = await create()
    for _ in range(ROUNDS):
        post, kept = await author.writes(), await author.writes()
        comment, changed = await write(reader, post.id), await write(reader, kept.id)
        reply = {"body": f"@{author.username} @{reader.username}", "parent_id": comment}
        responses = await asyncio.gather(
            author.client.delete(f"/posts/{post.id}"),
            other.client.post(f"/posts/{post.id}/comments", json=reply),
            reader.client.patch(f"/comments/{comment}", json={"body": f"@{other.username}"}),
            author.client.delete(f"/comments/{changed}"),
            reader.client.patch(f"/comments/{changed}", json={"body": f"@{other.username}"}),
        )
        assert {response.status_code for response in responses} <= {200, 201, 204, 404, 409}

    assert (await stored_rows(database))["notification"] == []


async def test_writing_while_those_are_deleted_who_are_told_is_no_server_error(
    author: Account, create: CreateAccount, database: Database
) -> None:
    for number in range(ROUNDS):
        leaving, writer = await create(username=f"leaving_{number}"), await create()
        post, own = await author.writes(), await leaving.writes()
        comment = await write(leaving, post.id)
        body = f"@{leaving.username}"
        deleted, *written = await asyncio.gather(
            leaving.client.delete("/users/me"),
            writer.client.post(f"/posts/{own.id}/comments", json={"body": body}),
            writer.client.post(
                f"/posts/{post.id}/comments", json={"body": body, "parent_id": comment}
            ),
            author.client.delete(f"/comments/{comment}"),
        )
        assert deleted.status_code == 204
        assert {response.status_code for response in written} <= {201, 204, 404, 409}

    rows = (await stored_rows(database))["notification"]
    assert {row["user_id"] for row in rows} <= {author.id}
