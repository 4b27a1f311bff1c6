"""The account table, and those of what opens an account."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, String, func
from sqlmodel import Field, SQLModel, UTCDateTime, col

from src.auth.constants import (
    EMAIL_MAX_LENGTH,
    FIRST_NAME_MAX_LENGTH,
    TOKEN_NAME_MAX_LENGTH,
    USERNAME_MAX_LENGTH,
    Role,
    TicketPurpose,
)
from src.models import WithId, WithTimestamps, stored_values

DIGEST_LENGTH = 64  # SHA-256 in hexadecimal digits


class User(WithTimestamps, WithId, table=True):
    """An account. `user` alone is a reserved word of SQL."""

    __tablename__ = "user_account"

    username: str = Field(max_length=USERNAME_MAX_LENGTH)
    email: str = Field(max_length=EMAIL_MAX_LENGTH)
    email_verified_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    hashed_password: str = Field(max_length=255)
    first_name: str = Field(max_length=FIRST_NAME_MAX_LENGTH)
    birth_date: date
    role: Role = Field(default=Role.MEMBER, sa_type=stored_values(Role, "role"))
    is_active: bool = True
    deactivated_at: datetime | None = Field(default=None, sa_type=UTCDateTime)  # by its owner


# Names and addresses that differ only in case are the same to people. An address belongs to who
# has verified it: whoever claims somebody else's neither keeps them out nor learns of them.
Index("user_account_username_key", func.lower(User.username), unique=True)
Index(
    "user_account_email_key",
    func.lower(User.email),
    unique=True,
    postgresql_where=col(User.email_verified_at).is_not(None),
)
Index(
    "user_account_unverified_email_idx",
    func.lower(User.email),
    col(User.id).desc(),
    postgresql_where=col(User.email_verified_at).is_(None),
)


def _of_user(*, is_key: bool = False, is_unique: bool = False) -> int:
    """A column for the account that a row belongs to, and goes with."""
    field: int = Field(
        primary_key=is_key,
        sa_type=BigInteger,
        unique=is_unique,
        index=not (is_key or is_unique),
        sa_column_args=[ForeignKey("user_account.id", ondelete="CASCADE")],
    )
    return field


class Ticket(SQLModel, table=True):
    """What a link in an e-mail stands for, once. The link's token itself is stored nowhere."""

    __tablename__ = "user_ticket"

    id: UUID = Field(primary_key=True)
    user_id: int = _of_user()
    purpose: TicketPurpose = Field(sa_type=stored_values(TicketPurpose, "purpose"))
    email: str = Field(max_length=EMAIL_MAX_LENGTH)  # the address that it was sent to
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class EmailChange(SQLModel, table=True):
    """A change of address under way: done when both the old and the new one have agreed."""

    __tablename__ = "user_email_change"

    id: UUID = Field(primary_key=True)
    user_id: int = _of_user(is_unique=True)
    new_email: str = Field(max_length=EMAIL_MAX_LENGTH)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    approved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)  # by the old address
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)  # by the new one


class Totp(SQLModel, table=True):
    """An authenticator app (RFC 6238); it counts once a first code has confirmed it."""

    __tablename__ = "user_totp"

    user_id: int = _of_user(is_key=True)
    encrypted_secret: str = Field(max_length=255)
    last_step: int = Field(default=0, sa_type=BigInteger)  # no code is good twice
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class RecoveryCode(SQLModel, table=True):
    """A code for whoever has lost the app. Using it deletes it."""

    __tablename__ = "user_recovery_code"

    user_id: int = _of_user(is_key=True)
    digest: str = Field(primary_key=True, max_length=DIGEST_LENGTH)


class AccessToken(WithId, table=True):
    """A personal access token, for programs. Only its digest is stored."""

    __tablename__ = "user_access_token"

    user_id: int = _of_user()
    name: str = Field(max_length=TOKEN_NAME_MAX_LENGTH)
    digest: str = Field(max_length=DIGEST_LENGTH, unique=True)
    scopes: list[str] = Field(sa_type=ARRAY(String(32)))
    created_at: datetime = Field(
        default=None, sa_type=UTCDateTime, sa_column_kwargs={"server_default": func.now()}
    )
    expires_at: datetime = Field(sa_type=UTCDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
