"""Cursors: opaque, exact, and worth nothing when anything about them was changed."""

import base64
import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from src.pagination import (
    CURSOR_MAX_LENGTH,
    InvalidCursor,
    Key,
    decode_cursor,
    encode_cursor,
    pagination_settings,
)
from tests.fixtures import ChangeSettings

ZONES = st.just(UTC) | st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
PARTS = st.one_of(
    st.datetimes(timezones=ZONES),
    st.dates(),
    st.times(),
    st.decimals(allow_nan=False),
    st.floats(allow_nan=False),
    st.integers(),
    st.text(),
)
KEYS: st.SearchStrategy[Key] = st.lists(PARTS, max_size=4).map(tuple)


@given(key=KEYS, belongs_to=st.text())
def test_a_cursor_gives_back_exactly_the_key_it_was_made_of(key: Key, belongs_to: str) -> None:
    decoded = decode_cursor(encode_cursor(key, belongs_to=belongs_to), belongs_to=belongs_to)

    assert decoded == key
    assert [type(part) for part in decoded] == [type(part) for part in key]


@pytest.mark.parametrize("number", [0.1 + 0.2, 5e-324, 1e308, -0.0, math.inf, math.pi])
def test_a_rank_is_not_rounded(number: float) -> None:
    (decoded,) = decode_cursor(encode_cursor((number,), belongs_to="x"), belongs_to="x")

    assert isinstance(decoded, float)
    assert decoded.hex() == number.hex()


@given(key=KEYS, belongs_to=st.text(), other=st.text())
def test_a_cursor_of_another_list_is_refused(key: Key, belongs_to: str, other: str) -> None:
    assume(belongs_to != other)
    cursor = encode_cursor(key, belongs_to=belongs_to)

    with pytest.raises(InvalidCursor):
        decode_cursor(cursor, belongs_to=other)


@given(key=KEYS, place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_a_cursor_with_one_bit_changed_is_refused(key: Key, place: int, bit: int) -> None:
    cursor = encode_cursor(key, belongs_to="things")
    content = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    content[place % len(content)] ^= 1 << bit
    changed = base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    with pytest.raises(InvalidCursor):
        decode_cursor(changed, belongs_to="things")


@given(key=KEYS, length=st.integers(min_value=0))
def test_a_shortened_cursor_is_refused(key: Key, length: int) -> None:
    cursor = encode_cursor(key, belongs_to="things")

    with pytest.raises(InvalidCursor):
        decode_cursor(cursor[: length % len(cursor)], belongs_to="things")


@given(st.text(max_size=CURSOR_MAX_LENGTH) | st.binary(max_size=300).map(base64.urlsafe_b64encode))
def test_anything_else_is_refused(cursor: str | bytes) -> None:
    text = cursor if isinstance(cursor, str) else cursor.decode()

    with pytest.raises(InvalidCursor):
        decode_cursor(text, belongs_to="things")


def test_a_cursor_signed_with_another_secret_is_refused(change: ChangeSettings) -> None:
    cursor = encode_cursor((1,), belongs_to="things")
    secret = pagination_settings.cursor_secret

    change(pagination_settings, cursor_secret=type(secret)("another secret of some length"))

    with pytest.raises(InvalidCursor):
        decode_cursor(cursor, belongs_to="things")


def test_a_cursor_can_stand_in_a_url_as_it_is() -> None:
    cursor = encode_cursor((datetime.now(UTC), 2**63 - 1), belongs_to="things")

    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert len(cursor) <= CURSOR_MAX_LENGTH
