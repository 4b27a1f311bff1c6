"""What comments look like from outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from src.comments.constants import BODY_MAX_LENGTH, COUNT_MAX, MENTIONS_MAX, RemovedBy
from src.pagination import Page
from src.schemas import LEFT_OUT, CustomModel, Id, StorableText

Body = Annotated[
    StorableText,
    Field(
        min_length=1,
        max_length=BODY_MAX_LENGTH,
        examples=["Well put, @ada_lovelace."],
        description=f"Plain text. It may mention up to {MENTIONS_MAX} accounts as `@name`",
    ),
]


class CommentCreate(CustomModel):
    body: Body
    parent_id: Annotated[Id, Field(strict=True)] | None = Field(
        default=None, description="The comment under the same post that this is a reply to"
    )


class CommentUpdate(CustomModel):
    """A field that is left out stays as it is; none may be null."""

    body: Body = LEFT_OUT


class CommentResponse(CustomModel):
    """A comment. Of a removed one nothing but its place is left."""

    id: Id
    post_id: Id
    parent_id: Id | None = Field(description="What it is a reply to; null where a thread begins")
    depth: int = Field(ge=0, description="How far below the beginning of its thread")
    author: str | None = Field(
        description="Their user name; null once the comment was removed, or the account deleted"
    )
    body: str | None = Field(description="Null once the comment was removed")
    mentions: list[str] = Field(description="User names of the accounts that the body mentions")
    reply_count: int = Field(ge=0, description="Direct replies, removed ones included")
    created_at: datetime
    edited_at: datetime | None
    removed_by: RemovedBy | None


class VisibleComment(CommentResponse):
    """A comment that the viewer may see, and whose it is."""

    author_id: Id | None = Field(exclude=True)


@dataclass(frozen=True, slots=True)
class CommentOwners:
    """Who has a say in a comment, and nothing of what it says."""

    author_id: int | None
    post_author_id: int


class ThreadComment(CommentResponse):
    """A comment among those around it."""

    more_replies: int = Field(
        ge=0,
        description="How many of its direct replies are left out here. "
        "`GET /comments/{comment_id}/thread` has them",
    )
    more_cursor: str | None = Field(
        description="Where they begin in that thread; null for its first page"
    )


class CommentPage(Page[ThreadComment]):
    comment_count: int = Field(
        ge=0,
        le=COUNT_MAX,
        description="Comments under the post on all pages, without removed ones. "
        f"Counted up to {COUNT_MAX:,}",
    )
