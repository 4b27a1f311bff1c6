"""What a search does when very many posts match."""

import httpx2
import pytest

from src.database import Database
from src.posts.constants import MATCHES_RANKED, POSTS_LOOKED_THROUGH
from tests.accounts import Account
from tests.factories import insert
from tests.posts.factories import post_row
from tests.posts.test_lists import walk

# Published by the same author just before another post.
OTHERS = """
INSERT INTO post (author_id, title, body, status, published_at)
SELECT author_id, 'Cooking', 'Onions, mostly.', 'published',
    published_at - interval '1 microsecond'
FROM post, generate_series(1, $2::int) WHERE id = $1
"""


@pytest.fixture
async def many_matches(author: Account) -> None:
    """As many as are ranked, and one more, which is the oldest and the best."""
    best = post_row(author.id, title="Turing", body="Turing, Turing.")
    others = [post_row(author.id, title="Match", body="Turing.") for _ in range(MATCHES_RANKED)]
    await insert(author.app.state["database"], best, *others)


@pytest.mark.usefixtures("many_matches")
async def test_by_relevance_the_newest_matches_are_ranked(client: httpx2.AsyncClient) -> None:
    found = await walk(client, search="turing", limit=100)

    assert len(found) == MATCHES_RANKED
    assert "Turing" not in {item["title"] for item in found}


@pytest.mark.usefixtures("many_matches")
@pytest.mark.parametrize("sort", ["newest", "oldest"])
async def test_by_date_all_matches_are_listed(client: httpx2.AsyncClient, sort: str) -> None:
    found = await walk(client, search="turing", sort=sort, limit=100)

    assert len(found) == MATCHES_RANKED + 1
    assert found[-1 if sort == "newest" else 0]["title"] == "Turing"


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
async def test_a_match_is_found_among_very_many_posts_without_one(
    client: httpx2.AsyncClient, author: Account, sort: str
) -> None:
    first, middle, last = [await author.writes(title="Turing") for _ in range(3)]
    database: Database = author.app.state["database"]
    for post in (middle, last):
        await database.reads.execute(OTHERS, post.id, POSTS_LOOKED_THROUGH)

    found = await walk(client, search="turing", sort=sort, limit=1)

    in_order = [first.id, middle.id, last.id]
    assert [item["id"] for item in found] == (in_order if sort == "oldest" else in_order[::-1])
