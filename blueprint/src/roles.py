"""Gives an account another role: `make role WHO=ada_l ROLE=moderator`.

The routes offer no way to it: who may do this has the database.
"""

import argparse
import asyncio
import sys

from sqlalchemy import func
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth.constants import Role
from src.auth.models import User
from src.config import database_settings, refuse_unsafe_start, settings
from src.database import create_engine
from src.services import using_services


def main() -> str:
    """What was done.

    Raises:
        SystemExit: the command is wrong, or there is no such account.
    """
    parser = argparse.ArgumentParser(description=__doc__, prog="make role")
    parser.add_argument("who", metavar="WHO", help="a user name")
    parser.add_argument("role", metavar="ROLE", choices=[*Role], help=", ".join(Role))
    given = parser.parse_args()
    refuse_unsafe_start(settings.environment)
    with using_services() as services:
        is_there = asyncio.run(_run(services.database_url, given.who, Role(given.role)))
    if not is_there:
        sys.exit(f"There is no account {given.who}.")
    return f"{given.who} is {given.role} now."


async def give_role(session: AsyncSession, *, username: str, role: Role) -> bool:
    """Whether there is such an account; it has the role from its next request on."""
    change = (
        update(User)
        .where(func.lower(col(User.username)) == username.lower())
        .values(role=role)
        .returning(col(User.id))
    )
    return (await (await session.connection()).execute(change)).first() is not None


async def _run(database_url: str, username: str, role: Role) -> bool:
    engine = create_engine(database_url, database_settings)
    try:
        async with AsyncSession(engine) as session:
            is_there = await give_role(session, username=username, role=role)
            await session.commit()
            return is_there
    finally:
        await engine.dispose()


if __name__ == "__main__":
    print(main())  # noqa: T201
