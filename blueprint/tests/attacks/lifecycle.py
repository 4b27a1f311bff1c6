"""An account from its registration to its end, and every secret that is said on the way."""

from typing import Any

import httpx2
from sqlalchemy import text

from src.database import Database
from tests.attacks.authenticator import Authenticator
from tests.auth.routes import NEW_PASSWORD
from tests.clients import RunningApp
from tests.factories import PASSWORD, registration
from tests.outbox import Outbox
from tests.users.routes import NEW_TOKEN

SECRET = {
    *("password", "current_password", "access_token", "refresh_token", "challenge"),
    *("token", "code", "secret", "uri", "recovery_codes"),
}
QUEUE = ("pgqueuer", "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics")


async def queued(database: Database) -> str:
    """Everything that lies in the tables of the queue."""
    async with database.engine.connect() as connection:
        rows = [
            dict(row)
            for table in QUEUE
            for row in (await connection.execute(text(f"SELECT * FROM {table}"))).mappings()
        ]
    return "\n".join(str(row) for row in rows)


class Life:
    """Goes through all there is, over HTTP."""

    def __init__(self, app: RunningApp, outbox: Outbox) -> None:
        self.secrets: set[str] = set()
        self.queued = ""
        self.new = registration()
        self._app = app
        self._outbox = outbox
        self._client = app.client()

    async def live(self) -> None:
        await self._post("/auth/register", **self.new)
        await self._post("/auth/verify-email", token=await self._link("verify-email"))
        tokens = await self._log_in(PASSWORD)
        await self._post("/auth/refresh", refresh_token=tokens["refresh_token"])
        await self._move("moved@example.com")
        await self._post("/users/me/access-tokens", **NEW_TOKEN)
        await self._post("/auth/forgot-password", email=self.new["email"])
        link = await self._link("reset-password")
        await self._post("/auth/reset-password", token=link, password=NEW_PASSWORD)
        await self._log_in(NEW_PASSWORD)
        await self._use_second_factor()
        await self._fail()
        await self._watch()

    async def _move(self, email: str) -> None:
        await self._post("/users/me/email", email=email, current_password=PASSWORD)
        agreed = await self._link("change-email")
        await self._post("/auth/change-email/confirm", token=agreed)
        self.new["email"] = email
        await self._post("/auth/change-email/confirm", token=await self._link("change-email"))

    async def _use_second_factor(self) -> None:
        begun = await self._post("/users/me/second-factor/totp", current_password=NEW_PASSWORD)
        code = Authenticator(begun["secret"], []).code()
        on = await self._post("/users/me/second-factor/totp/confirm", code=code)
        half = await self._log_in(NEW_PASSWORD)
        first, second, *_ = on["recovery_codes"]
        await self._post("/auth/token/second-factor", challenge=half["challenge"], code=first)
        await self._post("/auth/step-up", code=second)
        await self._post("/users/me/second-factor/recovery-codes")

    async def _fail(self) -> None:
        """Refusals are what is logged most."""
        for path in ("/auth/verify-email", "/auth/reset-password", "/auth/change-email/confirm"):
            body = {"token": "a-link-that-is-none", "password": "A-Password-that-is-refused-7"}
            await self._client.post(path, json=body)
            self._keep(body)
        body = {"username": "x", "password": "A-Password-that-is-not-taken-7"}
        await self._client.post("/auth/register", json=body)
        await self._client.post("/auth/token", data=body)
        self._keep(body)

    async def _log_in(self, password: str) -> dict[str, Any]:
        form = {"username": self.new["username"], "password": password}
        answer = self._keep((await self._client.post("/auth/token", data=form)).json())
        if "access_token" in answer:
            self._client = self._app.client(answer["access_token"])
        return answer

    async def _post(self, path: str, **body: Any) -> dict[str, Any]:
        self._keep(body)
        response: httpx2.Response = await self._client.post(path, json=body)
        assert response.status_code < 300, f"{path}: {response.text}"
        return self._keep((response.json() if response.content else None) or {})

    async def _link(self, page: str) -> str:
        await self._watch()
        token = await self._outbox.token(self.new["email"], page)
        await self._watch()
        return token

    async def _watch(self) -> None:
        self.queued += await queued(self._app.state["database"])

    def _keep(self, said: dict[str, Any]) -> dict[str, Any]:
        for name in SECRET & said.keys():
            value = said[name]
            self.secrets.update(value if isinstance(value, list) else [value])
        return said
