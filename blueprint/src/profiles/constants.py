"""Names and limits of profiles."""

DISPLAY_NAME_MAX_LENGTH = 100
BIO_MAX_LENGTH = 2_000  # characters
# A page of the feed looks once at each creator who is followed.
FOLLOWS_MAX = 5_000  # of one account
