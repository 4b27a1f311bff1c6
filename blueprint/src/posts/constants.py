"""Names and limits of posts."""

from enum import StrEnum

TITLE_MAX_LENGTH = 200
BODY_MAX_LENGTH = 50_000  # characters; PostgreSQL's tsvector ends at 1 MiB
SEARCH_MAX_LENGTH = 200
SEARCH_CONFIGURATION = "english"  # PostgreSQL's text search configuration


class PostStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class PostSort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"
