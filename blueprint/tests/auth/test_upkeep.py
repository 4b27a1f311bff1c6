"""What is cleared away every night."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import text
from sqlmodel import select

from src.auth.constants import TicketPurpose
from src.auth.models import Ticket, User
from src.auth.upkeep import forget_expired
from src.database import Database, Statement
from src.jobs import forget_done
from src.models import utc_now
from tests.factories import insert, user_row

USERNAMES = Statement(select(User.username).order_by(User.username))
TICKETS = Statement(select(Ticket.email))
LOGGED = Statement(text("SELECT entrypoint FROM pgqueuer_log"))
LOG = Statement(
    text(
        "INSERT INTO pgqueuer_log (created, job_id, status, priority, entrypoint) "
        "VALUES (now() - interval '8 days', 1, 'successful', 0, 'old'), "
        "(now(), 2, 'successful', 0, 'new') RETURNING id"
    )
)


async def test_accounts_that_were_never_verified_are_forgotten_after_a_week(
    database: Database,
) -> None:
    long_ago, lately = utc_now() - timedelta(days=8), utc_now() - timedelta(days=6)
    await insert(
        database,
        user_row(username="forgotten", created_at=long_ago, email_verified_at=None),
        user_row(username="pending", created_at=lately, email_verified_at=None),
        user_row(username="verified", created_at=long_ago),
    )

    await forget_expired(database)

    names = [row["username"] for row in await database.fetch(USERNAMES)]
    assert names == ["pending", "verified"]


async def test_links_are_forgotten_a_day_after_their_end(database: Database) -> None:
    user = user_row()
    await insert(database, user)
    await insert(
        database,
        *(
            Ticket(
                id=uuid4(),
                user_id=user.id,
                purpose=TicketPurpose.RESET_PASSWORD,
                email=f"{hours}@example.com",
                expires_at=utc_now() - timedelta(hours=hours),
            )
            for hours in (25, 23, -1)
        ),
    )

    await forget_expired(database)

    kept = {row["email"] for row in await database.fetch(TICKETS)}
    assert kept == {"23@example.com", "-1@example.com"}


async def test_the_log_of_jobs_is_forgotten_after_a_week(database: Database) -> None:
    await database.fetch(LOG)

    await forget_done(database)

    assert [row["entrypoint"] for row in await database.fetch(LOGGED)] == ["new"]
