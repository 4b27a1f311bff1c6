"""An authenticator app, set up over HTTP."""

import time
from dataclasses import dataclass

import pyotp
from sqlalchemy import update
from sqlmodel import col

from src.auth.models import Totp
from tests.accounts import Account
from tests.factories import PASSWORD

STEP = 30  # seconds
DAY = 24 * 60 * 60 // STEP


@dataclass(frozen=True)
class Authenticator:
    secret: str
    recovery_codes: list[str]

    def code(self, steps_off: int = 0) -> str:
        """The code of now, or of some steps earlier or later."""
        return pyotp.TOTP(self.secret).at(int(time.time()), counter_offset=steps_off)


async def set_up_authenticator(account: Account) -> Authenticator:
    """Turn the second factor on. It counts as done yesterday: the code of now is a fresh one."""
    begun = await account.client.post(
        "/users/me/second-factor/totp", json={"current_password": PASSWORD}
    )
    secret = begun.json()["secret"]
    confirmed = await account.client.post(
        "/users/me/second-factor/totp/confirm", json={"code": Authenticator(secret, []).code()}
    )
    assert confirmed.status_code == 200, confirmed.text
    yesterday = update(Totp).where(col(Totp.user_id) == account.id)
    async with account.app.state["database"].engine.begin() as connection:
        await connection.execute(yesterday.values(last_step=col(Totp.last_step) - DAY))
    return Authenticator(secret, confirmed.json()["recovery_codes"])
