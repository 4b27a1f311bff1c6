"""What registration, login and accounts look like from outside."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    EmailStr,
    Field,
    Secret,
    StringConstraints,
    field_validator,
    model_validator,
)

from src.auth.constants import (
    AGE_MIN,
    BIRTH_YEAR_MIN,
    EMAIL_MAX_LENGTH,
    FIRST_NAME_MAX_LENGTH,
    PASSWORD_MAX_LENGTH,
    PASSWORD_MIN_LENGTH,
    USERNAME_MAX_LENGTH,
    USERNAME_MIN_LENGTH,
    USERNAME_PATTERN,
    Role,
)
from src.schemas import CustomModel, Id, StorableText

STRONG_PASSWORD = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[^A-Za-z\s])", re.DOTALL)
WRITTEN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TELLING_LENGTH = 3  # a shorter name stands in many a good password by chance


def _written_out(value: object) -> object:
    """Pydantic would also read a number, as seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and WRITTEN_DATE.fullmatch(value)):
        return value
    raise ValueError("Must be a date such as 1990-12-10")


def _old_enough(born: date) -> date:
    today = datetime.now(UTC).date()
    if born.year < BIRTH_YEAR_MIN or born > today:
        raise ValueError("Must be a real date of birth")
    birthday_is_ahead = (today.month, today.day) < (born.month, born.day)
    if today.year - born.year - birthday_is_ahead < AGE_MIN:
        raise ValueError(f"You must be at least {AGE_MIN} years old")
    return born


Username = Annotated[
    str,
    Field(
        pattern=USERNAME_PATTERN,
        min_length=USERNAME_MIN_LENGTH,
        max_length=USERNAME_MAX_LENGTH,
        examples=["ada_lovelace"],
    ),
]
FirstName = Annotated[
    StorableText, Field(min_length=1, max_length=FIRST_NAME_MAX_LENGTH, examples=["Ada"])
]
BirthDate = Annotated[
    date,
    BeforeValidator(_written_out),
    AfterValidator(_old_enough),
    Field(examples=["1990-12-10"]),
]


Password = Annotated[
    # As it was typed: white space at its ends is part of a password.
    Secret[
        Annotated[
            str,
            StringConstraints(
                strip_whitespace=False,
                min_length=PASSWORD_MIN_LENGTH,
                max_length=PASSWORD_MAX_LENGTH,
            ),
        ]
    ],
    Field(
        examples=["Analytical-Engine-1843"],
        description="At least one lower-case letter, one upper-case letter, and one digit "
        "or special symbol. It must contain neither the name nor the e-mail address.",
        json_schema_extra={"format": "password", "writeOnly": True},
    ),
]


class UserCreate(CustomModel):
    username: Username
    email: Annotated[EmailStr, Field(max_length=EMAIL_MAX_LENGTH, examples=["ada@example.com"])]
    first_name: FirstName
    birth_date: BirthDate
    password: Password

    @field_validator("password", mode="after")
    @classmethod
    def is_strong(cls, password: Secret[str]) -> Secret[str]:
        if not STRONG_PASSWORD.search(password.get_secret_value()):
            raise ValueError(
                "Use at least one lower-case letter, one upper-case letter, "
                "and one digit or special symbol"
            )
        return password

    @model_validator(mode="after")
    def password_is_not_personal(self) -> Self:
        password = self.password.get_secret_value().casefold()
        mailbox = self.email.partition("@")[0]
        for telling in (self.username, self.first_name, self.email, mailbox):
            if len(telling) >= TELLING_LENGTH and telling.casefold() in password:
                raise ValueError("The password must contain neither the name nor the e-mail")
        return self


class UserResponse(CustomModel):
    """An account, as its owner sees it."""

    id: Id
    username: str
    email: str
    first_name: str
    birth_date: date
    role: Role
    created_at: datetime


class TokenResponse(CustomModel):
    """RFC 6749, section 5.1."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  (not a secret)
    expires_in: int = Field(description="Seconds until the access token expires")
    refresh_token: str


class RefreshRequest(CustomModel):
    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=256)]


@dataclass(frozen=True, slots=True)
class AuthenticatedUser:
    """Who makes a request, as far as every route needs to know."""

    id: int
    username: str
    role: Role
    is_active: bool
    session_id: str
