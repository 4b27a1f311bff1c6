"""Tickets: what the links in e-mails stand for. Each is good once, and for a while."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from src.auth import tokens
from src.auth.config import auth_settings
from src.auth.constants import TicketPurpose
from src.auth.exceptions import InvalidLink, SessionEnded
from src.auth.locks import lock_account
from src.auth.models import Ticket, User
from src.models import utc_now

LIFETIMES = {
    TicketPurpose.VERIFY_EMAIL: timedelta(hours=auth_settings.verification_expiration),
    TicketPurpose.RESET_PASSWORD: timedelta(minutes=auth_settings.reset_expiration),
}


async def issue(session: AsyncSession, *, key: str, user: User, purpose: TicketPurpose) -> str:
    """A ticket's token. `key`, of a job, makes it the same ticket when the job runs again.

    `key`: 32 hexadecimal digits that nobody else has.
    """
    ticket_id = UUID(key)
    values = {
        "user_id": user.id,
        "purpose": purpose,
        "email": user.email,
        "expires_at": utc_now() + LIFETIMES[purpose],
    }
    new = insert(Ticket).values(id=ticket_id, **values)
    # A link that was used is not good again.
    again = new.on_conflict_do_update(
        index_elements=["id"], set_=values, where=col(Ticket.used_at).is_(None)
    )
    await (await session.connection()).execute(again)
    return tokens.create_link_token(purpose, ticket_id)


async def use(session: AsyncSession, *, purpose: TicketPurpose, token: str) -> User:
    """The account that a link was sent for, locked; the ticket is used up by this.

    Raises:
        InvalidLink: not ours, for something else, expired, used before, or sent to an address
            that the account has no more.
    """
    ticket_id = tokens.read_link_token(purpose, token)
    user = await lock_owner(session, select(Ticket.user_id).where(Ticket.id == ticket_id))
    used = await session.exec(
        update(Ticket)
        .where(
            col(Ticket.id) == ticket_id,
            col(Ticket.purpose) == purpose,
            col(Ticket.email) == user.email,
            col(Ticket.used_at).is_(None),
            col(Ticket.expires_at) > utc_now(),
        )
        .values(used_at=utc_now())
        .returning(col(Ticket.id))
    )
    if used.one_or_none() is None:
        raise InvalidLink
    return user


async def lock_owner(session: AsyncSession, owner_id: SelectOfScalar[int]) -> User:
    """The account that a link was sent for, locked before the row that the link stands for.

    Raises:
        InvalidLink: there is no such row or account any more.
    """
    user_id = (await session.exec(owner_id)).one_or_none()
    if user_id is None:
        raise InvalidLink
    try:
        return await lock_account(session, user_id)
    except SessionEnded as error:  # deleted meanwhile
        raise InvalidLink from error


async def use_up_all(session: AsyncSession, *, user_id: int, purpose: TicketPurpose) -> None:
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
