import httpx2

from tests.accounts import Account


async def test_a_running_application_is_alive(client: httpx2.AsyncClient) -> None:
    response = await client.get("/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "alive"}


async def test_with_all_services_it_is_ready(client: httpx2.AsyncClient) -> None:
    response = await client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "database": "ok",
        "migrations": "ok",
        "redis": "ok",
    }


async def test_x(author: Account, reader: Account) -> None:
    post = await author.writes()
    r = await reader.client.get(f"/posts/{post.id}")
    assert r.status_code == 200, r.text
    r = await reader.client.get("/users/me")
    assert r.status_code == 200, r.text
