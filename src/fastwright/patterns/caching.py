"""caching: what many read is kept, and never shown once a write has made it untrue."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step

_CALLS = (
    *("cachetools.TTLCache", "cachetools.LRUCache", "cachetools.cached", "async_lru.alru_cache"),
    *("aiocache.cached", "aiocache.Cache", "cashews.cache"),
    *("fastapi_cache.decorator.cache", "fastapi_cache.FastAPICache.init"),
    *(
        f"redis.{module}Redis.{name}"
        for module in ("", "asyncio.")
        for name in ("get", "mget", "set", "setex", "eval")
    ),
)


def places(application: Application) -> Iterator[Step]:
    """Yield where something is kept, or asked for."""
    yield from sightings.calls(application, _CALLS, "calls `{}`")


PATTERN = Pattern(
    question="How do I cache responses, and when are they dropped?",
    answer=(
        "First measure: a query with the right index is often as fast as a question to Redis. Keep "
        "whole answers that many read and everybody may see, as the bytes that are sent. Give each "
        "entry tags, and let whoever writes close the tags before the commit and open them after "
        "it: dropped only before, the entry is filled with old rows again; dropped only after, it "
        "is shown a moment too long. Let one reader fill an entry while others wait, and answer "
        "from the database whenever Redis is away. An end of life is the net below, not the rule."
    ),
    parts=(
        Part(
            "The first page comes from the `cache`, with the tags that it depends on.",
            "src/posts/service.py",
            ("get_posts_as_json",),
        ),
        Part(
            "A write marks its tags around the commit, and closes the cache where it cannot.",
            "src/cache/invalidation.py",
            ("invalidate", "_marking"),
        ),
        Part(
            "Who reads gets the `Cache` as a dependency.",
            "src/cache/reading.py",
            ("PublicCache",),
        ),
    ),
    otherwise=(
        "Where a minute of delay harms nobody, an end of life alone is enough and simpler: "
        "`Cache-Control` lets browsers and proxies do it. `lru_cache` is for what never changes "
        "while the process runs; each worker has its own."
    ),
    keywords=(
        "cache caching cached redis ttl invalidate invalidation stale stampede memoize lru_cache "
        "fastapi-cache response etag memcached expire"
    ),
    practices=("async_routes/no-blocking-call", "database/no-query-in-loop"),
    places=places,
)
