"""What notifications look like from outside, and what other domains hand over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from src.notifications.constants import NAMES_SHOWN, Channel, Kind
from src.pagination import Page
from src.schemas import LEFT_OUT, CustomModel

GroupName = Annotated[
    str,
    Field(
        examples=["announced.12"],
        description="What stands for all notifications of a kind about the same",
    ),
]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notification is about, as it is now: nobody asks for it again."""

    id: int
    text: str  # a title, or how it begins; cut when it is too long
    path: str  # of the application, without its address: `/things/12`


class NotificationGroup(CustomModel):
    """All notifications of a kind about the same: “ada and 2 others …”."""

    group: GroupName
    kind: Kind
    text: str = Field(description="What it is about")
    path: str = Field(description="Where it is", examples=["/things/12"])
    actors: list[str] = Field(description=f"Up to {NAMES_SHOWN} user names, the last one first")
    actor_count: int = Field(ge=0, description="How many people did it")
    is_read: bool = Field(description="Whether all of them were read")
    latest_at: datetime


class NotificationPage(Page[NotificationGroup]):
    """A part of the list, and what was there when it was read."""

    as_of: str = Field(description="`up_to` of what marks as read no more than this list knows")


class NotificationEvent(CustomModel):
    """One notification, as it happens."""

    group: GroupName
    kind: Kind
    text: str
    path: str
    actor: str | None = Field(description="A user name")
    is_read: bool
    created_at: datetime


class UnreadCount(CustomModel):
    groups: int = Field(ge=0, description="How many entries of the list are not read")
    notifications: int = Field(ge=0, description="How many notifications they stand for")


class Preferences(CustomModel):
    """How one hears of each kind."""

    channels: dict[Kind, Channel]


class PreferencesUpdate(CustomModel):
    """Kinds that are left out stay as they are."""

    channels: dict[Kind, Channel] = LEFT_OUT
