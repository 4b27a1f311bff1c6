"""The base of every request and response schema, and the field types that domains share."""

import json
import math
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Path
from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    GetCoreSchemaHandler,
    JsonValue,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

MAX_BIGINT = 2**63 - 1
CLOCK_TIME = r"^\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"

_urls = TypeAdapter(AnyHttpUrl)


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


def _storable_json(value: Any) -> Any:
    """PostgreSQL's jsonb holds text as above, and no number that is infinite."""
    match value:
        case str():
            _storable(value)
        case float() if not math.isfinite(value):
            raise ValueError("Must not contain infinite numbers")
        case dict():
            _storable_json([*value, *value.values()])
        case list():
            for item in value:
                _storable_json(item)
    return value


def _web_address(text: str) -> str:
    try:
        return str(_urls.validate_python(text))
    except ValidationError:
        raise ValueError("Must be an http or https URL") from None


def _not_seconds(value: Any) -> Any:
    """A bare number would be taken for the seconds since 1970."""
    is_bare = isinstance(value, str) and not re.search(r"\d[-:]\d", value)
    if is_bare or isinstance(value, int | float):
        raise ValueError("Must be written as in ISO 8601")
    return value


def _in_utc(moment: datetime) -> datetime:
    """At both ends of the calendar, a moment can be in no year of UTC."""
    try:
        return _aware(moment).astimezone(UTC)
    except OverflowError:
        raise ValueError("Must be in the years 1 to 9999") from None


def _without_zone(clock: time) -> time:
    if clock.tzinfo:
        raise ValueError("Must have no time zone")
    return clock


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
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
WebAddress = Annotated[StorableText, AfterValidator(_web_address)]
StorableJson = Annotated[dict[str, JsonValue], AfterValidator(_storable_json)]
# The same in a row, which hot reads give as text.
StoredJson = Annotated[
    dict[str, JsonValue],
    BeforeValidator(lambda value: json.loads(value) if isinstance(value, str) else value),
]
# As people write it: 0.0000001, where Python says 1E-7.
StoredDecimal = Annotated[
    Decimal, PlainSerializer("{:f}".format, return_type=str, when_used="json")
]
Day = Annotated[date, BeforeValidator(_not_seconds)]
Moment = Annotated[datetime, BeforeValidator(_not_seconds), AfterValidator(_in_utc)]
ClockTime = Annotated[
    time,
    BeforeValidator(_not_seconds),
    AfterValidator(_without_zone),
    WithJsonSchema({"type": "string", "pattern": CLOCK_TIME, "examples": ["09:30:00"]}),
]
Id = Annotated[int, Field(ge=1, le=MAX_BIGINT)]
PathId = Annotated[int, Path(ge=1, le=MAX_BIGINT)]
