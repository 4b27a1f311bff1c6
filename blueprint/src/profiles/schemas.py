"""What profiles look like from outside."""

from typing import Annotated

from pydantic import Field, StrictBool

from src.media import schemas as media_schemas  # [media]
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
    """A field that is left out stays as it is."""

    display_name: DisplayName = LEFT_OUT
    bio: Bio = LEFT_OUT
    is_creator: StrictBool = LEFT_OUT
    avatar_id: Id | None = LEFT_OUT  # [media]


class ProfileSummary(CustomModel):
    """A profile in a list."""

    id: Id
    username: str = Field(examples=["ada_lovelace"])
    display_name: DisplayName
    is_creator: bool = Field(description="Whether others can follow")
    follower_count: int = Field(ge=0, description="Also of accounts that are switched off")
    avatar: media_schemas.StoredImage | None  # [media]


class ProfileResponse(ProfileSummary):
    """A whole profile."""

    bio: Bio
    following_count: int = Field(ge=0, description="Also of accounts that are switched off")
