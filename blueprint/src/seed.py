"""Believable demo data: `python -m src.seed`. A second time it does nothing."""

import asyncio
import sys
from collections.abc import Iterator
from typing import Any

from faker import Faker
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth.models import User
from src.auth.passwords import hash_password
from src.comments import seed as comments_seed  # [comments]
from src.config import database_settings, settings
from src.database import create_engine
from src.models import utc_now
from src.notifications import seed as notifications_seed  # [notifications]
from src.posts import seed as posts_seed  # [posts]
from src.profiles import seed as profiles_seed  # [profiles]
from src.services import using_services

USERS = 200
DEMO_USERNAME = "demo"
DEMO_PASSWORD = "Try-it-out-2026"  # noqa: S105  (published on purpose, and for local work alone)


async def seed(session: AsyncSession) -> str:
    """Fill the database, unless it was filled before; says what it did.

    The data is the same each time, but for the dates, which lead up to now.
    """
    demo_user = select(User.id).where(User.username == DEMO_USERNAME)
    if (await session.exec(demo_user)).first():
        return "The demo data is there already."
    fake = Faker("en_US")
    fake.seed_instance(1843)
    hashed = await hash_password(DEMO_PASSWORD)
    connection = await session.connection()
    users = list(_users(fake, hashed))
    made = await connection.execute(
        insert(User).on_conflict_do_nothing().returning(col(User.id)), users
    )
    user_ids = list(made.scalars())
    if len(user_ids) <= USERS / 2:  # most of them are there, and what is theirs too
        await session.commit()
        return f"{DEMO_USERNAME} is back; the rest of the demo data is there already."
    told = [f"{len(user_ids)} users"]
    told += await posts_seed.seed(connection, fake, user_ids)  # [posts]
    told += await comments_seed.seed(connection, fake, user_ids)  # [comments]
    told += await profiles_seed.seed(connection, fake, user_ids)  # [profiles]
    told += await notifications_seed.seed(connection, user_ids)  # [notifications]
    await session.commit()
    return f"Seeded {', '.join(told)}."


def _users(fake: Faker, hashed_password: str) -> Iterator[dict[str, Any]]:
    taken = {DEMO_USERNAME}
    yield _user(DEMO_USERNAME, "Demo", fake, hashed_password)
    while len(taken) < USERS:
        first_name = fake.first_name()
        username = f"{first_name}_{fake.last_name()}".lower().replace("'", "").replace(" ", "_")
        if username not in taken:
            taken.add(username)
            yield _user(username, first_name, fake, hashed_password)


def _user(username: str, first_name: str, fake: Faker, hashed_password: str) -> dict[str, Any]:
    return {
        "username": username,
        "email": f"{username}@example.com",
        "email_verified_at": utc_now(),
        "first_name": first_name,
        "birth_date": fake.date_of_birth(minimum_age=18, maximum_age=80),
        "hashed_password": hashed_password,
    }


async def _main(database_url: str) -> str:
    engine = create_engine(database_url, database_settings)
    try:
        async with AsyncSession(engine) as session:
            return await seed(session)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    if not settings.is_local:
        sys.exit("Demo data has a published password: it is for ENVIRONMENT=local alone.")
    with using_services() as services:
        print(asyncio.run(_main(services.database_url)))  # noqa: T201
