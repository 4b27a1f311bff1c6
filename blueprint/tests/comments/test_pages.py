"""`GET /posts/{post_id}/comments` and `GET /comments/{comment_id}/thread`: bounds and pages."""

import asyncio
from typing import Any

import httpx2
import pytest

from src.comments.constants import LEVELS_SHOWN, REPLIES_SHOWN, THREAD_SIZE
from src.database import Database
from tests.accounts import Account
from tests.comments.factories import comment_row, insert_thread
from tests.comments.model import Model, Parents
from tests.comments.reading import Item, pages, read, walk
from tests.contract import assert_problem, refused_fields
from tests.factories import insert

# A comment with 199 replies below it, as people write them: three to each, down to the fifth level.
THREAD_OF_200: Parents = [None, *((number - 1) // 3 for number in range(1, 200))]


def ids(items: list[Item]) -> list[int]:
    return [item["id"] for item in items]


async def test_without_comments_the_list_is_empty(
    client: httpx2.AsyncClient, author: Account
) -> None:
    post = await author.writes()

    page = await read(client, f"/posts/{post.id}/comments")

    assert page == {"items": [], "next_cursor": None, "comment_count": 0}


async def test_a_thread_of_200_comments_is_one_answer_in_reading_order(
    client: httpx2.AsyncClient, author: Account, database: Database
) -> None:
    post, model = await author.writes(), Model(THREAD_OF_200)
    comments = await insert_thread(database, post, THREAD_OF_200)

    listed = await read(client, f"/posts/{post.id}/comments")
    thread = await read(client, f"/comments/{comments[0]}/thread")

    assert ids(listed["items"]) == [comments[number] for number in model.below(None)]
    assert listed["comment_count"] == 200
    assert thread["items"] == listed["items"]
    assert listed["next_cursor"] is thread["next_cursor"] is None
    assert all(item["more_replies"] == 0 for item in thread["items"])


async def test_a_thread_is_as_deep_as_it_is_shown_and_goes_on_from_there(
    client: httpx2.AsyncClient, author: Account, database: Database
) -> None:
    post = await author.writes()
    comments = await insert_thread(database, post, [None, *range(30)])

    shown = (await read(client, f"/comments/{comments[0]}/thread"))["items"]

    assert ids(shown) == comments[: LEVELS_SHOWN + 1]
    assert [item["more_replies"] for item in shown] == [0] * LEVELS_SHOWN + [1]
    deepest = shown[-1]
    assert deepest["more_cursor"] is None
    deeper = (await read(client, f"/comments/{deepest['id']}/thread"))["items"]
    assert ids(deeper) == comments[LEVELS_SHOWN : 2 * LEVELS_SHOWN + 1]
    assert [item["depth"] for item in deeper] == list(range(LEVELS_SHOWN, 2 * LEVELS_SHOWN + 1))


async def test_hundreds_of_replies_to_one_comment_come_in_pages(
    client: httpx2.AsyncClient, author: Account, database: Database
) -> None:
    post = await author.writes()
    first, second, *replies = await insert_thread(database, post, [None, 0, *([1] * 500)])

    items = (await read(client, f"/comments/{first}/thread"))["items"]

    assert ids(items) == [first, second, *replies[:REPLIES_SHOWN]]
    assert items[1]["more_replies"] == 500 - REPLIES_SHOWN
    rest = await walk(client, f"/comments/{second}/thread", cursor=items[1]["more_cursor"])
    assert ids(rest) == replies[REPLIES_SHOWN:], "each once, and what they reply to not again"


async def test_the_largest_page_is_bounded(
    client: httpx2.AsyncClient, author: Account, database: Database
) -> None:
    post = await author.writes()
    roots, replies = [None] * 120, [number for number in range(120) for _ in range(20)]
    comments = await insert_thread(database, post, [*roots, *replies])

    page = await read(client, f"/posts/{post.id}/comments", limit=100)

    shown = [item for item in page["items"] if item["depth"] == 0]
    assert ids(shown) == comments[:100]
    assert len(page["items"]) == 100 + THREAD_SIZE
    assert {item["more_replies"] for item in shown} == {20 - THREAD_SIZE // 100}, "fairly shared"
    assert page["comment_count"] == len(comments)


@pytest.mark.parametrize("kind", ["posts", "comments"])
async def test_pages_hold_each_comment_once(
    client: httpx2.AsyncClient, author: Account, database: Database, kind: str
) -> None:
    post = await author.writes()
    beginning, *replies = await insert_thread(database, post, [None, *([0] * 6), 1, 1, 4])
    path = f"/comments/{beginning}/thread"
    if kind == "posts":
        await insert_thread(database, post, [None] * 4)
        path = f"/posts/{post.id}/comments"

    shown = [ids(page) async for page in pages(client, path, limit=2)]

    every = [comment for page in shown for comment in page]
    assert len(shown) == 3
    assert len(every) == len(set(every)) == 10 if kind == "comments" else 14
    assert set(replies) < set(every)


@pytest.mark.parametrize("kind", ["posts", "comments"])
async def test_comments_that_appear_meanwhile_neither_repeat_nor_hide_others(
    author: Account, database: Database, kind: str
) -> None:
    post = await author.writes()
    parents: Parents = [None, *([0] * 20), *range(1, 21)]
    if kind == "posts":
        parents = [*([None] * 20), *range(20)]
    there_all_the_time = await insert_thread(database, post, parents)
    beginning = there_all_the_time[0]
    path = f"/comments/{beginning}/thread" if kind == "comments" else f"/posts/{post.id}/comments"
    is_walked = asyncio.Event()

    async def keep_writing() -> None:
        while not is_walked.is_set():
            for parent_id in (None, *there_all_the_time[:3]):
                await insert(database, await reply_to(parent_id))

    async def reply_to(parent_id: int | None) -> Any:
        depth = 0 if parent_id is None else 1
        return comment_row(post.id, author.id, parent_id=parent_id, depth=depth)

    writing = asyncio.create_task(keep_writing())
    seen = ids(await walk(author.client, path, limit=2))
    is_walked.set()
    await writing

    assert len(seen) == len(set(seen))
    assert set(there_all_the_time) <= set(seen)


@pytest.mark.parametrize("limit", ["0", "-1", "101", "x", ""])
async def test_an_impossible_limit_is_refused(
    client: httpx2.AsyncClient, author: Account, database: Database, limit: str
) -> None:
    post = await author.writes()
    (comment,) = await insert_thread(database, post, [None])

    for path in (f"/posts/{post.id}/comments", f"/comments/{comment}/thread"):
        response = await client.get(path, params={"limit": limit})
        assert refused_fields(response) == {"/query/limit"}


async def test_a_cursor_is_good_for_its_own_list_alone(
    client: httpx2.AsyncClient, author: Account, database: Database
) -> None:
    post, other_post = await author.writes(), await author.writes()
    comments = await insert_thread(database, post, [None, None, 0, 0, 1, 1])
    await insert_thread(database, other_post, [None, None])
    paths = [
        f"/posts/{post.id}/comments",
        f"/posts/{other_post.id}/comments",
        f"/comments/{comments[0]}/thread",
        f"/comments/{comments[1]}/thread",
    ]

    for path in paths:
        cursor = (await read(client, path, limit=1))["next_cursor"]
        for other in paths:
            response = await client.get(other, params={"cursor": cursor})
            if other == path:
                assert response.status_code == 200
            else:
                assert_problem(response, 400, "invalid_cursor")


async def test_the_count_is_of_all_pages_and_of_this_post(
    client: httpx2.AsyncClient, author: Account, database: Database
) -> None:
    post, other_post = await author.writes(), await author.writes()
    await insert_thread(database, post, [None, None, 0, 2])
    await insert_thread(database, other_post, [None])
    path = f"/posts/{post.id}/comments"

    first = await read(client, path, limit=1)
    second = await read(client, path, limit=1, cursor=first["next_cursor"])

    assert first["comment_count"] == second["comment_count"] == 4
