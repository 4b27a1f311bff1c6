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


class Role(StrEnum):
    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"
