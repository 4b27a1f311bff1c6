"""Errors of comments."""

from src.exceptions import Conflict, FieldError, NotAllowed, NotFound, Unprocessable


class CommentNotFound(NotFound):
    code = "comment_not_found"
    detail = "There is no such comment."


class NotCommentAuthor(NotAllowed):
    code = "not_comment_author"
    detail = "Only its author can change a comment."


class NotCommentModerator(NotAllowed):
    code = "not_comment_moderator"
    detail = "Only its author, the author of the post, and moderators can remove a comment."


class ParentNotFound(Unprocessable):
    code = "parent_not_found"
    detail = "A reply has to be to a comment under the same post."

    def __init__(self) -> None:
        fault = FieldError(pointer="/body/parent_id", detail=self.detail, code=self.code)
        super().__init__(errors=[fault])


class CommentRemoved(Conflict):
    code = "comment_removed"
    detail = "This comment was removed: it can neither be changed nor replied to."


class ThreadTooDeep(Conflict):
    code = "thread_too_deep"
    detail = (
        "This thread is as deep as a thread can get. "
        "Reply to a comment further up, or begin a new thread."
    )
