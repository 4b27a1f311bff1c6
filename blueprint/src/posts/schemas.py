"""What posts look like from outside."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from src.auth import schemas as auth_schemas
from src.media import schemas as media_schemas  # [media]
from src.pagination import PageParams
from src.posts.constants import (
    BODY_MAX_LENGTH,
    MATCHES_RANKED,
    SEARCH_MAX_LENGTH,
    TITLE_MAX_LENGTH,
    PostSort,
    PostStatus,
)
from src.schemas import LEFT_OUT, CustomModel, Id, StorableText

Title = Annotated[
    StorableText,
    Field(min_length=1, max_length=TITLE_MAX_LENGTH, examples=["On computable numbers"]),
]
Body = Annotated[
    StorableText,
    Field(min_length=1, max_length=BODY_MAX_LENGTH, examples=["A number is computable if …"]),
]


class PostCreate(CustomModel):
    title: Title
    body: Body
    status: PostStatus = PostStatus.PUBLISHED
    cover_id: Id | None = Field(default=None, description="A ready image of one's own")  # [media]


class PostUpdate(CustomModel):
    """A field that is left out stays as it is."""

    title: Title = LEFT_OUT
    body: Body = LEFT_OUT
    status: PostStatus = LEFT_OUT
    cover_id: Id | None = LEFT_OUT  # [media]


class PostSummary(CustomModel):
    """A post in a list."""

    id: Id
    title: str
    author: str = Field(description="The author's user name", examples=["ada_lovelace"])
    like_count: int = Field(ge=0)
    status: PostStatus
    published_at: datetime | None = Field(description="Null for a draft never published")
    created_at: datetime
    updated_at: datetime


class PostResponse(PostSummary):
    """A whole post."""

    body: str
    cover: media_schemas.StoredImage | None  # [media]


class VisiblePost(PostResponse):
    """A whole post that the viewer may see, and whose it is."""

    author_id: Id = Field(exclude=True)


class PostFilters(PageParams):
    """Which posts a list holds, in which order, and which page of them."""

    author: auth_schemas.Username | None = Field(
        default=None, description="Only posts by this user"
    )
    search: Annotated[StorableText, Field(min_length=1, max_length=SEARCH_MAX_LENGTH)] | None = (
        Field(default=None, description='Words, "phrases", `or`, and `-not`')
    )
    sort: PostSort | None = Field(
        default=None,
        description="Default: `relevance` for a search, else `newest`. "
        f"By relevance up to {MATCHES_RANKED} matches are ranked together, the newest ones first",
    )
