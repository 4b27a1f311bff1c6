"""What surrounds every request: ids, headers, hosts, origins, limits, and problems for errors."""

import re
from collections.abc import Callable

import httpx2
import pytest
from fastapi import FastAPI

from src.config import Environment, settings
from src.main import create_app
from src.middleware import HSTS, SECURITY_HEADERS
from tests.accounts import Account
from tests.clients import RunningApp
from tests.contract import assert_problem
from tests.environment import ORIGIN
from tests.fixtures import ChangeSettings

BuildApp = Callable[..., RunningApp]

PAGE = "/account/verify-email"  # for everybody


@pytest.fixture
def build(app: RunningApp, change: ChangeSettings, monkeypatch: pytest.MonkeyPatch) -> BuildApp:
    """The application with other settings, and a route that crashes."""
    monkeypatch.setattr("src.main.configure_logging", lambda **_: None)
    monkeypatch.setattr("src.main.refuse_unsafe_start", lambda _: None)

    def build(**changes: object) -> RunningApp:
        change(settings, **changes)
        other: FastAPI = create_app()

        @other.get("/crash")
        async def crash() -> None:
            raise RuntimeError("the password is in the details")

        return RunningApp(other, app.state)

    return build


async def test_a_request_gets_an_id_of_its_own(client: httpx2.AsyncClient) -> None:
    first, second = [(await client.get("/health/live")).headers["x-request-id"] for _ in range(2)]

    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second


@pytest.mark.parametrize("request_id", ["0123456789abcdef", "a.b-c_d1", "x" * 64])
async def test_a_good_id_of_the_caller_is_kept(client: httpx2.AsyncClient, request_id: str) -> None:
    response = await client.get("/missing", headers={"X-Request-ID": request_id})

    assert response.headers["x-request-id"] == request_id
    assert response.json()["request_id"] == request_id


@pytest.mark.parametrize(
    "request_id", ["", "short", "x" * 65, "two words", "line\tbreak", "<script>x", "ümlaut-id"]
)
async def test_a_bad_id_of_the_caller_is_replaced(
    client: httpx2.AsyncClient, request_id: str
) -> None:
    headers = {b"X-Request-ID": request_id.encode()}

    response = await client.get("/missing", headers=headers)

    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])


def assert_secured(response: httpx2.Response) -> None:
    for name, value in SECURITY_HEADERS.items():
        assert response.headers.get_list(name) == [value], name
    assert len(response.headers.get_list("x-request-id")) == 1


async def test_every_kind_of_response_has_the_security_headers(
    build: BuildApp, author: Account
) -> None:
    app = build(debug=False)
    client = app.client(author.access_token)

    by_status = {
        200: await client.get("/users/me"),
        400: await app.client(headers={"Host": "evil.example.com"}).get(PAGE),
        401: await app.client().get("/users/me"),
        404: await client.get("/missing"),
        405: await client.put("/users/me"),
        413: await client.patch("/users/me", content=b"x" * 2_000_000),
        422: await client.patch("/users/me", json={"first_name": ""}),
        500: await client.get("/crash"),
        204: await client.post("/auth/logout"),
    }

    for status, response in by_status.items():
        assert response.status_code == status
        assert_secured(response)


async def test_only_production_insists_on_https(
    build: BuildApp, client: httpx2.AsyncClient
) -> None:
    assert "strict-transport-security" not in (await client.get("/users/me")).headers

    staging = build(environment=Environment.STAGING).client()
    assert "strict-transport-security" not in (await staging.get("/users/me")).headers


async def test_production_insists_on_https_and_shows_no_docs(build: BuildApp) -> None:
    client = build(environment=Environment.PRODUCTION).client()

    response = await client.get("/users/me")

    for name, value in HSTS.items():
        assert response.headers[name] == value
    for path in ("/docs", "/redoc", "/openapi.json", "/docs/assets/swagger-ui.css"):
        assert_problem(await client.get(path), 404, "not_found")


async def test_an_unexpected_error_tells_nothing_but_its_id(
    build: BuildApp, caplog: pytest.LogCaptureFixture
) -> None:
    response = await build().client().get("/crash", headers={"Origin": ORIGIN})

    problem = assert_problem(response, 500, "internal_error")
    assert set(problem) == {
        *("type", "title", "status", "detail", "code", "instance", "request_id")
    }
    assert not re.search("password|details|RuntimeError|Traceback|crash.py", response.text)
    assert response.headers["access-control-allow-origin"] == ORIGIN


