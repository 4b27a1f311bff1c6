"""Argon2id, off the event loop: a login storm must not slow down other requests.

Hashes that another application has left in bcrypt are accepted, and replaced at the next login.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from src.auth.config import auth_settings
from src.auth.exceptions import PasswordsBusy

BCRYPT_LENGTH = 72  # bytes; bcrypt has never looked at more


class OldBcryptHasher(BcryptHasher):
    """Takes a long password as the applications did that made the hash."""

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002
        given = password.encode() if isinstance(password, str) else password
        return super().verify(given[:BCRYPT_LENGTH], hash)


# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
HASHER = PasswordHash(
    [Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1), OldBcryptHasher()]
)
BACKGROUND_NICENESS = 10
# After this long a client has often given up. Hashing for it all the same would make the next ones
# wait so long too, until nobody is answered in time.
LONGEST_WAIT = 5.0  # seconds


def _yield_to_requests() -> None:
    """On Linux niceness belongs to a thread: hashing takes what the event loop leaves over."""
    if sys.platform == "linux":
        os.nice(BACKGROUND_NICENESS)


_threads = ThreadPoolExecutor(
    auth_settings.hash_concurrency, "password-hashing", initializer=_yield_to_requests
)


_turns = asyncio.Semaphore(auth_settings.hash_concurrency)


async def hash_password(password: str) -> str:
    """
    Raises:
        PasswordsBusy: so many are hashed that this one does not get its turn.
    """
    async with _turn():
        return await asyncio.get_running_loop().run_in_executor(_threads, HASHER.hash, password)


async def verify_password(password: str, hashed: str | None) -> tuple[bool, str | None]:
    """Whether `password` is the one, and a new hash when `hashed` is of an older kind.

    With `hashed=None` (no such account) it works as long, and the answer is no.

    Raises:
        PasswordsBusy: so many are hashed that this one does not get its turn.
    """
    async with _turn():
        return await asyncio.get_running_loop().run_in_executor(_threads, _verify, password, hashed)


@asynccontextmanager
async def _turn() -> AsyncIterator[None]:
    """Hold one of the places for hashing, which is waited for so long and no longer."""
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            await _turns.acquire()
    except TimeoutError as error:
        raise PasswordsBusy from error
    try:
        yield
    finally:
        _turns.release()


def _verify(password: str, hashed: str | None) -> tuple[bool, str | None]:
    try:
        matches, new_hash = HASHER.verify_and_update(password, hashed or _hash_of_nothing())
    except UnknownHashError:  # an account that no password opens
        return False, None
    return (matches, new_hash) if hashed else (False, None)


@cache
def _hash_of_nothing() -> str:
    return HASHER.hash("the password of no account")
