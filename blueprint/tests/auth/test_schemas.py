"""The password rule, for any password at all."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from src.auth.schemas import UserCreate
from tests.factories import registration

OTHERS = {"username": "xxx", "email": "yyy@example.com", "first_name": "zzz"}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ANY_CASE = st.sampled_from([str.lower, str.upper, str.title, str.swapcase])


def is_accepted(**fields: object) -> bool:
    try:
        UserCreate.model_validate(registration(**fields))
    except ValidationError:
        return False
    return True


def obeys_the_rule(password: str) -> bool:
    """The rule, said another way: a lower-case and an upper-case letter, a digit or a symbol."""
    is_telling = any(word in password.casefold() for word in ("xxx", "yyy", "zzz"))
    return (
        8 <= len(password) <= 128
        and any(letter in LETTERS for letter in password)
        and any(letter in LETTERS.upper() for letter in password)
        and any(not re.match(r"[A-Za-z\s]", letter) for letter in password)
        and not is_telling
    )


@given(
    st.text(max_size=140).filter(lambda text: text.isprintable())
    | st.text(alphabet="aAbBzZ09-_ !é", max_size=140)
)
@example("aA345678")
@example("aA34567")
@example("aA" + "3" * 126)
@example("aA" + "3" * 127)
@example("aaaa1234")
@example("AAAA1234")
@example("AAaaBBbb")
@example("AAaa BBbb")
@example("aA-\nbcdefg")
def test_a_password_is_accepted_exactly_when_it_obeys_the_rule(password: str) -> None:
    assert is_accepted(password=password, **OTHERS) == obeys_the_rule(password)


@given(
    name=st.text(alphabet=LETTERS + LETTERS.upper(), min_size=3, max_size=20),
    before=st.text(alphabet="aA1-", max_size=10),
    after=st.text(alphabet="aA1-", max_size=10),
    spelt=ANY_CASE,
    field=st.sampled_from(["username", "first_name", "email", "mailbox"]),
)
def test_a_password_never_holds_a_name_or_address(
    name: str, before: str, after: str, spelt: "st.SearchStrategy[str]", field: str
) -> None:
    told = f"{name}@example.com" if field == "email" else name
    password = f"aA1-{before}{spelt(told)}{after}"  # type: ignore[operator]
    assume(8 <= len(password) <= 128)
    field, value = ("email", f"{name}@example.com") if field == "mailbox" else (field, told)

    assert not is_accepted(**{**OTHERS, field: value}, password=password)


def test_a_very_short_name_may_stand_in_a_password_by_chance() -> None:
    assert is_accepted(password="Analytical-7", **{**OTHERS, "first_name": "Al"})


def test_a_password_never_shows_in_a_representation() -> None:
    new = UserCreate.model_validate(registration(password="Analytical-Engine-7"))

    assert "Analytical-Engine-7" not in f"{new!r}{new.model_dump_json()}"


@pytest.mark.parametrize("password", ["Änalytical-A7", "analytİcal-A7", "pässwörd-A7"])
def test_letters_outside_ascii_may_stand_in_a_password(password: str) -> None:
    assert is_accepted(password=password, **OTHERS)
