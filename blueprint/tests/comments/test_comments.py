"""Single comments: written, read and changed, and who may do it."""

from datetime import datetime
from typing import Any

import httpx2
import pytest
from limits import parse

from src.comments.config import comments_settings
from src.comments.constants import BODY_MAX_LENGTH, DEPTH_MAX
from src.database import Database
from tests.accounts import Account
from tests.comments.factories import comment_row, insert_thread
from tests.comments.reading import read
from tests.contract import assert_problem, refused_fields
from tests.factories import insert
from tests.fixtures import ChangeSettings, CreateAccount

MAX_BIGINT = 2**63 - 1
IMPOSSIBLE: dict[str, list[Any]] = {
    "body": ["", " \n", "x" * (BODY_MAX_LENGTH + 1), "nul\x00", None, 7, ["x"]],
    "parent_id": [0, -1, MAX_BIGINT + 1, 1.5, "x", True, []],
}


async def test_a_comment_is_written_and_read(
    client: httpx2.AsyncClient, author: Account, reader: Account
) -> None:
    post = await author.writes()

    response = await reader.client.post(
        f"/posts/{post.id}/comments", json={"body": "  Well put.\r\n\t🐙 "}
    )

    assert response.status_code == 201
    comment = response.json()
    assert comment == {
        "id": comment["id"],
        "post_id": post.id,
        "parent_id": None,
        "depth": 0,
        "author": reader.username,
        "body": "Well put.\r\n\t🐙",
        "mentions": [],
        "reply_count": 0,
        "created_at": comment["created_at"],
        "edited_at": None,
        "removed_by": None,
    }
    assert datetime.fromisoformat(comment["created_at"]).tzinfo is not None
    assert await read(client, f"/comments/{comment['id']}") == comment


async def test_a_reply_stands_below_what_it_replies_to(author: Account, reader: Account) -> None:
    post = await author.writes()
    path = f"/posts/{post.id}/comments"
    comment = (await author.client.post(path, json={"body": "First"})).json()

    reply = await reader.client.post(path, json={"body": "Reply", "parent_id": comment["id"]})

    assert reply.status_code == 201
    assert reply.json()["parent_id"] == comment["id"]
    assert reply.json()["depth"] == 1
    assert (await read(reader.client, f"/comments/{comment['id']}"))["reply_count"] == 1
    thread = await read(reader.client, f"/comments/{comment['id']}/thread")
    assert [item["body"] for item in thread["items"]] == ["First", "Reply"]


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, value) for field, values in IMPOSSIBLE.items() for value in values],
)
async def test_an_impossible_value_is_refused(author: Account, field: str, value: Any) -> None:
    post = await author.writes()

    response = await author.client.post(
        f"/posts/{post.id}/comments", json={"body": "Body", field: value}
    )

    assert refused_fields(response) == {f"/body/{field}"}


async def test_the_longest_comment_is_accepted(author: Account) -> None:
    post = await author.writes()
    body = {"body": "🐙" * BODY_MAX_LENGTH}

    response = await author.client.post(f"/posts/{post.id}/comments", json=body)

    assert response.status_code == 201
    assert response.json()["body"] == body["body"]


async def test_a_reply_belongs_to_the_post_of_what_it_replies_to(
    author: Account, database: Database
) -> None:
    post, other_post = await author.writes(), await author.writes()
    (elsewhere,) = await insert_thread(database, other_post, [None])

    for parent_id in (elsewhere, elsewhere + 1, MAX_BIGINT):
        response = await author.client.post(
            f"/posts/{post.id}/comments", json={"body": "Reply", "parent_id": parent_id}
        )
        problem = assert_problem(response, 422, "parent_not_found")
        assert [error["pointer"] for error in problem["errors"]] == ["/body/parent_id"]

    assert (await read(author.client, f"/comments/{elsewhere}"))["reply_count"] == 0


async def test_a_thread_can_be_only_so_deep(author: Account, database: Database) -> None:
    post = await author.writes()
    *_, last_but_one, deepest = await insert_thread(database, post, [None, *range(DEPTH_MAX)])
    path = f"/posts/{post.id}/comments"

    fits = await author.client.post(path, json={"body": "Reply", "parent_id": last_but_one})
    too_deep = await author.client.post(path, json={"body": "Reply", "parent_id": deepest})

    assert fits.status_code == 201
    assert fits.json()["depth"] == DEPTH_MAX
    problem = assert_problem(too_deep, 409, "thread_too_deep")
    assert "further up" in problem["detail"]
    assert (await read(author.client, f"/comments/{deepest}"))["reply_count"] == 0


