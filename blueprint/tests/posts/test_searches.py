"""What a search does when there are very many posts, or very many match."""

from itertools import chain
from typing import Any

import httpx2
import pytest

from src.database import Database
from src.posts.constants import MATCHES_RANKED, POSTS_LOOKED_THROUGH, POSTS_NAMED_BY_INDEX
from tests.accounts import Account
from tests.factories import insert
from tests.posts.factories import post_row
from tests.posts.test_lists import walk

# Published by the same author just before another post.
OTHERS = """
INSERT INTO post (author_id, title, body, status, published_at)
SELECT author_id, 'Cooking', $3, 'published', published_at - nth * interval '1 microsecond'
FROM post, generate_series(1, $2::int) AS nth WHERE id = $1
"""
SORTS = ("relevance", "newest", "oldest")


@pytest.fixture
async def many_matches(author: Account) -> None:
    """As many as are ranked together, and one more, which is the oldest and the best."""
    best = post_row(author.id, title="Turing", body="Turing, Turing.")
    others = [post_row(author.id, title="Match", body="Turing.") for _ in range(MATCHES_RANKED)]
    await insert(author.app.state["database"], best, *others)


@pytest.mark.usefixtures("many_matches")
async def test_by_relevance_the_newest_matches_come_first(client: httpx2.AsyncClient) -> None:
    found = await walk(client, search="turing", limit=70)

    assert len({item["id"] for item in found}) == len(found) == MATCHES_RANKED + 1
    assert [item["title"] for item in found[-2:]] == ["Match", "Turing"]


@pytest.mark.usefixtures("many_matches")
@pytest.mark.parametrize("sort", ["newest", "oldest"])
async def test_by_date_all_matches_are_listed(client: httpx2.AsyncClient, sort: str) -> None:
    found = await walk(client, search="turing", sort=sort, limit=100)

    assert len(found) == MATCHES_RANKED + 1
    assert found[-1 if sort == "newest" else 0]["title"] == "Turing"


async def spread(author: Account, *, among: str, posts: int, **fields: Any) -> list[int]:
    """Three posts with two times so many others between: their ids, the oldest first."""
    ids = [(await author.writes(**fields)).id for _ in range(3)]
    database: Database = author.app.state["database"]
    for id_ in ids[1:]:
        await database.reads.execute(OTHERS, id_, posts, among)
    await database.reads.execute("ANALYZE post")
    return ids


@pytest.mark.parametrize("sort", SORTS)
async def test_rare_matches_are_on_one_page_however_far_apart(
    client: httpx2.AsyncClient, author: Account, sort: str
) -> None:
    ids = await spread(author, title="Turing", among="Onions.", posts=POSTS_LOOKED_THROUGH)

    page = (await client.get("/posts", params={"search": "turing", "sort": sort})).json()

    # They match alike: by relevance the newer ones come first.
    assert [item["id"] for item in page["items"]] == (ids if sort == "oldest" else ids[::-1])
    assert page["next_cursor"] is None


@pytest.mark.parametrize("sort", SORTS)
async def test_a_phrase_of_common_words_is_found_page_by_page(
    client: httpx2.AsyncClient, author: Account, sort: str
) -> None:
    common = {"body": "A red fox.", "among": "A fox, and it is red."}
    ids = await spread(author, posts=POSTS_NAMED_BY_INDEX, **common)

    pages, params = [], {"search": '"red fox"', "sort": sort}
    while "cursor" not in params or params["cursor"]:
        page = (await client.get("/posts", params=params)).json()
        pages.append([item["id"] for item in page["items"]])
        params["cursor"] = page["next_cursor"]

    assert list(chain.from_iterable(pages)) == (ids if sort == "oldest" else ids[::-1])
    assert len(pages) == (3 + 2 * POSTS_NAMED_BY_INDEX) // POSTS_LOOKED_THROUGH + 1
    assert [] in pages
