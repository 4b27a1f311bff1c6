"""An authenticator app, as its owner uses it."""

import time
from dataclasses import dataclass

import httpx2
import pyotp

from tests.accounts import Account
from tests.factories import PASSWORD

STEP = 30  # seconds


@dataclass
class App:
    """An authenticator app that is set up for an account, and its recovery codes."""

    account: Account
    secret: str
    recovery_codes: list[str]
    _last_step: int

    def code(self) -> str:
        """A code that was not used yet. There are three at a time: a clock may be off by a step."""
        self._last_step = max(self._last_step + 1, int(time.time()) // STEP - 1)
        return str(pyotp.TOTP(self.secret).generate_otp(self._last_step))

    async def step_up(self) -> None:
        response = await self.account.client.post("/auth/step-up", json={"code": self.code()})
        assert response.status_code == 204, response.text


async def set_up(account: Account) -> App:
    """Turn the second factor on, by the oldest code that is good."""
    confirmation = {"current_password": PASSWORD}
    setup = await account.client.post("/users/me/second-factor/totp", json=confirmation)
    assert setup.status_code == 200, setup.text
    app = App(account, setup.json()["secret"], [], _last_step=0)
    confirmed = await account.client.post(
        "/users/me/second-factor/totp/confirm", json={"code": app.code()}
    )
    assert confirmed.status_code == 200, confirmed.text
    app.recovery_codes = confirmed.json()["recovery_codes"]
    return app


async def begin_login(account: Account, client: httpx2.AsyncClient) -> str:
    """The challenge that a right password is answered with."""
    form = {"username": account.username, "password": PASSWORD}
    response = await client.post("/auth/token", data=form)
    assert response.status_code == 202, response.text
    challenge: str = response.json()["challenge"]
    return challenge
