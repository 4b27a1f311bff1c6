"""A field of a domain, as the field language describes it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds; the value is the word in the field language."""

    STR = "str"
    TEXT = "text"
    EMAIL = "email"
    URL = "url"
    SLUG = "slug"
    INT = "int"
    FLOAT = "float"
    DECIMAL = "decimal"
    BOOL = "bool"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    UUID = "uuid"
    ENUM = "enum"
    LIST = "list"
    JSON = "json"
    REF = "ref"


class OnDelete(StrEnum):
    """What becomes of a row when what it refers to is deleted."""

    CASCADE = "cascade"
    RESTRICT = "restrict"
    SET_NULL = "set-null"


class Visibility(StrEnum):
    """Who may say, and see, a field's value."""

    FULL = ""
    WRITE_ONLY = "write-only"  # taken, never answered
    READ_ONLY = "read-only"  # answered, never taken


SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Value = str | int | float | Decimal | bool


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `title:str{200}`, `status:enum{draft,live}=draft`, `author:ref[users]?`."""

    name: str  # in snake case
    kind: Kind
    optional: bool = False
    # Of an enum one of its choices; "now" or "today", or ISO 8601, of datetimes, dates and times.
    default: Value | None = None
    # Of a value; or of a text's or a list's length, which is always limited.
    minimum: int | float | Decimal | None = None
    maximum: int | float | Decimal | None = None
    digits: tuple[int, int] | None = None  # of a decimal: all, and those behind the point
    choices: tuple[str, ...] = ()  # of an enum
    items: Kind | None = None  # of a list
    target: str | None = None  # of a reference: the domain it leads to, such as "users"
    on_delete: OnDelete = OnDelete.CASCADE
    unique: bool = False
    index: bool = False
    visibility: Visibility = Visibility.FULL

    @property
    def column(self) -> str:
        """Return the name of its column and attribute: a reference's ends in `_id`."""
        return f"{self.name}_id" if self.kind is Kind.REF else self.name
