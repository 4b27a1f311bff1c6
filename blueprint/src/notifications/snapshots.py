"""What a reader has seen: a snapshot of PostgreSQL's transactions.

Ids are given before the commit, so a row may appear *below* one that was read long ago; “all after
the last id” would lose it. A snapshot says exactly which transactions were over when it was taken:
new is what they did not write, no more and no less, and nobody has to wait for slow transactions.
https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, and_, bindparam, cast, func, not_
from sqlalchemy.types import UserDefinedType
from sqlmodel import col

from src.notifications.models import Notification
from src.pagination import InvalidCursor, decode_cursor, encode_cursor


class _SnapshotType(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "pg_snapshot"


class _TransactionIdType(UserDefinedType[int]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


def current() -> ColumnElement[str]:
    """The snapshot of the statement that this stands in."""
    return cast(func.pg_current_snapshot(), String)


def is_within(name: str) -> ColumnElement[bool]:
    """Whether a notification is known to the snapshot that the parameter `name` holds."""
    transaction_id = cast(cast(col(Notification.transaction_id), String), _TransactionIdType())
    visible: ColumnElement[bool] = func.pg_visible_in_snapshot(transaction_id, _parameter(name))
    return visible


def is_after(name: str) -> ColumnElement[bool]:
    """Whether it is not. The first condition is for the index: what is older is known."""
    oldest = cast(cast(func.pg_snapshot_xmin(_parameter(name)), String), BigInteger)
    return and_(col(Notification.transaction_id) >= oldest, not_(is_within(name)))


def encode_snapshot(snapshot: str, *, user_id: int) -> str:
    return encode_cursor((snapshot,), belongs_to=_owner(user_id))


def decode_snapshot(encoded: str, *, user_id: int) -> str:
    """
    Raises:
        InvalidCursor: not one that this user was given.
    """
    (snapshot,) = decode_cursor(encoded, belongs_to=_owner(user_id))
    if not isinstance(snapshot, str):
        raise InvalidCursor
    return snapshot


def _owner(user_id: int) -> str:
    return f"notifications as of {user_id}"


def _parameter(name: str) -> ColumnElement[str]:
    return cast(bindparam(name, type_=String), _SnapshotType())
