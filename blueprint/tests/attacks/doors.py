"""Every place where a token is given, and what the wrong one is answered."""

from dataclasses import dataclass
from typing import Protocol

import httpx2

from tests.auth.routes import NEW_PASSWORD
from tests.contract import assert_problem
from tests.factories import PASSWORD

WRONG_CODE = "000000"


class Enter(Protocol):
    async def __call__(self, client: httpx2.AsyncClient, token: str, /) -> httpx2.Response: ...


@dataclass(frozen=True)
class Door:
    """A request that a token opens."""

    enter: Enter
    status: int  # for a token that is not good
    code: str

    async def assert_refuses(self, client: httpx2.AsyncClient, token: str) -> None:
        response = await self.enter(client, token)
        if response.status_code == 422:
            assert_problem(response, 422, "validation_failed")
        else:
            assert_problem(response, self.status, self.code)


async def log_in(
    client: httpx2.AsyncClient, login: str, password: str = PASSWORD
) -> httpx2.Response:
    return await client.post("/auth/token", data={"username": login, "password": password})


async def show_bearer(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    headers = {b"Authorization": b"Bearer " + token.encode()}
    return await client.get("/users/me", headers=headers)


async def refresh(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post("/auth/refresh", json={"refresh_token": token})


async def complete_login(
    client: httpx2.AsyncClient, challenge: str, code: str = WRONG_CODE
) -> httpx2.Response:
    body = {"challenge": challenge, "code": code}
    return await client.post("/auth/token/second-factor", json=body)


async def verify_email(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post("/auth/verify-email", json={"token": token})


async def reset_password(
    client: httpx2.AsyncClient, token: str, password: str = NEW_PASSWORD
) -> httpx2.Response:
    body = {"token": token, "password": password}
    return await client.post("/auth/reset-password", json=body)


async def confirm_email_change(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post("/auth/change-email/confirm", json={"token": token})


DOORS = {
    "bearer": Door(show_bearer, 401, "invalid_token"),
    "refresh": Door(refresh, 401, "session_ended"),
    "second-factor": Door(complete_login, 401, "invalid_challenge"),
    "verify-email": Door(verify_email, 400, "invalid_link"),
    "reset-password": Door(reset_password, 400, "invalid_link"),
    "change-email": Door(confirm_email_change, 400, "invalid_link"),
}
