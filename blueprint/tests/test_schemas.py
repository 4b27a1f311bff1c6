"""What every schema does with names, strings and datetimes."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from src.schemas import LEFT_OUT, CustomModel, Id, StorableText


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
