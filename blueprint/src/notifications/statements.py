"""The SQL behind notifications. Groups are made when they are read, and only those of a page."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    String,
    Update,
    and_,
    any_,
    bindparam,
    cast,
    distinct,
    exists,
    func,
    label,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.orm import aliased
from sqlmodel import col

from src.auth import service as auth_service
from src.database import Statement
from src.notifications import snapshots
from src.notifications.constants import NAMES_SHOWN, Channel
from src.notifications.models import Notification, NotificationPreference

STREAM = "notifications"  # PostgreSQL's channel; its messages are ids of users
# Parameters must not have the names of columns: SQLAlchemy keeps those for itself in changes.
USER_ID = bindparam("of_user", type_=BigInteger)
OF_USER = col(Notification.user_id) == USER_ID
IN_GROUP = and_(
    col(Notification.kind) == bindparam("of_kind", type_=String),
    col(Notification.subject_id) == bindparam("about", type_=BigInteger),
)
IS_UNREAD = col(Notification.read_at).is_(None)


def _notify() -> Select[Any]:
    values: dict[str, ColumnElement[Any]] = {
        "kind": bindparam("of_kind", type_=String),
        "subject_id": bindparam("about", type_=BigInteger),
        "actor_id": bindparam("actor", type_=BigInteger),
        "source_id": bindparam("source", type_=BigInteger),
        "text": bindparam("said", type_=String),
        "path": bindparam("place", type_=String),
    }
    # Equal to any of an array, as `IN` is to any of a list.
    recipients: Any = any_(bindparam("of_users", type_=ARRAY(BigInteger)))
    rows = auth_service.staying_account(recipients)
    user_id = rows.selected_columns[0]
    refused = exists().where(
        col(NotificationPreference.user_id) == user_id,
        col(NotificationPreference.kind) == values["kind"],
        col(NotificationPreference.channel) == literal_column(f"'{Channel.OFF}'"),
    )
    other: Any = aliased(Notification)
    told_otherwise = exists().where(
        other.user_id == user_id,
        other.kind == any_(bindparam("unless", type_=ARRAY(String))),
        other.source_id == values["source_id"],
    )
    actor_stays = or_(
        values["actor_id"].is_(None), auth_service.staying_account(values["actor_id"]).exists()
    )
    rows = rows.where(~refused, ~told_otherwise, actor_stays).add_columns(*values.values())
    told = (
        insert(Notification)
        .from_select(["user_id", *values], rows)
        .on_conflict_do_nothing()
        .returning(col(Notification.user_id))
        .cte("told")
    )
    return select(func.pg_notify(STREAM, cast(told.c.user_id, String)))


# Tells those users who want to hear of it, do not know it, and are not being deleted, unless the
# actor is. Who listens hears of it when, and only when, the transaction is committed.
NOTIFY = _notify()

UNREAD_COUNT = Statement(
    select(
        label(
            "groups",
            func.count(distinct(tuple_(col(Notification.kind), col(Notification.subject_id)))),
        ),
        label("notifications", func.count()),
    ).where(OF_USER, IS_UNREAD)
)
SNAPSHOT = Statement(select(label("snapshot", snapshots.current())))
CHANNELS = Statement(
    select(col(NotificationPreference.kind), col(NotificationPreference.channel)).where(
        col(NotificationPreference.user_id) == USER_ID
    )
)
IS_GROUP = Statement(select(literal_column("1")).where(OF_USER, IN_GROUP).limit(1))


def _group_page() -> Statement:
    newer: Any = aliased(Notification)
    member: Any = aliased(Notification)
    is_newest = ~exists().where(_same_group(newer), newer.id > col(Notification.id))
    whole = (
        select(
            label("actor_count", func.count(distinct(member.actor_id))),
            label("is_read", func.bool_and(member.read_at.is_not(None))),
        )
        .where(_same_group(member))
        .lateral("whole")
    )
    page = (
        select(
            col(Notification.id),
            col(Notification.kind),
            col(Notification.subject_id),
            col(Notification.text),
            col(Notification.path),
            label("latest_at", col(Notification.created_at)),
            whole.c.actor_count,
            whole.c.is_read,
            label("actors", _names()),
        )
        .join(whole, true())
        .where(OF_USER, is_newest, col(Notification.id) < bindparam("id", type_=BigInteger))
        .order_by(col(Notification.id).desc())
        .limit(bindparam("page_size", type_=BigInteger))
    )
    return Statement(page)


@cache
def event_page(*, is_bounded: bool) -> Statement:
    """What has happened after a snapshot, and what the reader's own snapshot is.

    Parameters: of_user, after, last_id, page_size and, where it is bounded, until: a snapshot.
    """
    page = (
        select(
            col(Notification.id),
            col(Notification.kind),
            col(Notification.subject_id),
            col(Notification.text),
            col(Notification.path),
            label("actor", auth_service.username_of(col(Notification.actor_id))),
            label("is_read", col(Notification.read_at).is_not(None)),
            col(Notification.created_at),
            label("snapshot", snapshots.current()),
        )
        .where(
            OF_USER,
            snapshots.is_after("after"),
            col(Notification.id) > bindparam("last_id", type_=BigInteger),
        )
        .order_by(col(Notification.id))
        .limit(bindparam("page_size", type_=BigInteger))
    )
    return Statement(page.where(snapshots.is_within("until")) if is_bounded else page)


@cache
def mark_as_read(*, of_group: bool, is_bounded: bool) -> Update:
    """Parameters: of_user and, where they apply, of_kind and about, and until: a snapshot."""
    chosen = select(col(Notification.id)).where(OF_USER, IS_UNREAD)
    if of_group:
        chosen = chosen.where(IN_GROUP)
    if is_bounded:
        chosen = chosen.where(snapshots.is_within("until"))
    return (
        update(Notification)
        .where(col(Notification.id).in_(locked(chosen)))
        .values(read_at=func.now())
    )


def locked(chosen: Select[Any]) -> Select[Any]:
    """The same rows, locked in the order of their ids: nobody waits for another in a circle."""
    return chosen.order_by(col(Notification.id)).with_for_update()


def _same_group(other: Any) -> ColumnElement[bool]:
    return and_(
        other.user_id == col(Notification.user_id),
        other.kind == col(Notification.kind),
        other.subject_id == col(Notification.subject_id),
    )


def _names() -> ColumnElement[Any]:
    """The last people of a group, as an array."""
    member: Any = aliased(Notification)
    last = (
        select(member.actor_id, label("last_id", func.max(member.id)))
        .where(_same_group(member), member.actor_id.is_not(None))
        .correlate(Notification)
        .group_by(member.actor_id)
        .order_by(func.max(member.id).desc())
        .limit(NAMES_SHOWN)
        .subquery("last")
    )
    names = func.array_agg(
        aggregate_order_by(auth_service.username_of(last.c.actor_id), last.c.last_id.desc())
    )
    return func.coalesce(select(names).scalar_subquery(), cast([], ARRAY(String)))


# One page of a user's groups, those in which something happened last first.
# Parameters: of_user, page_size, id.
GROUP_PAGE = _group_page()
