"""Names and limits of posts."""

from enum import StrEnum

TITLE_MAX_LENGTH = 200
BODY_MAX_LENGTH = 50_000  # characters; PostgreSQL's tsvector ends at 1 MiB
SEARCH_MAX_LENGTH = 200
SEARCH_CONFIGURATION = "english"  # PostgreSQL's text search configuration
MATCHES_RANKED = 200  # the newest ones: ranking reads each
POSTS_LOOKED_THROUGH = 2_000  # before the index is asked
MATCHES_TO_JUDGE_BY = 10  # among these, how many posts to look through besides: up to 60,000


class PostStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class PostSort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"
