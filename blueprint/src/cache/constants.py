"""What entries depend on."""

from enum import StrEnum


class Tag(StrEnum):
    """Few and coarse: one that changes costs each entry that bears it one more reading."""

    ACCOUNTS = "accounts"  # the name of any account, or that it is there
    POSTS = "posts"  # any post, or a like of it
