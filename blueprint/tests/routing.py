"""How the matrix of routes describes one of them. Each domain lists its own in `routes.py`."""

from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from enum import Enum, auto
from typing import Any, NamedTuple

from src.auth.constants import Scope
from tests.accounts import Account

Key = tuple[str, str]  # a method and a path
Ids = Mapping[str, object]  # what the parameters of paths stand for
Body = dict[str, Any]
# Makes what paths lead to, for its owner; knows what has been made before it.
Make = Callable[[Account, Ids], Awaitable[Ids]]


class Access(Enum):
    PUBLIC = auto()  # reads no token
    OPTIONAL = auto()  # shows more to somebody, but believes no bad token
    USER = auto()  # for somebody with an active account
    OWNER = auto()  # for the one whom the thing belongs to


class Made(NamedTuple):
    """In a body: the id of something that has been made."""

    name: str


class Route(NamedTuple):
    access: Access
    body: Body | None = None
    writable: AbstractSet[str] = frozenset()  # columns that other bodies may ask for
    form: dict[str, str] | None = None
    status: int = 200
    scope: Scope | None = None  # with which a personal access token is let in
    foreign: tuple[int, str] | None = None  # how it refuses the things of others; None: it does not
    missing: str | None = None  # the code of its 404 for what is not there
