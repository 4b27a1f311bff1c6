"""Whose notifications: one's own, by a login or a token for them."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request, Security

from src.auth import constants as auth_constants
from src.auth import dependencies as auth_dependencies
from src.auth import schemas as auth_schemas
from src.database import DbReads
from src.exceptions import raises
from src.notifications import service
from src.notifications.constants import Kind
from src.notifications.exceptions import NotificationNotFound, TooManyStreams
from src.notifications.listening import Streams, Subscription
from src.notifications.streaming import Place, find_place
from src.pagination import InvalidCursor

READ = auth_constants.Scope.NOTIFICATIONS_READ

Reader = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(auth_dependencies.get_current_active_user, scopes=[READ]),
]
Marker = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(
        auth_dependencies.get_current_active_user,
        scopes=[auth_constants.Scope.NOTIFICATIONS_WRITE],
    ),
]
GroupName = Annotated[str, Path(max_length=100)]
UpTo = Annotated[
    str | None,
    Query(max_length=4_096, description="The `as_of` of a list: what came after stays unread"),
]


@raises(NotificationNotFound)
async def valid_group(user: Marker, group: GroupName, database: DbReads) -> tuple[Kind, int]:
    """A group of the user's own, by its name."""
    return await service.find_group(database, user_id=user.id, name=group)


@raises(InvalidCursor)
async def valid_place(
    user: Reader,
    database: DbReads,
    last_event_id: Annotated[
        str | None, Header(max_length=32_768, description="Where the last stream ended")
    ] = None,
) -> Place:
    """Where a stream begins."""
    return await find_place(database, user_id=user.id, last_event_id=last_event_id)


@raises(TooManyStreams)
async def open_subscription(request: Request, user: Reader) -> AsyncIterator[Subscription]:
    """Open until the stream's last byte was sent, or its reader has gone."""
    streams: Streams = request.state.streams
    with streams.subscribe(user.id) as subscription:
        yield subscription


ValidGroup = Annotated[tuple[Kind, int], Depends(valid_group)]
ValidPlace = Annotated[Place, Depends(valid_place)]
OpenSubscription = Annotated[Subscription, Depends(open_subscription)]
