"""What can be done with notifications. Other domains tell of deeds in their own work."""

import json
from collections.abc import Collection, Iterable
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import exceptions as auth_exceptions
from src.database import Database
from src.notifications import snapshots
from src.notifications.constants import (
    DEFAULT_CHANNEL,
    PATH_MAX_LENGTH,
    TEXT_MAX_LENGTH,
    Channel,
    Kind,
)
from src.notifications.exceptions import NotificationNotFound
from src.notifications.models import Notification, NotificationPreference
from src.notifications.schemas import NotificationGroup, NotificationPage, Subject
from src.notifications.statements import (
    CHANNELS,
    GROUP_PAGE,
    IS_GROUP,
    IS_UNREAD,
    NOTIFY,
    SNAPSHOT,
    UNREAD_COUNT,
    locked,
    mark_as_read,
)
from src.pagination import NEWEST, PageParams, split_page, start_of
from src.schemas import MAX_BIGINT

_groups = TypeAdapter(list[NotificationGroup])


async def notify(
    session: AsyncSession,
    *,
    kind: Kind,
    user_id: int,
    actor_id: int | None,
    subject: Subject,
    source_id: int | None = None,
) -> None:
    """Tell a user what `actor_id` did with something of theirs, once the session is committed.

    Nobody is told of their own deeds, nor twice of the same one. What can be done many times, such
    as a comment, is told apart by `source_id`. One statement, which waits for nobody.
    """
    await notify_all(
        session,
        kind=kind,
        user_ids=[user_id],
        actor_id=actor_id,
        subject=subject,
        source_id=source_id,
    )


async def notify_all(
    session: AsyncSession,
    *,
    kind: Kind,
    user_ids: Iterable[int],
    actor_id: int | None,
    subject: Subject,
    source_id: int | None = None,
    unless: Iterable[Kind] = (),
) -> None:
    """Tell several users in the same way, still in one statement.

    Left out are those who have been told of the same `source_id` by one of the kinds in `unless`.
    """
    others = [user_id for user_id in user_ids if user_id != actor_id]
    if not others:
        return
    await (await session.connection()).execute(
        NOTIFY,
        {
            "of_users": others,
            "of_kind": kind,
            "about": subject.id,
            "actor": actor_id,
            "source": source_id,
            "unless": list(unless),
            "said": _shortened(subject.text),
            "place": subject.path[:PATH_MAX_LENGTH],
        },
    )


async def withdraw(session: AsyncSession, *, kind: Kind, subject_id: int, actor_id: int) -> None:
    """Take back what was told of a deed, as long as it was not read."""
    await _delete(
        session,
        col(Notification.kind) == kind,
        col(Notification.subject_id) == subject_id,
        col(Notification.actor_id) == actor_id,
        col(Notification.read_at).is_(None),
    )


async def forget(
    session: AsyncSession,
    *,
    about: Collection[Kind] = (),
    caused: Collection[Kind] = (),
    thing_id: int,
) -> None:
    """Delete all that was told about something that is gone, or that it was the source of."""
    await _delete(
        session,
        or_(
            and_(col(Notification.kind).in_(about), col(Notification.subject_id) == thing_id),
            and_(col(Notification.kind).in_(caused), col(Notification.source_id) == thing_id),
        ),
    )


async def rename(
    session: AsyncSession, *, about: Collection[Kind], thing_id: int, text: str
) -> None:
    """Have all that was told about something and not been read yet say `text` of it."""
    unread = locked(
        select(col(Notification.id)).where(
            col(Notification.kind).in_(about),
            col(Notification.subject_id) == thing_id,
            IS_UNREAD,
        )
    )
    await (await session.connection()).execute(
        update(Notification).where(col(Notification.id).in_(unread)).values(text=_shortened(text))
    )


