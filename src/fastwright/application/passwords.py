"""Which values are a user's password, by what they are called."""

import re
from collections.abc import Iterator

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Scope
from fastwright.source.syntax import (
    Attribute,
    BinaryOperation,
    Call,
    Expression,
    FormattedString,
    Name,
    String,
    Subscript,
)

_PASSWORD = re.compile(
    r"(?i)^(?:\w*_)?(?:password|passwd|pwd|passphrase)(?:_?(?:bytes|raw|str|utf8))?\d?$"
)
# Those are already hashed, or belong to another service and are hashed for a cache's key, say.
_NOT_OF_USER = re.compile(
    r"(?i)hash|encrypt|encod|digest|reset|forgot|\b(?:db|database|redis|smtp|mail|email|pg|postgres"
    r"|mysql|proxy|ftp|ssh|broker|service)_"
)
# What is put together with a password to be hashed; anything else has another purpose.
_MIXED_IN = re.compile(
    r"(?i)salt|pepper|secret|user|name|mail|login|account|settings|config|self|\bid"
)


def is_password(node: Expression, scope: Scope, codebase: Codebase, *, follow: bool = True) -> bool:
    """Tell whether a value is a user's password, with a salt perhaps, and nothing else.

    Variables are known by what they were given too, if `follow`.
    """
    found = False
    for part in parts(node):
        name = _last_name(part)
        is_called_so = name and _PASSWORD.match(name) and not _NOT_OF_USER.search(name)
        if is_called_so or (follow and _was_given_one(part, scope, codebase)):
            found = True
        elif name and not _MIXED_IN.search(name):
            return False
    return found


def parts(node: Expression) -> Iterator[Expression]:
    """Yield the names, attributes and keys that a value is made of; not what is called."""
    match node:
        case Call(Attribute(base, _), arguments):
            for each in (base, *arguments):
                yield from parts(each)
        case Call(_, arguments):
            for each in arguments:
                yield from parts(each)
        case Name() | Attribute() | Subscript():
            yield node
        case BinaryOperation(left, _, right):
            yield from (*parts(left), *parts(right))
        case FormattedString(inner):
            for each in inner:
                yield from parts(each)


def _was_given_one(node: Expression, scope: Scope, codebase: Codebase) -> bool:
    """Tell whether a variable was given a password under another name."""
    origin = codebase.origin(node, scope) if isinstance(node, Name) else None
    return origin is not None and is_password(*origin, codebase, follow=False)


def _last_name(node: Expression) -> str | None:
    match node:
        case Name(name) | Attribute(_, name):
            return name
        case Subscript(_, (String(text),)):
            return text
    return None
