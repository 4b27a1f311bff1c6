"""The daily e-mail of what is still unread: each notification in one of them at the most.

A schedule promises a job that promises one for each user, and that takes what it will tell of
before it sends: a job that runs again sends the same again, under the same Message-ID, and one
that comes twice on a day finds it done.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Select,
    and_,
    bindparam,
    distinct,
    exists,
    func,
    label,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import service as auth_service
from src.config import settings
from src.database import Database, transaction
from src.emails import service as email_service
from src.jobs import Work, job, schedule
from src.models import utc_now
from src.notifications.constants import Channel, Kind
from src.notifications.models import (
    Notification,
    NotificationDigest,
    NotificationPreference,
)
from src.notifications.statements import IS_UNREAD, USER_ID, locked

BATCH = 200  # jobs promised in one transaction
SHOWN = 20  # entries of an e-mail

# What people have done to `text`, which may say it all by itself.
DEEDS: dict[Kind, str | None] = {
    Kind.ANNOUNCED: None,
    Kind.POST_LIKED: "liked “{text}”",  # [posts]
    # [comments]
    Kind.COMMENT_ADDED: "commented on “{text}”",
    Kind.REPLY_ADDED: "replied to you under “{text}”",
    Kind.MENTIONED: "mentioned you under “{text}”",
    # [/comments]
    Kind.FOLLOWED: "followed you",  # [profiles]
}

IS_WANTED = ~exists().where(
    col(NotificationPreference.user_id) == col(Notification.user_id),
    col(NotificationPreference.kind) == col(Notification.kind),
    col(NotificationPreference.channel) != literal_column(f"'{Channel.DIGEST}'"),
)
IS_NEW = and_(IS_UNREAD, col(Notification.digest_date).is_(None), IS_WANTED)
WAITING = (
    select(col(Notification.user_id))
    .where(IS_NEW, col(Notification.user_id) > bindparam("after", type_=BigInteger))
    .distinct()
    .order_by(col(Notification.user_id))
    .limit(BATCH)
)
TAKE = (
    update(Notification)
    .where(
        col(Notification.id).in_(
            locked(select(col(Notification.id)).where(col(Notification.user_id) == USER_ID, IS_NEW))
        )
    )
    .values(digest_date=bindparam("day", type_=Date))
)


def _entries() -> Select[*tuple[Any, ...]]:
    newest_first = col(Notification.id).desc()

    def newest(column: Any) -> Any:
        return func.array_agg(aggregate_order_by(col(column), newest_first))[1]

    grouped = (
        select(
            col(Notification.kind),
            label("id", func.max(col(Notification.id))),
            label("text", newest(Notification.text)),
            label("path", newest(Notification.path)),
            label("actor_id", newest(Notification.actor_id)),
            label("actor_count", func.count(distinct(col(Notification.actor_id)))),
        )
        .where(
            col(Notification.user_id) == USER_ID,
            col(Notification.digest_date) == bindparam("day", type_=Date),
        )
        .group_by(col(Notification.kind), col(Notification.subject_id))
        .subquery()
    )
    return select(
        grouped.c.kind,
        grouped.c.text,
        grouped.c.path,
        grouped.c.actor_count,
        label("actor", auth_service.username_of(grouped.c.actor_id)),
    ).order_by(grouped.c.id.desc())


ENTRIES = _entries()


@schedule("notifications.digests", "0 7 * * *")
async def promise_digests(database: Database) -> None:
    """Every morning at seven, in UTC. The job goes on where a process that promises dies."""
    async with transaction(database) as session:
        await plan_digests.enqueue(session, day=utc_now().date())


@job("notifications.plan_digests", timeout=600)
async def plan_digests(work: Work, *, day: str) -> None:
    """Promise an e-mail to each user who has something new."""
    last = 0
    while True:
        async with transaction(work.database) as session:
            found = await (await session.connection()).execute(WAITING, {"after": last})
            user_ids = list(found.scalars())
            for user_id in user_ids:
                await send_digest.enqueue(session, user_id=user_id, day=day)
        if len(user_ids) < BATCH:
            return
        last = user_ids[-1]


@job("notifications.send_digest")
async def send_digest(work: Work, *, user_id: int, day: str) -> None:
    async with transaction(work.database) as session:
        recipient = await auth_service.get_recipient(session, user_id=user_id)
        if recipient is None or not await _take(session, work, user_id, date.fromisoformat(day)):
            return
        found = await (await session.connection()).execute(
            ENTRIES, {"of_user": user_id, "day": date.fromisoformat(day)}
        )
        entries = [dict(row) for row in found.mappings()]
    if not entries:  # read or withdrawn meanwhile
        return
    username, address = recipient
    await email_service.deliver_email(
        to=address,
        template="notifications/digest",
        context={
            "username": username,
            "entries": [
                {"sentence": _sentence(entry), "path": entry["path"]} for entry in entries[:SHOWN]
            ],
            "more": max(0, len(entries) - SHOWN),
            "public_url": settings.public_url,
        },
        key=work.key,
    )


async def _take(session: AsyncSession, work: Work, user_id: int, day: date) -> bool:
    """Whether this job is the one that sends a user's digest of the day, and with what."""
    connection = await session.connection()
    new = insert(NotificationDigest).values(user_id=user_id, digest_date=day, job_key=work.key)
    begun = await connection.execute(
        new.on_conflict_do_update(
            index_elements=["user_id"],
            set_={"digest_date": new.excluded.digest_date, "job_key": new.excluded.job_key},
            where=col(NotificationDigest.digest_date) < new.excluded.digest_date,
        ).returning(col(NotificationDigest.user_id))
    )
    if begun.first():
        await connection.execute(TAKE, {"of_user": user_id, "day": day})
        return True
    digest = await session.get(NotificationDigest, user_id)
    return digest is not None and digest.job_key == work.key


def _sentence(entry: dict[str, Any]) -> str:
    """“ada and 2 others”, and what they did."""
    deed = DEEDS.get(entry["kind"])
    if deed is None:
        return str(entry["text"])
    others = entry["actor_count"] - 1
    more = f" and {others} other{'s' if others > 1 else ''}" if others else ""
    return f"{entry['actor']}{more} {deed.format(text=entry['text'])}"
