"""Believable accounts, as requests and as rows."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from faker import Faker
from polyfactory import Use
from polyfactory.factories.pydantic_factory import ModelFactory
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth.models import User
from src.auth.passwords import HASHER
from src.auth.schemas import UserCreate
from src.database import Database

PASSWORD = "Correct-Horse-7-Battery"
PASSWORD_HASH = HASHER.hash(PASSWORD)  # once: it is slow by design
FIRST_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)

FAKER = Faker()
FAKER.seed_instance(1)
_numbers = count(1)


class NewUser(ModelFactory[UserCreate]):
    """What somebody sends to register."""

    username = Use(lambda: f"writer_{next(_numbers)}")
    email = Use(lambda: f"writer.{next(_numbers)}@example.com")
    first_name = Use(FAKER.first_name)
    birth_date = Use(FAKER.date_of_birth, minimum_age=18, maximum_age=90)
    password = PASSWORD


def registration(**fields: Any) -> dict[str, Any]:
    """The JSON body of a registration that is accepted."""
    new = NewUser.build()
    password = new.password.get_secret_value()
    return {**new.model_dump(mode="json"), "password": password, **fields}


def user_row(**fields: Any) -> User:
    """An account whose address is verified."""
    new = NewUser.build().model_dump(exclude={"password"})
    known = {"hashed_password": PASSWORD_HASH, "email_verified_at": FIRST_MOMENT}
    return User(**{**new, **known, **fields})


async def insert(database: Database, *rows: SQLModel) -> None:
    """Commit rows; they know their ids afterwards."""
    async with AsyncSession(database.engine, expire_on_commit=False) as session:
        session.add_all(rows)
        await session.commit()
