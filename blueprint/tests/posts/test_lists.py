"""`GET /posts`: what is in a list, in which order, page by page."""

import asyncio
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.pagination import CURSOR_MAX_LENGTH
from tests.accounts import Account
from tests.contract import assert_problem, refused_fields
from tests.factories import FIRST_MOMENT, insert
from tests.fixtures import CreateAccount
from tests.posts.factories import post_row


async def titles(client: httpx2.AsyncClient, **params: Any) -> list[str]:
    response = await client.get("/posts", params=params)
    assert response.status_code == 200, response.text
    return [item["title"] for item in response.json()["items"]]


async def walk(client: httpx2.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    """The items of all pages."""
    items: list[dict[str, Any]] = []
    while True:
        page = (await client.get("/posts", params=params)).json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        params["cursor"] = page["next_cursor"]


async def test_without_posts_the_list_is_empty(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/posts")).json() == {"items": [], "next_cursor": None}


async def test_a_list_has_stats_and_no_bodies(
    client: httpx2.AsyncClient, author: Account, reader: Account
) -> None:
    liked, unliked = await author.writes(title="Liked"), await author.writes(title="Unliked")
    await author.likes(liked)
    await reader.likes(liked)

    items = (await client.get("/posts")).json()["items"]

    assert [(item["id"], item["like_count"]) for item in items] == [(unliked.id, 0), (liked.id, 2)]
    assert {item["author"] for item in items} == {author.username}
    assert set(items[0]) == {
        "id",
        "title",
        "author",
        "like_count",
        "status",
        "published_at",
        "created_at",
        "updated_at",
    }


async def test_lists_are_sorted_by_time_of_publication(
    client: httpx2.AsyncClient, author: Account
) -> None:
    for title in ("first", "second", "third"):
        await author.writes(title=title)

    assert await titles(client) == ["third", "second", "first"]
    assert await titles(client, sort="newest") == ["third", "second", "first"]
    assert await titles(client, sort="oldest") == ["first", "second", "third"]


async def test_drafts_are_in_no_list(author: Account) -> None:
    await author.writes(title="Draft on computable numbers", status="draft")
    await author.writes(title="Published")

    assert await titles(author.client) == ["Published"]
    assert await titles(author.client, author=author.username) == ["Published"]
    assert await titles(author.client, search="computable") == []


async def test_a_list_can_be_of_one_author(
    client: httpx2.AsyncClient, author: Account, reader: Account
) -> None:
    await author.writes(title="Mine")
    await reader.writes(title="Theirs")

    assert await titles(client, author=author.username) == ["Mine"]
    assert await titles(client, author=author.username.upper()) == ["Mine"]
    assert await titles(client, author="nobody") == []


@pytest.mark.parametrize("sort", ["newest", "oldest"])
async def test_pages_hold_each_post_once(
    client: httpx2.AsyncClient, author: Account, sort: str
) -> None:
    same_moment = [post_row(author.id, published_at=FIRST_MOMENT) for _ in range(7)]
    await insert(author.app.state["database"], *same_moment)

    items = await walk(client, limit=3, sort=sort)

    ids = [item["id"] for item in items]
    assert ids == sorted((post.id for post in same_moment), reverse=sort == "newest")


async def test_a_full_last_page_has_no_next_one(
    client: httpx2.AsyncClient, author: Account
) -> None:
    for _ in range(4):
        await author.writes()

    first = (await client.get("/posts", params={"limit": 2})).json()
    params = {"limit": 2, "cursor": first["next_cursor"]}
    second = (await client.get("/posts", params=params)).json()

    assert len(second["items"]) == 2
    assert second["next_cursor"] is None


async def test_posts_that_appear_and_vanish_neither_repeat_nor_hide_others(
    client: httpx2.AsyncClient, author: Account
) -> None:
    there_all_the_time = {(await author.writes()).id for _ in range(30)}
    is_walked = asyncio.Event()

    async def keep_writing() -> None:
        while not is_walked.is_set():
            post = await author.writes()
            await author.client.delete(f"/posts/{post.id}")
            await author.writes(published_at=FIRST_MOMENT)
            await author.writes()

    writing = asyncio.create_task(keep_writing())
    items = await walk(client, limit=4)
    is_walked.set()
    await writing

    ids = [item["id"] for item in items]
    assert len(ids) == len(set(ids)), "none repeats"
    assert there_all_the_time <= set(ids), "none is hidden"


@pytest.mark.parametrize("limit", ["0", "-1", "101", "many", "1.5", "9" * 30, ""])
async def test_an_impossible_limit_is_refused(client: httpx2.AsyncClient, limit: str) -> None:
    assert refused_fields(await client.get("/posts", params={"limit": limit})) == {"/query/limit"}


async def test_a_page_has_twenty_posts_and_at_most_a_hundred(
    client: httpx2.AsyncClient, author: Account
) -> None:
    rows = [post_row(author.id) for _ in range(101)]
    await insert(author.app.state["database"], *rows)

    assert len(await titles(client)) == 20
    assert len(await titles(client, limit=100)) == 100


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"sort": "best"}, "sort"),
        ({"author": "a b"}, "author"),
        ({"author": "ab"}, "author"),
        ({"search": ""}, "search"),
        ({"search": " "}, "search"),
        ({"search": "x" * 201}, "search"),
        ({"search": "nul\x00"}, "search"),
        ({"cursor": "x" * (CURSOR_MAX_LENGTH + 1)}, "cursor"),
    ],
)
async def test_an_impossible_filter_is_refused(
    client: httpx2.AsyncClient, params: dict[str, str], field: str
) -> None:
    assert refused_fields(await client.get("/posts", params=params)) == {f"/query/{field}"}


