"""The e-mails about accounts: to whom, and which.

What a request may not reveal is decided here, after it has been answered: whether there is an
account with an address, and which e-mail its owner gets. Links lead to `PUBLIC_URL`, whatever host
a request was sent to.
"""

from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import tickets, tokens
from src.auth.config import auth_settings
from src.auth.constants import Consent, TicketPurpose
from src.auth.models import EmailChange, User
from src.config import settings
from src.database import transaction
from src.emails import service as email_service
from src.jobs import Work, job

_VERIFY, _RESET = TicketPurpose.VERIFY_EMAIL, TicketPurpose.RESET_PASSWORD
CLAIMS = 3  # accounts that one address is asked about at a time
VERIFY_PAGE, RESET_PAGE, CHANGE_PAGE = "verify-email", "reset-password", "change-email"


@job("auth.verify_email")
async def send_verification(work: Work, *, user_id: int) -> None:
    async with transaction(work.database) as session:
        user = await session.get(User, user_id)
    if user is not None and user.email_verified_at is None:
        await _ask_to_verify(work, user)


@job("auth.verify_email_again")
async def send_verification_again(work: Work, *, email: str) -> None:
    """Each account that claims the address has a letter of its own, which says its user name."""
    async with transaction(work.database) as session:
        for user_id in await _unverified(session, email):
            await send_verification.enqueue(session, user_id=user_id)


@job("auth.reset_password")
async def send_reset(work: Work, *, email: str) -> None:
    async with transaction(work.database) as session:
        user = await _owner_of(session, email)
        if user is None:
            return
        token = await tickets.issue(session, key=work.key, user=user, purpose=_RESET)
    await _send(
        work,
        "reset_password",
        to=user.email,
        username=user.username,
        link=_link(RESET_PAGE, token),
        valid_for=_reset_time(),
    )


@job("auth.approve_email_change")
async def ask_old_address(work: Work, *, change_id: str) -> None:
    async with transaction(work.database) as session:
        change, user = await _pending(session, change_id)
    if change and user and not change.approved_at:
        await _send(
            work,
            "approve_email_change",
            to=user.email,
            username=user.username,
            new_email=change.new_email,
            link=_change_link(Consent.OLD_ADDRESS, change),
            valid_for=_verification_time(),
        )


@job("auth.confirm_email_change")
async def ask_new_address(work: Work, *, change_id: str) -> None:
    async with transaction(work.database) as session:
        change, user = await _pending(session, change_id)
        owner = await _owner_of(session, change.new_email) if change else None
    if not change or not user or change.confirmed_at:
        return
    if owner and owner.id != user.id:
        await _send(work, "email_in_use", to=change.new_email, username=owner.username)
        return
    await _send(
        work,
        "confirm_email_change",
        to=change.new_email,
        username=user.username,
        link=_change_link(Consent.NEW_ADDRESS, change),
        valid_for=_verification_time(),
    )


async def _ask_to_verify(work: Work, user: User) -> None:
    """Send the link, or tell the owner of the address that somebody wanted to register it again."""
    async with transaction(work.database) as session:
        owner = await _owner_of(session, user.email)
        if owner is not None:
            template, page, valid_for = "already_registered", RESET_PAGE, _reset_time()
            token = await tickets.issue(session, key=work.key, user=owner, purpose=_RESET)
        else:
            template, page, valid_for = "verify_email", VERIFY_PAGE, _verification_time()
            token = await tickets.issue(session, key=work.key, user=user, purpose=_VERIFY)
    await _send(
        work,
        template,
        to=user.email,
        username=(owner or user).username,
        link=_link(page, token),
        valid_for=valid_for,
    )


async def _send(work: Work, template: str, *, to: str, **context: str) -> None:
    await email_service.deliver_email(to=to, template=template, context=context, key=work.key)


async def _pending(session: AsyncSession, change_id: str) -> tuple[EmailChange | None, User | None]:
    """A change of address and whose it is, unless it was replaced or done meanwhile."""
    change = await session.get(EmailChange, UUID(change_id))
    return change, await session.get(User, change.user_id) if change else None


async def _owner_of(session: AsyncSession, email: str) -> User | None:
    """The account that has verified this address."""
    found = await session.exec(
        select(User).where(
            func.lower(User.email) == email.lower(), col(User.email_verified_at).is_not(None)
        )
    )
    return found.first()


async def _unverified(session: AsyncSession, email: str) -> list[int]:
    """Accounts that claim an address: the newest and the oldest, whoever else claims it after."""
    found = await session.exec(
        select(User.id)
        .where(func.lower(User.email) == email.lower(), col(User.email_verified_at).is_(None))
        .order_by(col(User.id).desc())
    )
    claims = list(found)
    return claims if len(claims) <= CLAIMS else [*claims[: CLAIMS - 1], claims[-1]]


def _link(page: str, token: str) -> str:
    # After the hash it reaches no server, and so no log, when the page is opened.
    return f"{settings.public_url}/account/{page}#token={token}"


def _change_link(consent: Consent, change: EmailChange) -> str:
    return _link(CHANGE_PAGE, tokens.create_link_token(consent, change.id))


def _verification_time() -> str:
    return f"{auth_settings.verification_expiration} hours"


def _reset_time() -> str:
    return f"{auth_settings.reset_expiration} minutes"
