"""Tickets: what the links in e-mails stand for. Each is good once, and for a while."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, update
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import tokens
from src.auth.config import auth_settings
from src.auth.constants import Purpose
from src.auth.exceptions import InvalidLink
from src.auth.models import EmailChange, Ticket, User
from src.models import utc_now

KEPT = timedelta(days=1)  # after a ticket's end, lest a late job issues it again


LIFETIMES = {
    Purpose.VERIFY_EMAIL: timedelta(hours=auth_settings.verification_expiration),
    Purpose.RESET_PASSWORD: timedelta(minutes=auth_settings.reset_expiration),
}


async def issue(session: AsyncSession, *, key: str, user: User, purpose: Purpose) -> str:
    """A ticket's token. `key`, of a job, makes it the same ticket when the job runs again.

    `key`: 32 hexadecimal digits that nobody else has.
    """
    ticket_id = UUID(key)
    new = insert(Ticket).values(
        id=ticket_id,
        user_id=user.id,
        purpose=purpose,
        email=user.email,
        expires_at=utc_now() + LIFETIMES[purpose],
    )
    await (await session.connection()).execute(new.on_conflict_do_nothing())
    return tokens.create_link_token(purpose, ticket_id)


async def use(session: AsyncSession, *, purpose: Purpose, token: str) -> Ticket:
    """The ticket of a link, used up by this.

    Raises:
        InvalidLink: not ours, for something else, expired, or used before.
    """
    used = await session.exec(
        update(Ticket)
        .where(
            col(Ticket.id) == tokens.read_link_token(purpose, token),
            col(Ticket.purpose) == purpose,
            col(Ticket.used_at).is_(None),
            col(Ticket.expires_at) > utc_now(),
        )
        .values(used_at=utc_now())
        .returning(Ticket)
    )
    ticket: Ticket | None = used.scalar_one_or_none()
    if ticket is None:
        raise InvalidLink
    return ticket


async def use_up_all(session: AsyncSession, *, user_id: int, purpose: Purpose) -> None:
    """Make the other links worthless that were sent to a user for the same."""
    await session.exec(
        update(Ticket)
        .where(
            col(Ticket.user_id) == user_id,
            col(Ticket.purpose) == purpose,
            col(Ticket.used_at).is_(None),
        )
        .values(used_at=utc_now())
    )


async def forget_expired(session: AsyncSession) -> None:
    for table in (Ticket, EmailChange):
        await session.exec(delete(table).where(col(table.expires_at) < utc_now() - KEPT))
