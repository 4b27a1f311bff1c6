"""Names and limits of comments."""

from enum import StrEnum

BODY_MAX_LENGTH = 5_000  # characters
MENTIONS_MAX = 20  # different names in one comment
DEPTH_MAX = 50  # of a reply below the comment that its thread began with

COUNT_MAX = 10_000  # comments under one post; nobody needs to know how many more there are

# What a page of threads holds at the most, besides the comments that it is made of.
LEVELS_SHOWN = 10  # of replies below each of them
REPLIES_SHOWN = 50  # below one comment
THREAD_SIZE = 200  # replies in all


class RemovedBy(StrEnum):
    """In which role a comment was removed."""

    AUTHOR = "author"
    POST_AUTHOR = "post_author"
    MODERATOR = "moderator"
