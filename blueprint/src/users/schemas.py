"""What an account's owner may change, and sees of what opens it."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from src.auth import constants as auth_constants
from src.auth import schemas as auth_schemas
from src.schemas import LEFT_OUT, CustomModel, Id, StorableText


class UserUpdate(CustomModel):
    """A field that is left out stays as it is; none may be null."""

    username: auth_schemas.Username = LEFT_OUT
    first_name: auth_schemas.FirstName = LEFT_OUT
    birth_date: auth_schemas.BirthDate = LEFT_OUT


class PasswordConfirmation(CustomModel):
    current_password: auth_schemas.GivenPassword


class PasswordChange(PasswordConfirmation):
    password: auth_schemas.NewPassword


class EmailChangeRequest(PasswordConfirmation, auth_schemas.EmailRequest):
    pass


class TotpSetup(CustomModel):
    """Shown this once."""

    secret: str = Field(description="To be typed into an authenticator app")
    uri: str = Field(description="The same for a QR code", examples=["otpauth://totp/…"])


class RecoveryCodes(CustomModel):
    """Shown this once. Each stands in for the app one time."""

    recovery_codes: list[str] = Field(examples=[["abcd-efgh-ijkl-mnop"]])


class SecondFactorStatus(CustomModel):
    is_on: bool
    recovery_codes_left: int


class AccessTokenCreate(CustomModel):
    name: Annotated[
        StorableText,
        Field(
            min_length=1, max_length=auth_constants.TOKEN_NAME_MAX_LENGTH, examples=["Backup job"]
        ),
    ]
    scopes: Annotated[list[auth_constants.Scope], Field(min_length=1, max_length=20)]
    expires_in_days: Annotated[int, Field(ge=1, le=auth_constants.TOKEN_LIFETIME_MAX)] = 30


class AccessTokenResponse(CustomModel):
    id: Id
    name: str
    scopes: list[auth_constants.Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To the minute")


class NewAccessToken(AccessTokenResponse):
    token: str = Field(description="The token itself, shown this once")
