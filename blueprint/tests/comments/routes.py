"""Routes of comments."""

from src.auth.constants import Scope
from tests.accounts import Account
from tests.comments.factories import comment_row
from tests.factories import insert
from tests.routing import Access, Ids, Key, Route

NEW_COMMENT = {"body": "Well put."}
WRITE = Scope.COMMENTS_WRITE
READ = Scope.POSTS_READ

ROUTES: dict[Key, Route] = {
    ("GET", "/posts/{post_id}/comments"): Route(
        Access.OPTIONAL, scope=READ, missing="post_not_found"
    ),
    ("POST", "/posts/{post_id}/comments"): Route(
        Access.USER,
        body=NEW_COMMENT,
        writable={"parent_id"},
        status=201,
        scope=WRITE,
        missing="post_not_found",
    ),
    ("GET", "/comments/{comment_id}"): Route(
        Access.OPTIONAL, scope=READ, missing="comment_not_found"
    ),
    ("GET", "/comments/{comment_id}/thread"): Route(
        Access.OPTIONAL, scope=READ, missing="comment_not_found"
    ),
    ("PATCH", "/comments/{comment_id}"): Route(
        Access.OWNER,
        body={"body": "Changed"},
        scope=WRITE,
        foreign=(403, "not_comment_author"),
        missing="comment_not_found",
    ),
    ("DELETE", "/comments/{comment_id}"): Route(
        Access.OWNER,
        status=204,
        scope=WRITE,
        foreign=(403, "not_comment_moderator"),
        missing="comment_not_found",
    ),
}


async def make(owner: Account, made: Ids) -> Ids:
    """A comment under the post that has been made before."""
    comment = comment_row(made["post_id"], owner.id)
    await insert(owner.app.state["database"], comment)
    return {"comment_id": comment.id}
