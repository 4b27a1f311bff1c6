"""A live stream: what is new for a user, exactly once, as long as their token is good.

The id of an event says which notifications its reader has seen, so a stream goes on from it in any
process. It is read from the table page by page: nothing waits in memory for a slow reader, and no
connection to the database is held between two looks.
"""

import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from fastapi.sse import ServerSentEvent

from src.database import Database
from src.exceptions import NotAllowed, NotAuthenticated, ServiceUnavailable
from src.notifications import service
from src.notifications.config import notifications_settings
from src.notifications.listening import Subscription
from src.notifications.schemas import NotificationEvent
from src.notifications.statements import event_page
from src.pagination import InvalidCursor, decode_cursor, encode_cursor

PAGE_SIZE = 100
RETRY = (2_000, 5_000)  # milliseconds: not all come back at once after a restart


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where a stream was read: all that `after` knows, and of `until` the ids to `last_id`.

    Both are snapshots; without `until` nothing was read beyond `after`.
    """

    user_id: int
    after: str
    until: str = ""
    last_id: int = 0

    def __str__(self) -> str:
        return encode_cursor((self.after, self.until, self.last_id), belongs_to=_owner(self))


@dataclass(frozen=True, slots=True)
class _Page:
    events: list[tuple[Place, NotificationEvent]]
    end: Place
    has_more: bool


async def find_place(database: Database, *, user_id: int, last_event_id: str | None) -> Place:
    """Where a stream begins: after the last event that was received, or now.

    Raises:
        InvalidCursor: this user was sent no such event.
        DatabaseUnavailable: the server is away.
    """
    if not last_event_id:
        return Place(user_id, after=await service.get_snapshot(database))
    match decode_cursor(last_event_id, belongs_to=_owner(Place(user_id, after=""))):
        case (str(after), str(until), int(last_id)):
            return Place(user_id, after, until, last_id)
        case _:
            raise InvalidCursor


async def follow(
    database: Database,
    subscription: Subscription,
    *,
    place: Place,
    insist: Callable[[], Awaitable[None]],
) -> AsyncIterator[ServerSentEvent]:
    """What is new after `place`. `insist` raises when the reader's token is no longer good."""
    yield ServerSentEvent(id=str(place), retry=random.randint(*RETRY))  # noqa: S311  (no secret)
    ends_at = time.monotonic() + notifications_settings.stream_lifetime
    subscription.has_news.set()  # what came since `place`
    while (left := ends_at - time.monotonic()) > 0:
        # Spread, so that streams that began together do not look together for ever.
        pause = notifications_settings.stream_check * random.uniform(0.7, 1)  # noqa: S311
        if not await subscription.wait(min(left, pause)):
            return
        has_more = True
        while has_more:
            try:
                async with subscription.turns:
                    page = await _read(database, place)
                    await insist()  # last: nothing that came after the session's end is sent
            except (NotAuthenticated, NotAllowed):
                return
            except ServiceUnavailable:
                break  # the listener wakes all when it is back
            for reached, event in page.events:
                yield ServerSentEvent(id=str(reached), event="notification", data=event)
            place, has_more = page.end, page.has_more


async def _read(database: Database, place: Place) -> _Page:
    values = {
        "of_user": place.user_id,
        "after": place.after,
        "last_id": place.last_id,
        "page_size": PAGE_SIZE,
    }
    if place.until:
        values["until"] = place.until
    rows = await database.fetch(event_page(is_bounded=bool(place.until)), **values)
    until = place.until or (rows[0]["snapshot"] if rows else "")
    events = [
        (
            Place(place.user_id, place.after, until, row["id"]),
            NotificationEvent.model_validate({**row, "group": service.name_of(row)}),
        )
        for row in rows
    ]
    if len(rows) == PAGE_SIZE:
        return _Page(events, end=events[-1][0], has_more=True)
    end = Place(place.user_id, after=until or place.after)
    return _Page(events, end, has_more=bool(place.until))


def _owner(place: Place) -> str:
    return f"notifications stream of {place.user_id}"
