"""Signed tokens: they open for what they were signed for, and for nothing else."""

from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import SecretStr

from src.signing import opened, sign

SECRET, OTHER_SECRET = SecretStr("one secret"), SecretStr("another secret")


@given(payload=st.binary(), use=st.text())
def test_a_token_gives_back_its_payload(payload: bytes, use: str) -> None:
    assert opened(sign(payload, secret=SECRET, use=use), secret=SECRET, use=use) == payload


@given(payload=st.binary(), use=st.text(), other=st.text())
def test_a_token_opens_for_no_other_use_or_secret(payload: bytes, use: str, other: str) -> None:
    assume(use != other)
    token = sign(payload, secret=SECRET, use=use)

    assert opened(token, secret=SECRET, use=other) is None
    assert opened(token, secret=OTHER_SECRET, use=use) is None


@given(payload=st.binary(min_size=1), use=st.text(), length=st.integers(min_value=1))
def test_the_end_of_a_use_cannot_become_the_beginning_of_a_payload(
    payload: bytes, use: str, length: int
) -> None:
    token = sign(payload, secret=SECRET, use=use)
    moved = use + payload[: length % len(payload) + 1].decode("latin-1")

    assert opened(token, secret=SECRET, use=moved) is None


@given(st.text())
def test_anything_else_does_not_open(token: str) -> None:
    assert opened(token, secret=SECRET, use="things") is None
