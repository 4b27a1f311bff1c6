"""Words that have a meaning of their own where a domain's files would use them."""

from fastwright.application.sql_words import RESERVED

# What schemas.py may import, or define for itself.
IMPORTED = frozenset(
    {
        "Annotated",
        "Any",
        "ClockTime",
        "CustomModel",
        "Day",
        "Decimal",
        "EmailAddress",
        "Field",
        "Id",
        "Moment",
        "PageParams",
        "Slug",
        "StorableJson",
        "StorableText",
        "StoredDecimal",
        "StoredJson",
        "StrictBool",
        "WebAddress",
    }
)


def quoted(name: str) -> str:
    """Return a name in snake case as SQL has it: quoted only where it has to be."""
    return f'\\"{name}\\"' if name in RESERVED else name


def sql(name: str) -> str:
    """Return the same for a text in which quotes need no backslash."""
    return f'"{name}"' if name in RESERVED else name
