"""Where PostgreSQL and Redis are: where the settings say, or embedded servers for local work."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from src.config import DATA_DIR, SettingsError, database_settings, redis_settings, settings


@dataclass(frozen=True, slots=True)
class ServiceUrls:
    database_url: str
    redis_url: str


@contextmanager
def using_services() -> Iterator[ServiceUrls]:
    """The services' URLs; embedded servers live at least as long as the block.

    Raises:
        SettingsError: outside local work, a URL is missing.
    """
    database_url, redis_url = database_settings.url, redis_settings.url
    if database_url and redis_url:
        yield ServiceUrls(database_url.get_secret_value(), redis_url.get_secret_value())
        return
    if not settings.is_local:
        missing = [
            name
            for name, value in (("DATABASE_URL", database_url), ("REDIS_URL", redis_url))
            if not value
        ]
        raise SettingsError(f"Set {' and '.join(missing)}: embedded servers are for local work.")
    from src.embedded import acquire  # noqa: PLC0415  (its servers are not installed elsewhere)

    embedded = acquire(DATA_DIR)
    try:
        yield ServiceUrls(
            database_url.get_secret_value() if database_url else embedded.database_url,
            redis_url.get_secret_value() if redis_url else embedded.redis_url,
        )
    finally:
        embedded.release()


@asynccontextmanager
async def open_services() -> AsyncIterator[ServiceUrls]:
    """`using_services` for the event loop, which waits elsewhere for servers to start."""
    services = using_services()
    urls = await asyncio.to_thread(services.__enter__)
    try:
        yield urls
    finally:
        await asyncio.to_thread(services.__exit__, None, None, None)
