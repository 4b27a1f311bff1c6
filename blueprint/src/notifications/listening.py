"""One connection per process that hears of new notifications, and wakes the streams they are for.

PostgreSQL passes a message on when its transaction is committed, and to every process. It only
says *for whom* there is something; streams read it from the table, so that a message that gets lost
loses nothing, and a slow stream collects nothing in memory.
https://www.postgresql.org/docs/current/sql-notify.html
"""

import asyncio
import logging
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from types import FrameType

from src.config import database_settings
from src.database import Connection, DatabaseUnavailable, connect, is_outage
from src.logs import start_log_context
from src.notifications.config import notifications_settings
from src.notifications.exceptions import TooManyStreams
from src.notifications.statements import STREAM

logger = logging.getLogger(__name__)

PAUSE = 0.5  # seconds before PostgreSQL is asked again
PAUSE_AFTER_FAULT = 2.0
ASK_EVERY = 15.0  # seconds between two signs of life from the server
RETRY_AFTER = 5  # seconds
LOOKS_AT_ONCE = 4


class Subscription:
    """What one stream waits for, and its turn to look for it."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self.turns = turns
        self.has_news = asyncio.Event()
        self.is_over = False

    async def wait(self, seconds: float) -> bool:
        """Return when there may be news, at the latest after `seconds`; whether to go on."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.has_news.wait(), seconds)
        self.has_news.clear()
        return not self.is_over


class Streams:
    """The open streams of a process, by user."""

    def __init__(self) -> None:
        self.of_user: dict[int, set[Subscription]] = {}
        # However many wake up at once, most connections are left to requests.
        self._turns = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._is_ending = False

    @contextmanager
    def subscribe(self, user_id: int) -> Iterator[Subscription]:
        """Hear of what is new for a user while the block lasts.

        Raises:
            TooManyStreams: the user has enough of them in this process.
        """
        subscription = Subscription(self._turns)
        subscription.is_over = self._is_ending
        others = self.of_user.setdefault(user_id, set())
        if len(others) >= notifications_settings.streams_max:
            raise TooManyStreams(retry_after=RETRY_AFTER)
        others.add(subscription)
        try:
            yield subscription
        finally:
            others.discard(subscription)
            if not others:
                self.of_user.pop(user_id, None)

    def wake(self, user_id: int) -> None:
        for subscription in self.of_user.get(user_id, ()):
            subscription.has_news.set()

    def wake_all(self) -> None:
        for user_id in self.of_user:
            self.wake(user_id)

    def end(self) -> None:
        """Have every stream end, and those that still begin."""
        self._is_ending = True
        for subscriptions in self.of_user.values():
            for subscription in subscriptions:
                subscription.is_over = True
        self.wake_all()


@asynccontextmanager
async def open_streams(database_url: str) -> AsyncIterator[Streams]:
    """The streams of this process, which hear of news as long as the block lasts."""
    streams = Streams()
    listener = asyncio.create_task(_listen(streams, database_url))
    try:
        with _at_signal(streams.end):
            yield streams
    finally:
        streams.end()
        listener.cancel()
        await asyncio.wait({listener})


async def _listen(streams: Streams, database_url: str) -> None:
    """Listen for ever; whenever PostgreSQL has been away, begin anew."""
    start_log_context()
    is_away = False
    while True:
        pause = PAUSE
        try:
            connection = await connect(database_url, database_settings)
            if is_away:
                logger.info("Streams hear of notifications again")
            is_away = False
            await _hear(streams, connection)
        except Exception as error:
            if not (isinstance(error, DatabaseUnavailable) or is_outage(error)):
                logger.exception("Listening for notifications has failed, and begins anew")
                pause = PAUSE_AFTER_FAULT
            elif not is_away:
                logger.warning("Streams hear of no notifications for a moment: %r", error)
                is_away = True
        await asyncio.sleep(pause)


async def _hear(streams: Streams, connection: Connection) -> None:
    """Pass messages on until the connection ends.

    Raises:
        OSError: it has ended.
    """
    is_closed = asyncio.Event()

    def hear(_: object, __: int, ___: str, payload: object) -> None:
        streams.wake(int(str(payload)))

    try:
        connection.add_termination_listener(lambda _: is_closed.set())
        await connection.add_listener(STREAM, hear)
        streams.wake_all()  # for what was said while nobody listened
        while not is_closed.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(is_closed.wait(), ASK_EVERY)
                continue
            # A server that has vanished says nothing by itself.
            await connection.execute("SELECT 1")
        raise ConnectionResetError("the connection was closed")
    finally:
        connection.terminate()


@contextmanager
def _at_signal(end: Callable[[], None]) -> Iterator[None]:
    """Call `end` as soon as the process is told to stop, besides what happens anyway.

    The server ends the lifespan only after the last response, and a stream would go on for ever.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(end)
        handler = before[signal.Signals(number)]
        assert callable(handler)  # noqa: S101  (narrows the type)
        handler(number, frame)

    ours = [number for number, handler in before.items() if callable(handler)]
    for number in ours:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
