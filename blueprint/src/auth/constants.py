"""Names and limits of accounts."""

from enum import StrEnum

USERNAME_PATTERN = r"^[A-Za-z0-9_-]+$"
USERNAME_MIN_LENGTH = 3
USERNAME_MAX_LENGTH = 50
FIRST_NAME_MAX_LENGTH = 128
EMAIL_MAX_LENGTH = 254  # RFC 5321, 4.5.3.1.3
PASSWORD_MIN_LENGTH = 8
PASSWORD_MAX_LENGTH = 128
AGE_MIN = 18  # years
BIRTH_YEAR_MIN = 1900


TOKEN_NAME_MAX_LENGTH = 100
TOKEN_LIFETIME_MAX = 365  # days
TOKENS_MAX = 50  # of one account
DEVICE_MAX_LENGTH = 200
RECOVERY_CODES = 10


class Role(StrEnum):
    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Scope(StrEnum):
    """What a personal access token may be good for. A login is good for all of it, and more."""

    ACCOUNT_READ = "account:read"
    # [posts]
    POSTS_READ = "posts:read"  # one's own drafts; the rest is public
    POSTS_WRITE = "posts:write"
    LIKES_WRITE = "likes:write"
    # [/posts]
    COMMENTS_WRITE = "comments:write"  # [comments]
    # [profiles]
    PROFILES_WRITE = "profiles:write"
    FOLLOWS_WRITE = "follows:write"
    FEED_READ = "feed:read"
    # [/profiles]
    MEDIA_WRITE = "media:write"  # [media]
    # [notifications]
    NOTIFICATIONS_READ = "notifications:read"
    NOTIFICATIONS_WRITE = "notifications:write"
    # [/notifications]


class TicketPurpose(StrEnum):
    """What a ticket is good for."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105  (not a password)


class Consent(StrEnum):
    """Which address agrees to a change of address."""

    OLD_ADDRESS = "approve_email_change"
    NEW_ADDRESS = "confirm_email_change"
