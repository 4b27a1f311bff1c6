"""Single posts: written, read, changed, deleted, and who may do it."""

import asyncio
import logging
from datetime import datetime
from typing import Any

import httpx2
import pytest

from tests.accounts import Account
from tests.contract import assert_problem, refused_fields

MAX_BIGINT = 2**63 - 1
IMPOSSIBLE: dict[str, list[Any]] = {
    "title": ["", "  ", "x" * 201, "nul\x00", None, 7, ["x"]],
    "body": ["", "\n", "x" * 50_001, "\x00", None, {}],
    "status": ["PUBLISHED", "deleted", "", None, 1],
}


async def test_a_post_is_written_and_read(client: httpx2.AsyncClient, author: Account) -> None:
    body = {"title": "On computable numbers", "body": "A number is computable if …"}

    response = await author.client.post("/posts", json=body)

    assert response.status_code == 201
    post = response.json()
    assert post["title"] == body["title"]
    assert post["body"] == body["body"]
    assert post["author"] == author.username
    assert post["like_count"] == 0
    assert post["status"] == "published"
    for field in ("published_at", "created_at", "updated_at"):
        assert datetime.fromisoformat(post[field]).tzinfo is not None
    assert (await client.get(f"/posts/{post['id']}")).json() == post


async def test_text_is_kept_as_it_was_written(author: Account) -> None:
    body = {"title": "Ünïcödé 🐙 \u202e", "body": "  line\r\n\ttabbed <script>\u0001 "}

    post = (await author.client.post("/posts", json=body)).json()

    assert post["title"] == "Ünïcödé 🐙 \u202e"
    assert post["body"] == body["body"].strip()


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, value) for field, values in IMPOSSIBLE.items() for value in values],
)
async def test_an_impossible_value_is_refused(author: Account, field: str, value: Any) -> None:
    post = await author.writes()
    body = {"title": "Title", "body": "Body", field: value}

    written = await author.client.post("/posts", json=body)
    changed = await author.client.patch(f"/posts/{post.id}", json={field: value})

    assert refused_fields(written) == {f"/body/{field}"}
    assert refused_fields(changed) == {f"/body/{field}"}


@pytest.mark.parametrize("field", ["title", "body"])
async def test_half_a_surrogate_pair_is_refused(author: Account, field: str) -> None:
    content = b'{"title": "Title", "body": "Body"}'.replace(field.title().encode(), rb"\udfff")

    response = await author.client.post(
        "/posts", content=content, headers={"Content-Type": "application/json"}
    )

    assert refused_fields(response) == {f"/body/{field}"}


@pytest.mark.parametrize("title", ["x" * 200, "🐙" * 200])
async def test_the_longest_post_is_accepted(author: Account, title: str) -> None:
    body = {"title": title, "body": "🐙 word" * 7_142}

    response = await author.client.post("/posts", json=body)

    assert response.status_code == 201
    assert response.json()["title"] == title


async def test_a_body_of_nothing_but_different_words_is_accepted(author: Account) -> None:
    body = {"title": "Title", "body": " ".join(str(number) for number in range(9_000))[:50_000]}

    assert (await author.client.post("/posts", json=body)).status_code == 201


@pytest.mark.parametrize("post_id", ["0", "-1", "x", "1.5", str(MAX_BIGINT + 1), "9" * 400])
async def test_an_impossible_id_is_refused(author: Account, post_id: str) -> None:
    for request in (
        author.client.get(f"/posts/{post_id}"),
        author.client.patch(f"/posts/{post_id}", json={}),
        author.client.delete(f"/posts/{post_id}"),
        author.client.put(f"/posts/{post_id}/like"),
        author.client.delete(f"/posts/{post_id}/like"),
        author.client.get(f"/users/me/posts/{post_id}"),
    ):
        assert refused_fields(await request) == {"/path/post_id"}


async def test_the_largest_id_is_just_not_there(client: httpx2.AsyncClient) -> None:
    assert_problem(await client.get(f"/posts/{MAX_BIGINT}"), 404, "post_not_found")


async def test_a_draft_is_there_for_its_author_alone(
    client: httpx2.AsyncClient, author: Account, reader: Account
) -> None:
    draft = await author.writes(status="draft")
    path = f"/posts/{draft.id}"

    shown = await author.client.get(path)

    assert shown.status_code == 200
    assert shown.json()["status"] == "draft"
    assert shown.json()["published_at"] is None
    missing = assert_problem(await client.get("/posts/1"), 404, "post_not_found")
    for response in (
        await client.get(path),
        await reader.client.get(path),
        await reader.client.patch(path, json={"title": "Mine"}),
        await reader.client.delete(path),
        await reader.client.put(f"{path}/like"),
        await reader.client.delete(f"{path}/like"),
        await reader.client.get(f"/users/me{path}"),
    ):
        hidden = assert_problem(response, 404, "post_not_found")
        assert hidden["detail"] == missing["detail"], "not even its existence shows"
    assert (await author.client.get(path)).json() == shown.json()


