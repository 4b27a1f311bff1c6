"""The domain that `add domain` is asked for."""

from dataclasses import dataclass

from fastwright.scaffolds.fields import Field


@dataclass(frozen=True, slots=True)
class Domain:
    """`add domain comments body:text --under posts --owner --threaded`."""

    name: str  # in the plural and in snake case, as its folder, table and path: "blog_posts"
    entity: str  # one of them: "blog_post"
    fields: tuple[Field, ...]
    parent: str | None = None  # the domain under whose path it lies
    is_owned: bool = False  # by the user who made it: writes are checked
    is_threaded: bool = False  # its things answer one another
    is_soft_deleted: bool = False
    is_likeable: bool = False
    searchable: tuple[str, ...] = ()  # columns that `?search=` looks into
    is_read_by_all: bool = False  # reading needs no account
    has_tests: bool = True