async def get_page(database: Database, *, user_id: int, params: PageParams) -> NotificationPage:
    """A page of a user's notifications in groups, those in which something happened last first.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    belongs_to = json.dumps(["notifications", user_id])
    (id_,) = start_of(params, belongs_to=belongs_to, first=NEWEST[1:])
    # Taken first: it may know less than the page, never more.
    as_of = await get_snapshot(database)
    rows = await database.fetch(GROUP_PAGE, of_user=user_id, page_size=params.limit + 1, id=id_)
    items, next_cursor = split_page(rows, limit=params.limit, key=("id",), belongs_to=belongs_to)
    return NotificationPage(
        items=_groups.validate_python([{**item, "group": name_of(item)} for item in items]),
        next_cursor=next_cursor,
        as_of=snapshots.encode_snapshot(as_of, user_id=user_id),
    )


async def get_snapshot(database: Database) -> str:
    """What is known now."""
    row = await database.fetch_one(SNAPSHOT)
    assert row  # noqa: S101  (a SELECT without FROM has a row)
    return str(row["snapshot"])


async def count_unread(database: Database, *, user_id: int) -> dict[str, int]:
    """How many groups have something unread, and how much in all."""
    return dict(await database.fetch_one(UNREAD_COUNT, of_user=user_id) or {})


async def find_group(database: Database, *, user_id: int, name: str) -> tuple[Kind, int]:
    """The kind and the subject of a group of the user's.

    Raises:
        NotificationNotFound: they have no such group.
    """
    kind, _, number = name.partition(".")
    if kind not in list(Kind) or not (number.isascii() and number.isdecimal()):
        raise NotificationNotFound
    subject_id = int(number[:20])
    if subject_id > MAX_BIGINT or not await database.fetch_one(
        IS_GROUP, of_user=user_id, of_kind=kind, about=subject_id
    ):
        raise NotificationNotFound
    return Kind(kind), subject_id


async def read(
    session: AsyncSession,
    *,
    user_id: int,
    group: tuple[Kind, int] | None = None,
    up_to: str | None = None,
) -> None:
    """Mark a user's notifications as read: all, or one group; those in a list's `as_of`, or all.

    Raises:
        InvalidCursor: `up_to` is not one that this user was given.
    """
    values: dict[str, Any] = {"of_user": user_id}
    if group is not None:
        values["of_kind"], values["about"] = group
    if up_to is not None:
        values["until"] = snapshots.decode_snapshot(up_to, user_id=user_id)
    statement = mark_as_read(of_group=group is not None, is_bounded=up_to is not None)
    await (await session.connection()).execute(statement, values)


async def get_channels(database: Database, *, user_id: int) -> dict[Kind, Channel]:
    """How a user wants to hear of each kind."""
    rows = await database.fetch(CHANNELS, of_user=user_id)
    chosen = {row["kind"]: Channel(row["channel"]) for row in rows}
    return {kind: chosen.get(kind, DEFAULT_CHANNEL) for kind in Kind}


async def set_channels(
    session: AsyncSession, *, user_id: int, channels: dict[Kind, Channel]
) -> dict[Kind, Channel]:
    """Change how a user wants to hear of some kinds; how of all.

    Raises:
        SessionEnded: the account has been deleted meanwhile.
    """
    table, connection = NotificationPreference, await session.connection()
    if channels:
        rows = [
            {"user_id": user_id, "kind": kind, "channel": channels[kind]}
            for kind in sorted(channels)
        ]
        new = insert(table).values(rows)
        change = new.on_conflict_do_update(
            index_elements=["user_id", "kind"], set_={"channel": new.excluded.channel}
        )
        try:
            await connection.execute(change)
        except IntegrityError as error:  # the account has been deleted meanwhile
            raise auth_exceptions.SessionEnded from error
    stored = await session.exec(
        select(table.kind, table.channel).where(col(table.user_id) == user_id)
    )
    chosen = {kind: Channel(channel) for kind, channel in stored}
    return {kind: chosen.get(kind, DEFAULT_CHANNEL) for kind in Kind}


def name_of(row: Any) -> str:
    """What a group is called outside."""
    return f"{row['kind']}.{row['subject_id']}"


async def _delete(session: AsyncSession, *conditions: ColumnElement[bool]) -> None:
    gone = locked(select(col(Notification.id)).where(*conditions))
    await (await session.connection()).execute(
        delete(Notification).where(col(Notification.id).in_(gone))
    )


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TEXT_MAX_LENGTH else f"{line[: TEXT_MAX_LENGTH - 1]}…"
