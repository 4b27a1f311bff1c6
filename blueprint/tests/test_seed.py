"""The demo data: there once, with a login that works."""

from sqlmodel.ext.asyncio.session import AsyncSession

from src.seed import DEMO_PASSWORD, DEMO_USERNAME, USERS, seed
from tests.accounts import Account
from tests.clients import RunningApp


async def test_the_demo_data_joins_what_is_there_and_comes_once(
    app: RunningApp, author: Account
) -> None:
    form = {"username": DEMO_USERNAME, "password": DEMO_PASSWORD}
    async with AsyncSession(app.state["database"].engine) as session:
        assert f"{USERS} users" in await seed(session)
        assert "already" in await seed(session)
        login = await app.client().post("/auth/token", data=form)
        assert login.status_code == 200
        assert (await author.client.get("/users/me")).status_code == 200

        await app.client(login.json()["access_token"]).delete("/users/me")
        assert "is back" in await seed(session), "a demo account that was deleted"

    assert (await app.client().post("/auth/token", data=form)).status_code == 200
