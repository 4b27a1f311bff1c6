"""Errors of posts."""

from src.exceptions import NotAllowed, NotFound, Unprocessable


class PostNotFound(NotFound):
    code = "post_not_found"
    detail = "There is no such post."


class NotPostOwner(NotAllowed):
    code = "not_post_owner"
    detail = "Only its author can do this with a post."


class RelevanceNeedsSearch(Unprocessable):
    code = "relevance_needs_search"
    detail = "Only a search can be sorted by relevance."