async def test_relevance_without_a_search_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.get("/posts", params={"sort": "relevance"})

    assert_problem(response, 422, "relevance_needs_search")


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "ä", "===", "a" * 512, "\x00"])
async def test_a_made_up_cursor_is_refused(client: httpx2.AsyncClient, cursor: str) -> None:
    response = await client.get("/posts", params={"cursor": cursor})

    assert_problem(response, 400, "invalid_cursor")


@pytest.mark.parametrize(
    "other",
    [
        {"sort": "oldest"},
        {"search": "post"},
        {"search": "post", "sort": "newest"},
        {"author": "writer"},
    ],
)
async def test_a_cursor_of_another_list_is_refused(
    client: httpx2.AsyncClient, author: Account, other: dict[str, str]
) -> None:
    for _ in range(2):
        await author.writes()
    page = (await client.get("/posts", params={"limit": 1})).json()

    response = await client.get("/posts", params={**other, "cursor": page["next_cursor"]})

    assert_problem(response, 400, "invalid_cursor")


async def test_a_search_finds_words_by_their_stem(
    client: httpx2.AsyncClient, author: Account
) -> None:
    await author.writes(title="On computable numbers", body="An application to decisions.")
    await author.writes(title="Cooking", body="Onions, mostly.")

    assert await titles(client, search="number") == ["On computable numbers"]
    assert await titles(client, search="COMPUTING decision") == ["On computable numbers"]
    assert await titles(client, search="computable onions") == []


async def test_a_search_understands_phrases_or_and_not(
    client: httpx2.AsyncClient, author: Account
) -> None:
    await author.writes(title="Red fox")
    await author.writes(title="Fox, lazy red")
    await author.writes(title="Brown dog")

    assert await titles(client, search='"red fox"') == ["Red fox"]
    assert set(await titles(client, search="red or dog")) == {
        *("Red fox", "Fox, lazy red", "Brown dog")
    }
    assert await titles(client, search="fox -lazy") == ["Red fox"]


async def test_a_search_shows_the_best_match_first(
    client: httpx2.AsyncClient, author: Account
) -> None:
    await author.writes(title="Turing in the title", body="Nothing more.")
    await author.writes(title="A mention", body="Somewhere, Turing is mentioned.")
    await author.writes(title="Turing and Turing", body="Turing, Turing and Turing.")

    best_first = ["Turing and Turing", "Turing in the title", "A mention"]
    assert await titles(client, search="turing") == best_first
    assert await titles(client, search="turing", sort="relevance") == best_first
    assert await titles(client, search="turing", sort="oldest") == [
        *("Turing in the title", "A mention", "Turing and Turing")
    ]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
async def test_the_pages_of_a_search_hold_each_match_once(
    client: httpx2.AsyncClient, author: Account, sort: str
) -> None:
    for times in (1, 2, 3, 3, 3, 5, 8):
        await author.writes(title="Turing", body="Turing " * times)

    one_page = await walk(client, search="turing", sort=sort, limit=100)
    pages = await walk(client, search="turing", sort=sort, limit=2)

    assert len(one_page) == 7
    assert pages == one_page


@settings(max_examples=30)
@given(search=st.text(min_size=1, max_size=50))
async def test_any_search_is_answered_or_refused(client: httpx2.AsyncClient, search: str) -> None:
    response = await client.get("/posts", params={"search": search.encode(errors="replace")})

    assert response.status_code in {200, 422}, response.text


async def test_a_search_and_an_author_narrow_together(
    client: httpx2.AsyncClient, create: CreateAccount
) -> None:
    ann, ben = await create(), await create()
    for account in (ann, ben):
        await account.writes(title=f"Turing by {account.username}")
        await account.writes(title="Cooking")

    found = await titles(client, search="turing", author=ann.username)

    assert found == [f"Turing by {ann.username}"]
