"""What profiles look like from outside."""

from typing import Annotated

from pydantic import Field, StrictBool

from src.profiles.constants import BIO_MAX_LENGTH, DISPLAY_NAME_MAX_LENGTH
from src.schemas import LEFT_OUT, CustomModel, Id, StorableText

DisplayName = Annotated[
    StorableText,
    Field(
        max_length=DISPLAY_NAME_MAX_LENGTH,
        examples=["Ada Lovelace"],
        description="Empty: the user name is the name",
    ),
]
Bio = Annotated[
    StorableText, Field(max_length=BIO_MAX_LENGTH, examples=["Analyst of the Analytical Engine"])
]


class ProfileUpdate(CustomModel):
    """A field that is left out stays as it is; none may be null."""

    display_name: DisplayName = LEFT_OUT
    bio: Bio = LEFT_OUT
    is_creator: StrictBool = LEFT_OUT


class ProfileSummary(CustomModel):
    """A profile in a list."""

    id: Id
    username: str = Field(examples=["ada_lovelace"])
    display_name: DisplayName
    is_creator: bool = Field(description="Whether others can follow")
    follower_count: int = Field(ge=0, description="Also of accounts that are switched off")


class ProfileResponse(ProfileSummary):
    """A whole profile."""

    bio: Bio
    following_count: int = Field(ge=0, description="Also of accounts that are switched off")
