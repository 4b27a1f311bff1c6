"""Words that have a meaning of their own where a domain's files would use them."""

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

# What PostgreSQL takes for its own unless it is quoted.
# https://www.postgresql.org/docs/current/sql-keywords-appendix.html
_RESERVED = frozenset(
    {
        *("all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric"),
        *("authorization", "binary", "both", "case", "cast", "check", "collate", "collation"),
        *("column", "concurrently", "constraint", "create", "cross", "current_catalog"),
        *("current_date", "current_role", "current_schema", "current_time", "current_timestamp"),
        *("current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end"),
        *("except", "false", "fetch", "for", "foreign", "freeze", "from", "full", "grant"),
        *("group", "having", "ilike", "in", "initially", "inner", "intersect", "into", "is"),
        *("isnull", "join", "lateral", "leading", "left", "like", "limit", "localtime"),
        *("localtimestamp", "natural", "not", "notnull", "null", "offset", "on", "only", "or"),
        *("order", "outer", "overlaps", "placing", "primary", "references", "returning", "right"),
        *("select", "session_user", "similar", "some", "symmetric", "system_user", "table"),
        *("tablesample", "then", "to", "trailing", "true", "union", "unique", "user", "using"),
        *("variadic", "verbose", "when", "where", "window", "with"),
    }
)


def quoted(name: str) -> str:
    """Return a name in snake case as SQL has it: quoted only where it has to be."""
    return f'\\"{name}\\"' if name in _RESERVED else name


def sql(name: str) -> str:
    """Return the same for a text in which quotes need no backslash."""
    return f'"{name}"' if name in _RESERVED else name
