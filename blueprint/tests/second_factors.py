"""An authenticator app, as its owner uses it."""

from dataclasses import dataclass, field

import httpx2
import pyotp

from tests.accounts import Account
from tests.factories import PASSWORD

STEP = 30  # seconds


@dataclass
class Clock:
    """The time by which codes are checked. It stands still until a code is needed."""

    now: float = 1_800_000_000.0  # seconds since the epoch

    def time(self) -> float:
        return self.now


@dataclass
class App:
    """An authenticator app that is set up for an account, and its recovery codes."""

    account: Account
    clock: Clock
    secret: str
    recovery_codes: list[str] = field(default_factory=list)

    def code(self) -> str:
        """The next code: half a minute passes."""
        self.clock.now += STEP
        return str(pyotp.TOTP(self.secret).at(int(self.clock.now)))

    async def step_up(self) -> None:
        response = await self.account.client.post("/auth/step-up", json={"code": self.code()})
        assert response.status_code == 204, response.text


async def set_up(account: Account, clock: Clock) -> App:
    """Turn the second factor on."""
    confirmation = {"current_password": PASSWORD}
    setup = await account.client.post("/users/me/second-factor/totp", json=confirmation)
    assert setup.status_code == 200, setup.text
    app = App(account, clock, setup.json()["secret"])
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
