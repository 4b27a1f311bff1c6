"""How long reads take in databases of several sizes: run inside a project.

Prints JSON: for each read the median milliseconds by size. The services are called as routes call
them, without HTTP around them, which takes the same time for any size and would hide what grows.
Sizes and reads take turns, so that a noisy machine is noisy for all of them.
"""

import argparse
import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from src.comments import service as comments_service
from src.config import database_settings
from src.database import Database, open_database
from src.main import tune_garbage_collector
from src.pagination import PAGE_SIZE, Page, PageParams, encode_cursor
from src.posts import service as posts_service
from src.posts.schemas import PostFilters
from src.profiles import service as profiles_service

import population
from population import COMMON, LESS_COMMON, NUMBERS, READERS, UNCOMMON, VERY_COMMON

WARM_UP = 10  # rounds
BELONGS_TO = '["posts", "newest", null, null]'
WORDS = population.vocabulary()
PHRASE = f'"{WORDS[VERY_COMMON - 1]} {WORDS[COMMON - 1]}"'
BOTH = f"{WORDS[COMMON - 1]} {WORDS[LESS_COMMON - 1]}"
RARE_WORDS, BUSY_AUTHORS = 7, 3  # that take turns

Times = dict[str, dict[int, list[float]]]  # milliseconds, by read and size


@dataclass(frozen=True)
class Sized:
    """A database with so many posts."""

    database: Database
    posts: int
    middle: str  # the cursor after half of them

    async def listed(self, **filters: Any) -> Page[Any]:
        chosen = PostFilters.model_validate(filters)
        return await posts_service.get_posts_with_stats(self.database, filters=chosen)

    async def feed(self, number: int) -> Page[Any]:
        reader = population.accounts_for(self.posts) - number % READERS
        return await profiles_service.get_feed(self.database, user_id=reader, params=PageParams())

    async def thread(self) -> Page[Any]:
        return await comments_service.get_comments(self.database, post_id=1, params=PageParams())


# With the number of a round, as some find something else each time.
READS: dict[str, Callable[[Sized, int], Awaitable[Page[Any]]]] = {
    "list": lambda it, _: it.listed(),
    "list, second half": lambda it, _: it.listed(cursor=it.middle),
    "list, busy author": lambda it, number: it.listed(author=f"user_{1 + number % BUSY_AUTHORS}"),
    "search, rare word": lambda it, number: it.listed(search=_rare(number)),
    "search, rare word, newest": lambda it, number: it.listed(search=_rare(number), sort="newest"),
    "search, word in 1 of 300": lambda it, _: it.listed(search=WORDS[UNCOMMON - 1]),
    "search, word in 1 of 60": lambda it, _: it.listed(search=WORDS[LESS_COMMON - 1]),
    "search, word in 1 of 7": lambda it, _: it.listed(search=WORDS[COMMON - 1]),
    "search, word in 1 of 2": lambda it, _: it.listed(search=WORDS[VERY_COMMON - 1]),
    "search, word in 1 of 2, newest": lambda it, _: it.listed(
        search=WORDS[VERY_COMMON - 1], sort="newest"
    ),
    "search, 1 of 7 and 1 of 60": lambda it, _: it.listed(search=BOTH),
    "search, phrase of common words": lambda it, _: it.listed(search=PHRASE),
    "feed of 50 creators": lambda it, number: it.feed(number),
    "thread of 200 comments": lambda it, _: it.thread(),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("databases", nargs="+", metavar="SIZE=URL")
    options = parser.parse_args()
    urls = {int(size): url for size, _, url in (it.partition("=") for it in options.databases)}
    times = asyncio.run(_measure(urls, options.rounds))
    print(
        json.dumps(
            {read: {n: median(it) for n, it in sizes.items()} for read, sizes in times.items()}
        )
    )


async def _measure(urls: dict[int, str], rounds: int) -> Times:
    times: Times = defaultdict(lambda: defaultdict(list))
    async with AsyncExitStack() as stack:
        databases = [await _open(stack, url, posts) for posts, url in urls.items()]
        tune_garbage_collector()
        for number in range(-WARM_UP, rounds):
            for name, read in READS.items():
                for database in databases:
                    began = time.perf_counter()
                    page = await read(database, number)
                    took = 1000 * (time.perf_counter() - began)
                    _insist_on_whole(name, page)
                    if number >= 0:
                        times[name][database.posts].append(took)
    return times


async def _open(stack: AsyncExitStack, url: str, posts: int) -> Sized:
    database = await stack.enter_async_context(open_database(url, database_settings))
    query = "SELECT published_at, id FROM post WHERE id = $1"
    row = await database.reads.fetchrow(query, posts // 2)
    return Sized(database, posts, encode_cursor(tuple(row), belongs_to=BELONGS_TO))


def _insist_on_whole(name: str, page: Page[Any]) -> None:
    """See that the read has found what there is, or its time says nothing."""
    expected = NUMBERS["thread"] if name.startswith("thread") else PAGE_SIZE
    # What is searched for may be in few posts, where these are few.
    fewest = 1 if name.startswith("search") else expected
    if not fewest <= len(page.items) <= expected:
        raise AssertionError(f"{name}: {len(page.items)} items instead of {expected}")


def _rare(number: int) -> str:
    return population.rare_word(number % RARE_WORDS)


if __name__ == "__main__":
    main()
