"""Keyset pagination: a page says where the next one begins, by an opaque signed cursor.

A cursor holds the sort key of a page's last row. Unlike an offset it costs the same on every
page, and rows that appear meanwhile neither repeat nor hide others.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict
from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, tuple_
from sqlalchemy.orm import Mapped

from src.config import DomainSettings, secret_from_settings
from src.exceptions import BadRequest
from src.schemas import MAX_BIGINT, CustomModel
from src.signing import opened, sign

CURSOR_MAX_LENGTH = 4_096  # with a key of 255 characters, whatever they are
PAGE_SIZE = 20
PAGE_SIZE_MAX = 100

Item = TypeVar("Item")
Part = datetime | date | time | Decimal | float | int | str
Key = tuple[Part, ...]
Place = ColumnElement[Any] | Mapped[Any]  # what rows are sorted by

# Before the newest row of all: with it a first page needs no statement of its own.
NEWEST: Key = (datetime.max.replace(tzinfo=UTC), MAX_BIGINT)


class PaginationConfig(DomainSettings):
    model_config = SettingsConfigDict(env_prefix="PAGINATION_")

    cursor_secret: SecretStr = Field(default_factory=secret_from_settings)

    def production_faults(self) -> list[str]:
        return self.secret_faults("cursor_secret")


pagination_settings = PaginationConfig.load()


class InvalidCursor(BadRequest):
    code = "invalid_cursor"
    detail = "This cursor is not one of ours, or belongs to another list. Start at the first page."


class Page(CustomModel, Generic[Item]):
    """A part of a list."""

    items: list[Item]
    next_cursor: str | None = Field(
        default=None, description="Where the next page begins; null on the last page"
    )


class PageParams(CustomModel):
    """Which part of a list: the base of every list's query parameters."""

    limit: int = Field(
        default=PAGE_SIZE, ge=1, le=PAGE_SIZE_MAX, description="How many items at the most"
    )
    cursor: str | None = Field(
        default=None,
        max_length=CURSOR_MAX_LENGTH,
        description="The `next_cursor` of the page before",
    )


def encode_cursor(key: Key, *, belongs_to: str) -> str:
    """A cursor for the rows after `key`, valid only for the list that `belongs_to` names."""
    parts = [_written(part) for part in key]
    payload = json.dumps(parts, separators=(",", ":")).encode()
    return sign(payload, secret=pagination_settings.cursor_secret, use=belongs_to)


def decode_cursor(cursor: str, *, belongs_to: str) -> Key:
    """The key in a cursor that `encode_cursor` made for the same list.

    Raises:
        InvalidCursor: it was forged, damaged, or made for another list.
    """
    payload = opened(cursor, secret=pagination_settings.cursor_secret, use=belongs_to)
    if payload is None:
        raise InvalidCursor
    return tuple(_PARSERS[kind](text) for kind, text in json.loads(payload))


def split_page(
    rows: Sequence[Mapping[str, Any]], *, limit: int, key: Sequence[str], belongs_to: str
) -> tuple[list[dict[str, Any]], str | None]:
    """The rows of a page, and the cursor of the next one if there is one.

    `rows` are those of the page and one more, by which it shows whether there are more; `key`
    names the columns that they are sorted by.
    """
    items = [dict(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return items, None
    return items, encode_cursor(tuple(items[-1][name] for name in key), belongs_to=belongs_to)


def start_of(params: PageParams, *, belongs_to: str, first: Key = NEWEST) -> Key:
    """The key after which a page begins; `first` without a cursor.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    if params.cursor is None:
        return first
    return decode_cursor(params.cursor, belongs_to=belongs_to)


def page_of(
    rows: Select[*tuple[Any, ...]], *key: Place, descending: bool, continued: bool
) -> Select[*tuple[Any, ...]]:
    """The rows of a page and one more, in the order of a key that no two of them share.

    Parameters: page_size; and where the list is continued the cursor's key, as `after` names it.
    """
    if continued:
        place = tuple_(*key)
        types = enumerate(place.type.types)
        last = tuple_(*(bindparam(f"after_{n}", type_=type_) for n, type_ in types))
        rows = rows.where(place < last if descending else place > last)
    order = [part.desc() if descending else part for part in key]
    return rows.order_by(*order).limit(bindparam("page_size", type_=BigInteger))


def after(params: PageParams, *, belongs_to: str) -> dict[str, Part]:
    """The parameters of `page_of` for the place where a page begins; none for the first page.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    if params.cursor is None:
        return {}
    key = decode_cursor(params.cursor, belongs_to=belongs_to)
    return {f"after_{n}": part for n, part in enumerate(key)}


# How a part of a key is written, and read again, by its type.
_KINDS: dict[type[Any], tuple[str, Callable[[Any], str], Callable[[str], Part]]] = {
    datetime: ("t", datetime.isoformat, datetime.fromisoformat),
    date: ("d", date.isoformat, date.fromisoformat),
    time: ("h", time.isoformat, time.fromisoformat),
    Decimal: ("n", str, Decimal),
    float: ("f", float.hex, float.fromhex),  # exact, where decimal digits would round
    int: ("i", str, int),
    str: ("s", str, str),
}
_PARSERS = {kind: parse for kind, _, parse in _KINDS.values()}


def _written(part: Part) -> tuple[str, str]:
    kind, write, _ = _KINDS[type(part)]
    return kind, write(part)
