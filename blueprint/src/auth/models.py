"""The account table."""

from datetime import date

from sqlalchemy import Index, func
from sqlmodel import Field

from src.auth.constants import (
    EMAIL_MAX_LENGTH,
    FIRST_NAME_MAX_LENGTH,
    USERNAME_MAX_LENGTH,
    Role,
)
from src.models import WithId, WithTimestamps, stored_values


class User(WithTimestamps, WithId, table=True):
    """An account. `user` alone is a reserved word of SQL."""

    __tablename__ = "user_account"

    username: str = Field(max_length=USERNAME_MAX_LENGTH)
    email: str = Field(max_length=EMAIL_MAX_LENGTH)
    hashed_password: str = Field(max_length=255)
    first_name: str = Field(max_length=FIRST_NAME_MAX_LENGTH)
    birth_date: date
    role: Role = Field(default=Role.MEMBER, sa_type=stored_values(Role, "role"))
    is_active: bool = True


# Names and addresses that differ only in case are the same to people.
Index("user_account_username_key", func.lower(User.username), unique=True)
Index("user_account_email_key", func.lower(User.email), unique=True)
