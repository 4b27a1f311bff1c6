"""Hashing: real, off the event loop, and as slow for nobody as for somebody."""

import asyncio
import threading
import time
from typing import Any

import pytest

from src.auth import passwords
from src.auth.exceptions import PasswordsBusy


async def test_a_hash_holds_its_password_and_no_other() -> None:
    hashed = await passwords.hash_password("Analytical-Engine-7")

    assert await passwords.verify_password("Analytical-Engine-7", hashed) == (True, None)
    assert await passwords.verify_password("Difference-Engine-7", hashed) == (False, None)


async def test_without_an_account_no_password_is_right() -> None:
    assert await passwords.verify_password("the password of no account", None) == (False, None)


async def test_two_hashes_of_one_password_differ() -> None:
    first, second = await asyncio.gather(
        passwords.hash_password("Analytical-Engine-7"),
        passwords.hash_password("Analytical-Engine-7"),
    )

    assert first != second


async def test_hashing_never_runs_on_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []
    verify = passwords.HASHER.verify_and_update

    def note(*arguments: Any) -> Any:
        threads.append(threading.current_thread().name)
        return verify(*arguments)

    monkeypatch.setattr(passwords.HASHER, "verify_and_update", note)

    await passwords.verify_password("Analytical-Engine-7", None)

    assert len(threads) == 1
    assert threads[0].startswith("password-hashing")


async def test_the_first_unknown_login_hashes_off_the_event_loop_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads: list[str] = []
    hash_once = passwords.HASHER.hash

    def note(password: str) -> str:
        threads.append(threading.current_thread().name)
        return hash_once(password)

    monkeypatch.setattr(passwords.HASHER, "hash", note)
    passwords._hash_of_nothing.cache_clear()

    await passwords.verify_password("Analytical-Engine-7", None)

    assert [name.partition("_")[0] for name in threads] == ["password-hashing"]


@pytest.mark.parametrize("hashed", ["!", "$9$unknown"])
async def test_a_hash_of_an_unknown_kind_opens_to_no_password(hashed: str) -> None:
    assert await passwords.verify_password("Analytical-Engine-7", hashed) == (False, None)


async def test_no_more_passwords_are_hashed_at_a_time_than_the_settings_allow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running, most = 0, 0

    def hash_slowly(_: str) -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.01)
        running -= 1
        return ""

    monkeypatch.setattr(passwords.HASHER, "hash", hash_slowly)

    await asyncio.gather(*(passwords.hash_password("x") for _ in range(10)))

    assert most == 1


async def test_whoever_would_wait_too_long_is_sent_away_before_it_costs_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashed: list[str] = []
    may_end = threading.Event()

    def hash_slowly(password: str) -> str:
        hashed.append(password)
        assert may_end.wait(10)
        return ""

    monkeypatch.setattr(passwords.HASHER, "hash", hash_slowly)
    monkeypatch.setattr(passwords, "LONGEST_WAIT", 0.01)

    first = asyncio.create_task(passwords.hash_password("first"))
    await asyncio.sleep(0)
    with pytest.raises(PasswordsBusy) as refusal:
        await passwords.hash_password("too late")
    may_end.set()
    await first

    assert hashed == ["first"]
    assert refusal.value.headers["Retry-After"] == "5"
    monkeypatch.undo()
    assert await passwords.verify_password("x", await passwords.hash_password("x")) == (True, None)
