"""Whom a text mentions: `@name`, as people write it."""

import re
import unicodedata

from src.auth import constants as auth_constants
from src.comments.constants import MENTIONS_MAX

_NAME = (
    auth_constants.USERNAME_PATTERN.strip("^$").removesuffix("+")
    + f"{{{auth_constants.USERNAME_MIN_LENGTH},{auth_constants.USERNAME_MAX_LENGTH}}}"
)
# Nothing between backticks counts. In front of a mention there is no letter, digit or part of an
# address (`ada@example.com`, `example.com/@ada`); behind it the name does not go on, neither as
# another word nor as a domain, a path or code (`@ada.example`, `@scope/package`, `@app.get`).
_MENTION = re.compile(rf"`[^`]*`|(?<![\w@.+/-])@({_NAME})(?![\w@-]|[./:]\w)")


def mentioned_names(body: str) -> list[str]:
    """The first different names that a text mentions, in lower case, in the order of the text."""
    composed = unicodedata.normalize("NFC", body)  # a letter with its accent is one letter
    names = (match[1].lower() for match in _MENTION.finditer(composed) if match[1])
    return list(dict.fromkeys(names))[:MENTIONS_MAX]
