"""Names and limits of posts."""

from enum import StrEnum

TITLE_MAX_LENGTH = 200
BODY_MAX_LENGTH = 50_000  # characters; PostgreSQL's tsvector ends at 1 MiB
SEARCH_MAX_LENGTH = 200
SEARCH_CONFIGURATION = "english"  # PostgreSQL's text search configuration
POSTS_LOOKED_THROUGH = 3_000  # for one page of a search
MATCHES_ENOUGH = 5  # found among these, or the index is asked
POSTS_NAMED_BY_INDEX = 5_000  # if it has more to name, it is not
MATCHES_RANKED = 100  # together, the newest ones first: ranking reads each


class PostStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class PostSort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"