async def test_nobody_changes_the_posts_of_others(author: Account, reader: Account) -> None:
    post = await author.writes()
    before = (await author.client.get(f"/posts/{post.id}")).json()

    for response in (
        await reader.client.patch(f"/posts/{post.id}", json={"title": "Mine"}),
        await reader.client.delete(f"/posts/{post.id}"),
        await reader.client.get(f"/users/me/posts/{post.id}"),
    ):
        assert_problem(response, 403, "not_post_owner")

    assert (await author.client.get(f"/posts/{post.id}")).json() == before


async def test_a_post_is_changed_field_by_field(author: Account) -> None:
    post = await author.writes(title="Old", body="Old")
    before = (await author.client.get(f"/posts/{post.id}")).json()

    changed = (await author.client.patch(f"/posts/{post.id}", json={"title": " New "})).json()

    assert changed == {**before, "title": "New", "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > before["updated_at"]
    assert (await author.client.get(f"/posts/{post.id}")).json() == changed


async def test_changing_nothing_changes_nothing(author: Account) -> None:
    post = await author.writes()
    before = (await author.client.get(f"/posts/{post.id}")).json()

    assert (await author.client.patch(f"/posts/{post.id}", json={})).json() == before


async def test_parallel_changes_of_different_fields_lose_nothing(author: Account) -> None:
    post = await author.writes(status="draft")
    changes = {"title": "New title", "body": "New body", "status": "published"}

    responses = await asyncio.gather(
        *(author.client.patch(f"/posts/{post.id}", json={key: changes[key]}) for key in changes)
    )

    assert [response.status_code for response in responses] == [200, 200, 200]
    now = (await author.client.get(f"/posts/{post.id}")).json()
    assert {key: now[key] for key in changes} == changes


async def test_publishing_dates_a_post_once(author: Account) -> None:
    draft = {"title": "Title", "body": "Body", "status": "draft"}
    path = f"/posts/{(await author.client.post('/posts', json=draft)).json()['id']}"

    async def publish(status: str) -> dict[str, Any]:
        changed: dict[str, Any] = (await author.client.patch(path, json={"status": status})).json()
        return changed

    published = await publish("published")
    hidden = await publish("draft")
    again = await publish("published")

    assert published["published_at"] is not None
    assert hidden["published_at"] == published["published_at"]
    assert again["published_at"] == published["published_at"]


async def test_a_post_can_be_hidden_again(client: httpx2.AsyncClient, author: Account) -> None:
    post = await author.writes()

    await author.client.patch(f"/posts/{post.id}", json={"status": "draft"})

    assert_problem(await client.get(f"/posts/{post.id}"), 404, "post_not_found")
    assert (await client.get("/posts")).json()["items"] == []


async def test_a_deleted_post_is_gone_with_its_likes(author: Account, reader: Account) -> None:
    post = await author.writes()
    await reader.likes(post)

    response = await author.client.delete(f"/posts/{post.id}")

    assert response.status_code == 204
    for client in (author.client, reader.client):
        assert_problem(await client.get(f"/posts/{post.id}"), 404, "post_not_found")
    again = await author.client.delete(f"/posts/{post.id}")
    assert_problem(again, 404, "post_not_found")


async def test_changing_a_post_while_it_is_deleted_is_no_server_error(author: Account) -> None:
    for _ in range(5):
        post = await author.writes()
        deleted, changed = await asyncio.gather(
            author.client.delete(f"/posts/{post.id}"),
            author.client.patch(f"/posts/{post.id}", json={"title": "Too late"}),
        )
        assert deleted.status_code == 204
        assert changed.status_code in {200, 404}, changed.text


async def test_reading_ones_own_post_is_logged_after_the_response(
    author: Account, caplog: pytest.LogCaptureFixture
) -> None:
    draft = await author.writes(status="draft")

    with caplog.at_level(logging.INFO, "src.posts.service"):
        response = await author.client.get(f"/users/me/posts/{draft.id}")

    assert response.status_code == 200
    assert response.json()["body"] == draft.body
    assert "author_id" not in response.json()
    assert f"User {author.id} opened post {draft.id}" in caplog.messages


async def test_a_refused_reading_is_not_logged(
    author: Account, reader: Account, caplog: pytest.LogCaptureFixture
) -> None:
    post = await author.writes()

    with caplog.at_level(logging.INFO, "src.posts.service"):
        await reader.client.get(f"/users/me/posts/{post.id}")

    assert not [message for message in caplog.messages if "opened" in message]
