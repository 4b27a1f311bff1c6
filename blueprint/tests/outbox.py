"""What the application has promised to send: its jobs are run here, and their e-mails read."""

from urllib.parse import urlsplit

from pgqueuer.types import QueueExecutionMode

from src.config import database_settings
from src.database import Database, connect
from src.emails.mailbox import Letter, find_letters
from src.worker import queue_on
from tests.servers import Urls


class Outbox:
    """The queue and the mailbox of one test."""

    def __init__(self, database: Database, urls: Urls) -> None:
        self._database = database
        self._url = urls.database

    async def run_jobs(self) -> None:
        """Run every job that is due, until there is none."""
        connection = await connect(self._url, database_settings)
        try:
            await queue_on(connection, self._database).qm.run(mode=QueueExecutionMode.drain)
        finally:
            await connection.close()

    async def letters(self, to: str = "") -> list[Letter]:
        """The e-mails to an address, the newest first, after all jobs."""
        await self.run_jobs()
        return await find_letters(to)

    async def letter(self, to: str) -> Letter:
        """The only e-mail to an address."""
        (letter,) = await self.letters(to)
        return letter

    async def token(self, to: str, page: str) -> str:
        """The token of the newest link to one of the pages that an address was sent."""
        links = [link for letter in await self.letters(to) for link in letter.links]
        return next(
            urlsplit(link).fragment.removeprefix("token=") for link in links if f"/{page}#" in link
        )
