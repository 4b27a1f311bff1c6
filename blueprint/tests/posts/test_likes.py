"""`PUT` and `DELETE /posts/{post_id}/like`."""

import asyncio

import httpx2

from src.posts.models import Post
from tests.accounts import Account, create_account
from tests.clients import RunningApp
from tests.contract import assert_problem


async def like_count(client: httpx2.AsyncClient, post: Post) -> int:
    count: int = (await client.get(f"/posts/{post.id}")).json()["like_count"]
    listed = (await client.get("/posts")).json()["items"]
    assert [item["like_count"] for item in listed if item["id"] == post.id] == [count]
    return count


async def test_liking_twice_is_liking_once(author: Account, reader: Account) -> None:
    post = await author.writes()

    for _ in range(2):
        response = await reader.client.put(f"/posts/{post.id}/like")
        assert response.status_code == 204
        assert response.content == b""

    assert await like_count(reader.client, post) == 1


async def test_a_like_is_taken_back_and_none_is_no_error(author: Account, reader: Account) -> None:
    post = await author.writes()
    await author.likes(post)
    await reader.likes(post)

    for _ in range(2):
        response = await reader.client.delete(f"/posts/{post.id}/like")
        assert response.status_code == 204

    assert await like_count(reader.client, post) == 1


async def test_one_may_like_ones_own_post_even_a_draft(author: Account) -> None:
    draft = await author.writes(status="draft")

    response = await author.client.put(f"/posts/{draft.id}/like")

    assert response.status_code == 204


async def test_a_missing_post_cannot_be_liked(reader: Account) -> None:
    assert_problem(await reader.client.put("/posts/1/like"), 404, "post_not_found")
    assert_problem(await reader.client.delete("/posts/1/like"), 404, "post_not_found")


async def test_parallel_likes_and_unlikes_give_the_exact_count(app: RunningApp) -> None:
    readers = await asyncio.gather(*(create_account(app) for _ in range(100)))
    post = await readers[0].writes()
    path = f"/posts/{post.id}/like"

    likes = await asyncio.gather(*(reader.client.put(path) for reader in readers))
    assert {response.status_code for response in likes} == {204}
    assert await like_count(app.client(), post) == 100

    changes = [reader.client.delete(path) for reader in readers[:40]]
    changes += [reader.client.put(path) for reader in readers[40:]]
    responses = await asyncio.gather(*changes)
    assert {response.status_code for response in responses} == {204}
    assert await like_count(app.client(), post) == 60


async def test_parallel_likes_of_one_reader_count_once(author: Account, reader: Account) -> None:
    post = await author.writes()

    responses = await asyncio.gather(
        *(reader.client.put(f"/posts/{post.id}/like") for _ in range(50))
    )

    assert {response.status_code for response in responses} == {204}
    assert await like_count(reader.client, post) == 1


async def test_liking_while_the_post_is_deleted_is_no_server_error(
    author: Account, reader: Account
) -> None:
    for _ in range(10):
        post = await author.writes()
        liked, deleted = await asyncio.gather(
            reader.client.put(f"/posts/{post.id}/like"), author.client.delete(f"/posts/{post.id}")
        )
        assert liked.status_code in {204, 404}, liked.text
        assert deleted.status_code == 204


async def test_one_who_likes_a_post_many_times_at_once_likes_it_once(
    author: Account, reader: Account
) -> None:
    post = await author.writes()

    await asyncio.gather(*(reader.client.put(f"/posts/{post.id}/like") for _ in range(20)))

    assert (await author.client.get(f"/posts/{post.id}")).json()["like_count"] == 1