async def test_an_unknown_path_is_a_problem(client: httpx2.AsyncClient) -> None:
    for path in (
        "/missing",
        "/users/me/",
        "/auth/sessions/",
        "/Users/me",
        "//users/me",
        "/docs/assets/missing.js",
    ):
        assert_problem(await client.get(path), 404, "not_found")


@pytest.mark.parametrize("host", ["evil.example.com", "api.example.com.evil.com", "", "[::1"])
async def test_another_host_is_a_problem(app: RunningApp, host: str) -> None:
    response = await app.client(headers={"Host": host}).get(PAGE)

    problem = assert_problem(response, 400, "bad_request")
    assert "Invalid host" not in problem["detail"]


@pytest.mark.parametrize("host", ["api.example.com", "API.example.com", "api.example.com:8443"])
async def test_the_right_host_is_let_in(app: RunningApp, host: str) -> None:
    assert (await app.client(headers={"Host": host}).get(PAGE)).status_code == 200


async def test_hosts_can_be_all_of_a_domain(build: BuildApp) -> None:
    app = build(allowed_hosts=("*.example.org",))

    assert (await app.client(headers={"Host": "a.example.org"}).get(PAGE)).status_code == 200
    assert (await app.client(headers={"Host": "example.net"}).get(PAGE)).status_code == 400


async def test_a_platform_may_ask_for_health_by_address(app: RunningApp) -> None:
    client = app.client(headers={"Host": "10.0.0.7:8000"})

    assert (await client.get("/health/live")).status_code == 200
    assert (await client.get("/health/ready")).status_code == 200


async def test_an_allowed_origin_may_read(client: httpx2.AsyncClient) -> None:
    response = await client.get(PAGE, headers={"Origin": ORIGIN})

    assert response.headers["access-control-allow-origin"] == ORIGIN
    exposed = response.headers["access-control-expose-headers"]
    assert set(exposed.split(", ")) >= {"ETag", "Retry-After", "X-Request-ID"}
    assert "access-control-allow-credentials" not in response.headers


async def test_an_allowed_origin_may_read_errors(client: httpx2.AsyncClient) -> None:
    for path in ("/missing", "/users/me", "/auth/token"):
        response = await client.get(path, headers={"Origin": ORIGIN})
        assert response.status_code >= 400
        assert response.headers["access-control-allow-origin"] == ORIGIN


async def test_another_origin_may_not_read(client: httpx2.AsyncClient) -> None:
    response = await client.get(PAGE, headers={"Origin": "https://evil.example.com"})

    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_a_preflight_of_an_allowed_origin_is_answered(
    client: httpx2.AsyncClient, method: str
) -> None:
    response = await client.options(
        "/users/me",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization, content-type, if-none-match",
        },
    )

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert method in response.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example.com", "Access-Control-Request-Method": "GET"},
        {"Origin": ORIGIN, "Access-Control-Request-Method": "TRACE"},
        {
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "x-evil",
        },
    ],
)
async def test_a_refused_preflight_is_a_problem(
    client: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    response = await client.options("/users/me", headers=headers)

    assert_problem(response, 400, "bad_request")


async def test_without_origins_no_page_may_read(build: BuildApp) -> None:
    response = await build(cors_origins=()).client().get(PAGE, headers={"Origin": ORIGIN})

    assert "access-control-allow-origin" not in response.headers


async def test_a_body_of_just_the_limit_is_read(author: Account, build: BuildApp) -> None:
    client = build(max_body_size=1024).client(author.access_token)
    fits = b'{"first_name": "Grace"}'.ljust(1024)
    headers = {"Content-Type": "application/json"}

    assert (await client.patch("/users/me", content=fits, headers=headers)).status_code == 200
    response = await client.patch("/users/me", content=fits + b" ", headers=headers)
    assert_problem(response, 413, "content_too_large")


async def test_a_trusted_proxy_is_believed_and_no_other(
    build: BuildApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = build(trusted_proxies=("10.0.0.0/8",))
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    addresses = []
    for proxy in ("10.1.2.3", "192.0.2.1"):
        caplog.clear()
        with caplog.at_level("INFO", "access"):
            await app.client(headers=headers, address=proxy).get("/health/live")
        addresses += [
            vars(record)["fields"]["client"] for record in caplog.records if record.name == "access"
        ]

    assert addresses == ["203.0.113.9", "192.0.2.1"]


async def test_debugging_shows_the_error(build: BuildApp) -> None:
    with pytest.raises(RuntimeError):
        await build(debug=True).client().get("/crash")
