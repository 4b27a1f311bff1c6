"""The base of every request and response schema, and the field types that domains share."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    GetCoreSchemaHandler,
)
from pydantic_core import CoreSchema, core_schema

MAX_BIGINT = 2**63 - 1


def _with_aware_datetimes(schema: Any) -> Any:
    if isinstance(schema, list | tuple):
        return type(schema)(_with_aware_datetimes(item) for item in schema)
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "function-after" and schema["function"]["function"] is _aware:
        return schema  # a nested model's, done already
    if schema.get("type") == "datetime":
        return core_schema.no_info_after_validator_function(_aware, schema)
    return {key: _with_aware_datetimes(value) for key, value in schema.items()}


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class CustomModel(BaseModel):
    """A schema: fields populate by name or alias, strings are stripped, datetimes are aware.

    A naive datetime is taken as UTC, so that every datetime leaves as ISO 8601 with an offset.
    """

    model_config = ConfigDict(populate_by_name=True, str_strip_whitespace=True)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        # Done in the schema rather than by a serializer over every field: that one would call
        # Python once per field of every row, and serialization is Rust's business.
        schema: CoreSchema = _with_aware_datetimes(handler(source))
        return schema


def _storable(text: str) -> str:
    """PostgreSQL's text holds neither NUL nor half of a surrogate pair."""
    if "\x00" in text:
        raise ValueError("Must not contain the NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("Must be valid Unicode text") from None
    return text


# The default of a PATCH schema's fields: `exclude_unset` leaves it out, and null is refused.
LEFT_OUT: Any = Field(default_factory=lambda: None)


def refuse_encoded_words(address: str) -> str:
    """An address may look like an encoded word (RFC 2047), which is read as what it stands for.

    That may be another address, or a line break and another header.

    Raises:
        ValueError: it does.
    """
    if "=?" in address:
        raise ValueError("Must not contain =?")
    return address


EmailAddress = Annotated[EmailStr, AfterValidator(refuse_encoded_words)]
StorableText = Annotated[str, AfterValidator(_storable)]
Id = Annotated[int, Field(ge=1, le=MAX_BIGINT)]
PathId = Annotated[int, Path(ge=1, le=MAX_BIGINT)]
