"""Where what a field's code names is imported from."""

import re

from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.new_fields.target import Target
from fastwright.source.importing import Import

_STANDARD = {
    "Annotated": "typing",
    "Any": "typing",
    "Decimal": "decimal",
    "StrEnum": "enum",
    "UUID": "uuid",
    "date": "datetime",
    "datetime": "datetime",
    "partial": "functools",
    "time": "datetime",
    "utc_now": "src.models",
    "uuid4": "uuid",
}
_IN_MODELS = {
    "ARRAY": "sqlalchemy",
    "BigInteger": "sqlalchemy",
    "CheckConstraint": "sqlalchemy",
    "Float": "sqlalchemy",
    "Index": "sqlalchemy",
    "String": "sqlalchemy",
    "text": "sqlalchemy",
    "JSONB": "sqlalchemy.dialects.postgresql",
    "Field": "sqlmodel",
    "func": "sqlmodel",
    "UTCDateTime": "sqlmodel",
    "stored_values": "src.models",
}
_IN_SCHEMAS = {
    "Field": "pydantic",
    "StrictBool": "pydantic",
    **dict.fromkeys(
        (
            *("LEFT_OUT", "MAX_BIGINT", "ClockTime", "Day", "EmailAddress", "Id", "Moment"),
            *("Slug", "StorableJson", "StorableText", "StoredDecimal", "StoredJson"),
            "WebAddress",
        ),
        "src.schemas",
    ),
}
_BY_PART = {"models.py": _IN_MODELS, "schemas.py": _IN_SCHEMAS}
_WORD = re.compile(r"(?<![\w.\"'])[A-Za-z_]\w*")


def add(draft: Draft, target: Target, path: str, code: str, *, constants: set[str]) -> None:
    """Let a module import what a piece of code in it names, as models and schemas each do."""
    known = {
        **_STANDARD,
        **_BY_PART.get(path.rpartition("/")[2], {}),
        **dict.fromkeys(constants, f"src.{target.domain}.constants"),
    }
    for word in sorted(set(_WORD.findall(code))):
        if word in known:
            draft.add_import(path, Import(known[word], word))
