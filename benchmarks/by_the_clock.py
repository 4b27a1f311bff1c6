"""Does now what schedules do at their hours, with digests and storage: run inside a project."""

import asyncio

from src.config import database_settings
from src.database import open_database
from src.media.upkeep import sweep
from src.notifications.digest import promise_digests
from src.services import open_services


async def main() -> None:
    async with (
        open_services() as services,
        open_database(services.database_url, database_settings) as database,
    ):
        await promise_digests(database)
        await sweep(database)


if __name__ == "__main__":
    asyncio.run(main())