async def test_only_the_author_changes_a_comment(
    author: Account, reader: Account, create: CreateAccount
) -> None:
    post = await author.writes()
    path = f"/posts/{post.id}/comments"
    before = (await reader.client.post(path, json={"body": "Old"})).json()
    path = f"/comments/{before['id']}"

    for somebody in (author, await create(role="moderator"), await create(role="admin")):
        response = await somebody.client.patch(path, json={"body": "Mine"})
        assert_problem(response, 403, "not_comment_author")
    assert await read(author.client, path) == before

    changed = (await reader.client.patch(path, json={"body": " New "})).json()

    assert changed == {**before, "body": "New", "edited_at": changed["edited_at"]}
    assert changed["edited_at"] > before["created_at"]
    assert await read(author.client, path) == changed


async def test_changing_nothing_changes_nothing(author: Account) -> None:
    post = await author.writes()
    new = {"body": "Well put."}
    comment = (await author.client.post(f"/posts/{post.id}/comments", json=new)).json()

    for changes in ({}, new):
        response = await author.client.patch(f"/comments/{comment['id']}", json=changes)
        assert response.json() == comment


@pytest.mark.parametrize("value", IMPOSSIBLE["body"])
async def test_a_comment_cannot_be_changed_to_something_impossible(
    author: Account, database: Database, value: Any
) -> None:
    comment = comment_row((await author.writes()).id, author.id)
    await insert(database, comment)

    response = await author.client.patch(f"/comments/{comment.id}", json={"body": value})

    assert refused_fields(response) == {"/body/body"}


async def test_a_comment_stays_where_it_is(author: Account, database: Database) -> None:
    post, other_post = await author.writes(), await author.writes()
    first, second = await insert_thread(database, post, [None, None])
    before = await read(author.client, f"/comments/{second}")

    response = await author.client.patch(
        f"/comments/{second}",
        json={"parent_id": first, "post_id": other_post.id, "depth": 7, "author_id": 1},
    )

    assert response.json() == before


@pytest.mark.parametrize("comment_id", ["0", "-1", "x", "1.5", str(MAX_BIGINT + 1)])
async def test_an_impossible_id_is_refused(author: Account, comment_id: str) -> None:
    for request in (
        author.client.get(f"/comments/{comment_id}"),
        author.client.get(f"/comments/{comment_id}/thread"),
        author.client.patch(f"/comments/{comment_id}", json={}),
        author.client.delete(f"/comments/{comment_id}"),
    ):
        assert refused_fields(await request) == {"/path/comment_id"}


async def test_comments_under_a_draft_are_there_for_the_author_of_the_post_alone(
    client: httpx2.AsyncClient, author: Account, create: CreateAccount, database: Database
) -> None:
    draft = await author.writes(status="draft")
    reader, moderator = await create(), await create(role="moderator")
    comment = comment_row(draft.id, reader.id)
    await insert(database, comment)
    path, of_post = f"/comments/{comment.id}", f"/posts/{draft.id}/comments"

    for response in (
        await client.get(path),
        await client.get(f"{path}/thread"),
        await reader.client.get(path),
        await reader.client.patch(path, json={"body": "Changed"}),
        await moderator.client.delete(path),
    ):
        assert_problem(response, 404, "comment_not_found")
    for response in (
        await client.get(of_post),
        await reader.client.get(of_post),
        await reader.client.post(of_post, json={"body": "Body"}),
    ):
        assert_problem(response, 404, "post_not_found")

    assert (await read(author.client, path))["author"] == reader.username
    assert (await read(author.client, of_post))["comment_count"] == 1
    assert (await author.client.post(of_post, json={"body": "Note"})).status_code == 201


async def test_only_verified_accounts_comment(author: Account, create: CreateAccount) -> None:
    post = await author.writes()
    unverified = await create(email_verified_at=None)

    response = await unverified.client.post(f"/posts/{post.id}/comments", json={"body": "Body"})

    assert_problem(response, 403, "email_not_verified")


async def test_writing_is_limited_for_each_account(
    author: Account, reader: Account, change: ChangeSettings
) -> None:
    change(comments_settings, write_limit=parse("2/hour"))
    post = await author.writes()
    path = f"/posts/{post.id}/comments"
    assert (await author.client.post(path, json={"body": ""})).status_code == 422, "costs nothing"
    comment = (await author.client.post(path, json={"body": "One"})).json()
    await author.client.patch(f"/comments/{comment['id']}", json={"body": "Two"})

    for response in (
        await author.client.post(path, json={"body": "Three"}),
        await author.client.patch(f"/comments/{comment['id']}", json={"body": "Three"}),
    ):
        assert_problem(response, 429, "too_many_requests")
        assert int(response.headers["retry-after"]) > 0

    assert (await reader.client.post(path, json={"body": "Mine"})).status_code == 201
    assert (await author.client.delete(f"/comments/{comment['id']}")).status_code == 204
