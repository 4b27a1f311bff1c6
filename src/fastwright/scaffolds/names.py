"""The names of domains and fields: their forms, and which of them cannot be used."""

import builtins
import keyword
import re
from functools import cache
from typing import TYPE_CHECKING

from fastwright.application import english
from fastwright.errors import ImpossibleNameError

if TYPE_CHECKING:
    import inflect

LONGEST = 40  # with the names of constraints around it, PostgreSQL's 63 bytes are soon full

_APART = re.compile(r"[^a-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BUILTINS = frozenset(name for name in dir(builtins) if name.islower() and name[0] != "_") | {
    "copyright",
    "credits",
    "exit",
    "help",
    "license",
    "cls",
    "quit",
    "self",
}
# What a schema or a table calls its own, in Pydantic 1 and 2, SQLModel and SQLAlchemy.
_ATTRIBUTES = frozenset(
    {
        "construct",
        "copy",
        "dict",
        "fields",
        "from_orm",
        "json",
        "metadata",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "registry",
        "schema",
        "schema_json",
        "update_forward_refs",
        "validate",
    }
)
_PREFIXES = ("model_", "sqlmodel_")
_OWN_COLUMNS = frozenset(
    {
        "created_at",
        "deleted_at",
        "id",
        "like_count",
        "owner",
        "owner_id",
        "parent",
        "parent_id",
        "reply_count",
        "updated_at",
    }
)
_TYPES = frozenset({"date", "datetime", "time"})
_PARAMETERS = frozenset({"cursor", "limit", "search", "sort"})
_INSTEAD = {
    "class": "category",
    "copy": "content",
    "created_at": "made_at",
    "date": "day",
    "datetime": "happens_at",
    "deleted_at": "removed_at",
    "dict": "data",
    "fields": "columns",
    "filter": "criteria",
    "format": "file_format",
    "from": "origin",
    "global": "is_global",
    "hash": "digest",
    "id": "number",
    "input": "entry",
    "json": "data",
    "license": "license_name",
    "limit": "maximum",
    "list": "entries",
    "max": "maximum",
    "metadata": "details",
    "min": "minimum",
    "object": "subject",
    "owner": "holder",
    "parent": "origin",
    "property": "trait",
    "range": "span",
    "schema": "layout",
    "search": "query",
    "set": "collection",
    "sort": "rank",
    "sum": "total",
    "time": "starts_at",
    "type": "kind",
    "updated_at": "changed_at",
}
# Classes and functions that what is written for a domain takes from libraries.
_IMPORTED = frozenset(
    {
        "annotated",
        "any",
        "base",
        "body",
        "column",
        "depends",
        "enum",
        "field",
        "identity",
        "index",
        "model",
        "page",
        "path",
        "query",
        "request",
        "response",
        "router",
        "security",
        "select",
        "session",
        "statement",
        "status",
        "table",
        "test",
    }
)


_RESERVED = (
    (_OWN_COLUMNS, "is a column that `add` makes where it is needed"),
    (_ATTRIBUTES, "belongs to schemas and tables themselves"),
    (_TYPES, "would hide the type of that name from the fields below it"),
    (_BUILTINS, "would hide what Python calls so"),
    (_PARAMETERS, "is a parameter of every list"),
)


def plural(name: str) -> str:
    """Return a name in snake case with its last word in the plural: `blog_post` → `blog_posts`."""
    before, underscore, word = name.rpartition("_")
    if english.singular(word) != word or (_singular(word) and not word.endswith("s")):
        return name
    return before + underscore + _english().plural_noun(word)


def singular(name: str) -> str:
    """Return a name in snake case with its last word in the singular: `our_feet` → `our_foot`."""
    before, underscore, word = name.rpartition("_")
    known = english.singular(word)
    if known == word and not word.endswith("s"):
        known = _singular(word) or word
    return before + underscore + known


def snake(name: str) -> str:
    """Return the nearest name in snake case: `publishedAt` → `published_at`; perhaps nothing."""
    return _APART.sub("_", _HUMP.sub("_", name).lower()).lstrip("_0123456789").rstrip("_")


def pascal(name: str) -> str:
    """Return a name in snake case as a class's: `blog_post` → `BlogPost`."""
    return "".join(word.capitalize() for word in name.split("_"))


def camel(name: str) -> str:
    """Return a snake case name in camel case: `blogPosts`."""
    first, _, rest = name.partition("_")
    return first + pascal(rest) if rest else first


def kebab(name: str) -> str:
    """Return a name in snake case as a path's: `blog_posts` → `blog-posts`."""
    return name.replace("_", "-")


def spaced(name: str) -> str:
    """Return a name in snake case as words: `blog_post` → `blog post`."""
    return name.replace("_", " ")


def with_article(thing: str) -> str:
    """Return words for one thing with the article that fits: `an order line`."""
    is_vowel = thing[0] in "aeio" or (
        thing[0] == "u" and not thing.startswith(("uni", "use", "usa"))
    )
    return f"{'an' if is_vowel else 'a'} {thing}"


def entity_of(domain: str) -> str:
    """Return what one thing of a domain is called.

    Raises `ImpossibleNameError`, with the nearest possible name, where no domain can be called so.
    """
    if why := _why_impossible(domain):
        raise ImpossibleNameError(f"“{domain}” {why}.", suggestion=_possible(domain))
    return singular(domain)


def why_reserved(field: str) -> str | None:
    """Return why no field can be called so, as the rest of a sentence; None where one can."""
    if keyword.iskeyword(field):
        return "is a word of Python's own"
    if field.startswith(_PREFIXES):
        return "belongs to schemas and tables themselves"
    return next((why for names, why in _RESERVED if field in names), None)


def instead_of(field: str) -> str:
    """Return a name for a field that can be used instead of a reserved one."""
    for prefix in _PREFIXES:
        if field.startswith(prefix):
            return instead_of(rest) if why_reserved(rest := field.removeprefix(prefix)) else rest
    return _INSTEAD.get(field, f"{field.removesuffix('_id')}_value")


def _why_impossible(domain: str) -> str | None:
    if not domain or snake(domain) != domain:
        return (
            "cannot be a domain: use lower-case letters, digits and single _ between words, "
            "starting with a letter"
        )
    if len(domain) > LONGEST:
        return f"is too long: the name of a domain has at most {LONGEST} characters"
    entity = singular(domain)
    if entity == domain and plural(domain) == domain:
        return "is one thing as well as many, and code needs a name for each"
    if entity == domain:
        return "is not in the plural, and a domain is named after its things"
    if keyword.iskeyword(entity) or entity in _BUILTINS | _IMPORTED | _TYPES | _ATTRIBUTES:
        return (
            f"cannot be a domain: one of them would be `{entity}`, which has a meaning of its own"
        )
    return None


def _possible(domain: str) -> str | None:
    """Return the nearest name that a domain can have, if there is one."""
    tidy = snake(domain)
    if not tidy:
        return None
    tries = (plural(tidy), f"custom_{plural(tidy)}", f"{tidy}_items")
    return next((each for each in tries if not _why_impossible(each)), None)


def _singular(word: str) -> str | None:
    """Return a plural's singular as the dictionary has it: `media` → `medium`."""
    return _english().singular_noun(word) or None


# What the dictionary ends with `oes`, and nobody writes so.
_WITH_S = ("cargo", "promo", "todo")


@cache
def _english() -> "inflect.engine":
    import inflect  # it takes a second, and most names do not need it

    engine = inflect.engine()
    for word in _WITH_S:
        engine.defnoun(word, f"{word}s")
    return engine
