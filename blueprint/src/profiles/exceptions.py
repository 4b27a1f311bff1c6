"""Errors of profiles."""

from src.exceptions import Conflict, NotAllowed, NotFound


class ProfileNotFound(NotFound):
    code = "profile_not_found"
    detail = "There is no such profile."


class NotACreator(NotAllowed):
    code = "not_a_creator"
    detail = "This is not the profile of a creator."


class FollowsOneself(Conflict):
    code = "follows_oneself"
    detail = "Nobody can follow themselves."


class TooManyFollows(Conflict):
    code = "too_many_follows"
    detail = "This account follows as many creators as it can."
