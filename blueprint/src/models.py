"""What all tables share: the naming convention, and mixins for their common columns."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Enum, Identity, func
from sqlmodel import Field, SQLModel, UTCDateTime

# Constraints have names that migrations can rely on.
# https://alembic.sqlalchemy.org/en/latest/naming.html
SQLModel.metadata.naming_convention = {
    "ix": "%(column_0_label)s_idx",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

metadata = SQLModel.metadata


def utc_now() -> datetime:
    return datetime.now(UTC)


class WithId(SQLModel):
    """A key that PostgreSQL gives: `None` until the row is flushed."""

    id: int = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[Identity(always=True)],
    )


class WithTimestamps(SQLModel):
    """When a row was made and last changed, in UTC, by PostgreSQL's clock."""

    created_at: datetime = Field(
        default=None, sa_type=UTCDateTime, sa_column_kwargs={"server_default": func.now()}
    )
    updated_at: datetime = Field(
        default=None,
        sa_type=UTCDateTime,
        sa_column_kwargs={"server_default": func.now(), "onupdate": func.now()},
    )


def stored_values(enum: type[StrEnum], name: str) -> Enum:
    """A column type that stores an enum's values as text under a CHECK.

    Unlike PostgreSQL's own enum type, a value can be added to it in an ordinary revision.
    """
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
