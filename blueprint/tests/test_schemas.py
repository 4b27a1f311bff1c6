"""What every schema does with names, strings and datetimes."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from src.schemas import (
    LEFT_OUT,
    ClockTime,
    CustomModel,
    Day,
    Id,
    Moment,
    Slug,
    StorableJson,
    StorableText,
    StoredDecimal,
    StoredJson,
    WebAddress,
)


class Inner(CustomModel):
    at: datetime


class Outer(CustomModel):
    name: str = Field(alias="fullName", default="")
    at: datetime | None = None
    all_at: list[datetime] = Field(default_factory=list)
    by_name: dict[str, datetime] = Field(default_factory=dict)
    inner: Inner | None = None


class Change(CustomModel):
    name: str = LEFT_OUT
    at: datetime = LEFT_OUT


NAIVE = datetime(2026, 11, 23, 12, 30)  # noqa: DTZ001  (that is the point)
AWARE = NAIVE.replace(tzinfo=UTC)


def test_fields_populate_by_name_and_by_alias() -> None:
    assert Outer(name="Ada").name == "Ada"
    assert Outer.model_validate({"fullName": "Ada"}).name == "Ada"


def test_strings_are_stripped() -> None:
    assert Outer.model_validate({"name": "  Ada \n"}).name == "Ada"


@pytest.mark.parametrize("form", [NAIVE, "2026-11-23T12:30:00", "2026-11-23 12:30"])
def test_a_naive_datetime_is_taken_as_utc_wherever_it_stands(form: datetime | str) -> None:
    outer = Outer.model_validate(
        {"at": form, "all_at": [form], "by_name": {"x": form}, "inner": {"at": form}}
    )

    assert outer.inner
    for moment in (outer.at, *outer.all_at, *outer.by_name.values(), outer.inner.at):
        assert moment == AWARE
    assert outer.model_dump_json().count('"2026-11-23T12:30:00Z"') == 4


@given(
    moment=st.datetimes(min_value=datetime(1900, 1, 1)),  # noqa: DTZ001
    offset=st.integers(-23 * 60, 23 * 60),
)
def test_an_aware_datetime_keeps_its_moment(moment: datetime, offset: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))

    written = Inner(at=aware).model_dump_json()

    assert Inner.model_validate_json(written).at == aware
    assert "T" in written


def test_what_is_left_out_of_a_change_stays_and_null_is_refused() -> None:
    assert Change.model_validate({}).model_dump(exclude_unset=True) == {}
    assert Change.model_validate({"name": "x"}).model_dump(exclude_unset=True) == {"name": "x"}
    for field in ("name", "at"):
        with pytest.raises(ValidationError):
            Change.model_validate({field: None})


@given(st.text())
def test_text_is_storable_unless_it_holds_nul(text: str) -> None:
    adapter = TypeAdapter(StorableText)

    if "\x00" in text:
        with pytest.raises(ValidationError):
            adapter.validate_python(text)
    else:
        assert adapter.validate_python(text) == text


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\x00"])
def test_text_that_postgresql_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(StorableText).validate_python(text)


@pytest.mark.parametrize(
    ("number", "is_id"), [(0, False), (1, True), (2**63 - 1, True), (2**63, False)]
)
def test_an_id_fits_a_bigint(number: int, *, is_id: bool) -> None:
    if is_id:
        assert TypeAdapter(Id).validate_python(number) == number
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(Id).validate_python(number)


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        (Slug, "a-1b-c", "a-1b-c"),
        (WebAddress, "HTTPS://Example.com/ä?b=c", "https://example.com/%C3%A4?b=c"),
        (StorableJson, {"a": [1, 1.5, None, {"b": "é"}]}, {"a": [1, 1.5, None, {"b": "é"}]}),
        (StoredJson, '{"a": [1]}', {"a": [1]}),
        (StoredJson, {"a": [1]}, {"a": [1]}),
        (Day, "2026-02-28", date(2026, 2, 28)),
        (Moment, "2026-02-28T10:00:00+02:00", datetime(2026, 2, 28, 8, tzinfo=UTC)),
        (Moment, "2026-02-28T10:00:00", datetime(2026, 2, 28, 10, tzinfo=UTC)),
        (ClockTime, "09:30", time(9, 30)),
    ],
)
def test_a_value_is_kept_as_it_is_stored(kind: Any, said: Any, kept: Any) -> None:
    assert TypeAdapter(kind).validate_python(said) == kept


@pytest.mark.parametrize("number", ["0.0000000", "0.0000000002", "-1.50", "100", "0"])
def test_a_decimal_is_answered_as_it_is_written(number: str) -> None:
    assert TypeAdapter(StoredDecimal).dump_json(Decimal(number)) == f'"{number}"'.encode()


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Slug, ["", "A", "a--b", "-a", "a-", "a b", "ä"]),
        (
            WebAddress,
            ["", "example.com", "ftp://example.com", "javascript:alert(1)", "http://\x00"],
        ),
        (
            StorableJson,
            [[], "x", {"a": float("inf")}, {"a": "\x00"}, {"\x00": 1}, {"a": ["\ud800"]}],
        ),
        (Day, [0, 1.5, True, "0", "20260228", "2026-02-30", None]),
        (Moment, [0, "0", "20260228", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]),
        (ClockTime, [0, "0", "24:00", "09:30Z", "09:30+02:00"]),
    ],
)
def test_what_could_not_be_stored_is_refused(kind: Any, values: list[Any]) -> None:
    for value in values:
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(value)
