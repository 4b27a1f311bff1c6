"""Names and limits of notifications."""

from enum import StrEnum

TEXT_MAX_LENGTH = 200  # characters of what a notification is about
PATH_MAX_LENGTH = 200
NAMES_SHOWN = 3  # of all who did the same


class Kind(StrEnum):
    """What has happened. Those of one kind about the same subject are shown as one."""

    ANNOUNCED = "announced"  # by the application itself; nobody's deed
    # [posts]
    POST_LIKED = "post_liked"  # subject: the post
    # [/posts]
    # [comments]
    # Subject: the post, whoever is told; source: the comment.
    COMMENT_ADDED = "comment_added"  # to its author
    REPLY_ADDED = "reply_added"  # to the author of the comment replied to
    MENTIONED = "mentioned"
    # [/comments]
    FOLLOWED = "followed"  # subject: the profile  # [profiles]


class Channel(StrEnum):
    """How somebody wants to hear of a kind."""

    DIGEST = "digest"  # in the application, and by e-mail once a day what is still unread then
    IN_APP = "in_app"
    OFF = "off"


DEFAULT_CHANNEL = Channel.DIGEST
