"""What registration, login and accounts look like from outside."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    Secret,
    StringConstraints,
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
from src.schemas import LEFT_OUT, CustomModel, EmailAddress, Id, StorableText

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


def _strong(password: Secret[str]) -> Secret[str]:
    if not STRONG_PASSWORD.search(password.get_secret_value()):
        raise ValueError(
            "Use at least one lower-case letter, one upper-case letter, "
            "and one digit or special symbol"
        )
    return password


Email = Annotated[EmailAddress, Field(max_length=EMAIL_MAX_LENGTH, examples=["ada@example.com"])]
NewPassword = Annotated[
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
    AfterValidator(_strong),
    Field(
        examples=["Analytical-Engine-1843"],
        description="At least one lower-case letter, one upper-case letter, and one digit "
        "or special symbol. It must contain neither the name nor the e-mail address.",
        json_schema_extra={"format": "password", "writeOnly": True},
    ),
]


# A password that is only compared: rules for new ones do not hold for old ones.
GivenPassword = Annotated[
    Secret[
        Annotated[
            str,
            StringConstraints(strip_whitespace=False, min_length=1, max_length=PASSWORD_MAX_LENGTH),
        ]
    ],
    Field(
        examples=["Analytical-Engine-1843"],
        json_schema_extra={"format": "password", "writeOnly": True},
    ),
]
Code = Annotated[
    str,
    Field(
        min_length=6,
        max_length=32,
        pattern=r"^[0-9A-Za-z -]+$",
        examples=["492039"],
        description="From the authenticator app, or one of the recovery codes",
    ),
]
SignedToken = Annotated[str, StringConstraints(min_length=1, max_length=1024)]


def is_personal(password: str, *, username: str, first_name: str, email: str) -> bool:
    """Whether a password tells of its owner, as a guesser would try first."""
    said = password.casefold()
    telling = (username, first_name, email, email.partition("@")[0])
    return any(len(it) >= TELLING_LENGTH and it.casefold() in said for it in telling)


class UserCreate(CustomModel):
    username: Username
    email: Email
    first_name: FirstName
    birth_date: BirthDate
    password: NewPassword

    @model_validator(mode="after")
    def password_is_not_personal(self) -> Self:
        password = self.password.get_secret_value()
        if is_personal(
            password, username=self.username, first_name=self.first_name, email=self.email
        ):
            raise ValueError("The password must contain neither the name nor the e-mail")
        return self


class UserResponse(CustomModel):
    """An account, as its owner sees it."""

    id: Id
    username: str
    email: str
    email_verified_at: datetime | None
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


class SecondFactorChallenge(CustomModel):
    """The password was right; `POST /auth/token/second-factor` completes the login."""

    challenge: str
    expires_in: int = Field(description="Seconds until one has to begin again")


class SecondFactorRequest(CustomModel):
    challenge: SignedToken
    code: Code


class CodeRequest(CustomModel):
    code: Code


class StepUpRequest(CustomModel):
    """With an authenticator app a code of it, else the password."""

    code: Code = LEFT_OUT
    password: GivenPassword = LEFT_OUT

    @model_validator(mode="after")
    def is_one_of_both(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("Give either a code or the password")
        return self


class RefreshRequest(CustomModel):
    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class EmailRequest(CustomModel):
    email: Email


class LinkRequest(CustomModel):
    token: SignedToken


class PasswordReset(LinkRequest):
    password: NewPassword


class EmailChangeStatus(CustomModel):
    status: Literal["changed", "waiting_for_other_address"]


class SessionResponse(CustomModel):
    """A login, wherever it is."""

    id: str
    device: str = Field(description="What the program says of itself", examples=["Firefox/145.0"])
    address: str = Field(examples=["192.0.2.7"])
    created_at: datetime
    last_seen_at: datetime = Field(description="To the minute")
    is_current: bool = Field(description="Whether it is the one that asks")


@dataclass(frozen=True, slots=True)
class AuthenticatedUser:
    """Who makes a request, as far as every route needs to know."""

    id: int
    username: str
    role: Role
    is_active: bool
    is_verified: bool
    session_id: str | None  # None: it came with a personal access token
