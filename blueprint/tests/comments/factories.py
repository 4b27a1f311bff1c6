"""Believable comments, as rows."""

from typing import Any

from src.comments.models import Comment
from tests.factories import FAKER


def comment_row(post_id: object, author_id: int | None, **fields: Any) -> Comment:
    """A comment; one with a `parent` is a reply to that."""
    if parent := fields.pop("parent", None):
        fields = {"parent_id": parent.id, "depth": parent.depth + 1, **fields}
    known = {"post_id": post_id, "author_id": author_id, "body": FAKER.sentence()}
    return Comment(**{**known, **fields})
