"""One's own notifications: listed, streamed, marked as read; and which of them one wants."""

from collections.abc import AsyncIterable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, status
from fastapi.sse import EventSourceResponse, ServerSentEvent

from src.auth import dependencies as auth_dependencies
from src.database import DbReads, DbSession
from src.exceptions import raises
from src.notifications import service, streaming
from src.notifications.dependencies import (
    READ,
    Marker,
    OpenSubscription,
    Reader,
    UpTo,
    ValidGroup,
    ValidPlace,
)
from src.notifications.schemas import (
    NotificationPage,
    Preferences,
    PreferencesUpdate,
    UnreadCount,
)
from src.pagination import InvalidCursor, PageParams

router = APIRouter(prefix="/notifications", tags=["Notifications"])


@router.get("/unread-count", response_model=UnreadCount, summary="Count what is unread")
async def count_unread(user: Reader, database: DbReads) -> Any:
    return await service.count_unread(database, user_id=user.id)


@router.get("", summary="List one's notifications")
@raises(InvalidCursor)
async def get_notifications(
    user: Reader, database: DbReads, params: Annotated[PageParams, Query()]
) -> NotificationPage:
    """Those of a kind about the same thing are one entry, sorted by the latest of them."""
    return await service.get_page(database, user_id=user.id, params=params)


@router.get(
    "/stream", response_class=EventSourceResponse, summary="Hear of notifications as they happen"
)
async def stream_notifications(
    request: Request,
    database: DbReads,
    subscription: OpenSubscription,
    place: ValidPlace,
) -> AsyncIterable[ServerSentEvent]:
    """Server-sent events of the type `notification`; the first one only tells where it begins.

    Send the id of the last one as `Last-Event-ID` to go on from there: nothing is lost or repeated.
    It ends with the session, and after a while all the same: come back then.
    """
    insist = partial(auth_dependencies.insist_on_token, request, READ)
    async for event in streaming.follow(database, subscription, place=place, insist=insist):
        yield event


@router.put(
    "/{group}/read", status_code=status.HTTP_204_NO_CONTENT, summary="Mark an entry as read"
)
@raises(InvalidCursor)
async def read_group(
    user: Marker, group: ValidGroup, session: DbSession, up_to: UpTo = None
) -> None:
    await service.read(session, user_id=user.id, group=group, up_to=up_to)


@router.post("/read-all", status_code=status.HTTP_204_NO_CONTENT, summary="Mark everything as read")
@raises(InvalidCursor)
async def read_all(user: Marker, session: DbSession, up_to: UpTo = None) -> None:
    await service.read(session, user_id=user.id, up_to=up_to)


@router.get("/preferences", summary="How does one hear of what?")
async def get_preferences(user: Reader, database: DbReads) -> Preferences:
    return Preferences(channels=await service.get_channels(database, user_id=user.id))


@router.patch("/preferences", summary="Change how one hears of what")
async def update_preferences(
    user: Marker, changes: PreferencesUpdate, session: DbSession
) -> Preferences:
    channels = await service.set_channels(
        session,
        user_id=user.id,
        channels=changes.model_dump(exclude_unset=True).get("channels", {}),
    )
    return Preferences(channels=channels)
