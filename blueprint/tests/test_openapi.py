"""The OpenAPI document and the pages that show it."""

import re
from typing import Any

import httpx2
import pytest
from fastapi.routing import iter_route_contexts

from src.exceptions import PROBLEM_MEDIA_TYPE, AppError
from src.main import app
from tests.routes import PAGES, ROUTES
from tests.routing import Access

DOCUMENT = app.openapi()
OPERATIONS: dict[tuple[str, str], dict[str, Any]] = {
    (method.upper(), path): operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
EACH = pytest.mark.parametrize("key", OPERATIONS, ids=" ".join)


def tree(error: type[AppError]) -> list[type[AppError]]:
    return [error, *(leaf for child in error.__subclasses__() for leaf in tree(child))]


@EACH
def test_every_operation_is_explained(key: tuple[str, str]) -> None:
    operation = OPERATIONS[key]

    assert operation["summary"]
    assert operation["tags"]
    for response in operation["responses"].values():
        assert response["description"]


def test_operations_have_different_short_names() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) for name in names)


@EACH
def test_every_error_is_documented_as_a_problem(key: tuple[str, str]) -> None:
    for status, response in OPERATIONS[key]["responses"].items():
        if status >= "400":
            (media_type,) = response["content"]
            assert media_type == PROBLEM_MEDIA_TYPE
            content = response["content"][media_type]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert content["examples"]
            for code, example in content["examples"].items():
                assert example["value"]["code"] == code
                assert example["value"]["status"] == int(status)


@EACH
def test_every_operation_names_the_problems_that_its_kind_can_meet(key: tuple[str, str]) -> None:
    operation, access = OPERATIONS[key], ROUTES[key].access
    statuses = set(operation["responses"])

    expected = {"500"} if key == ("GET", "/health/live") else {"500", "503"}
    if access is not Access.PUBLIC:
        expected.add("401")
    if access in {Access.USER, Access.OWNER}:
        expected.add("403")
    if "{" in key[1]:
        expected |= {"404", "422"}
    if "requestBody" in operation:
        expected |= {"400", "413", "422"}
    assert expected <= statuses


def test_every_code_has_one_status() -> None:
    codes: dict[str, set[int]] = {}
    for error in tree(AppError):
        codes.setdefault(error.code, set()).add(error.status)

    assert all(len(statuses) == 1 for statuses in codes.values())


def test_codes_and_details_are_for_programs_and_people() -> None:
    for error in tree(AppError):
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", error.code)
        assert error.detail.endswith(".")
        assert 400 <= error.status <= 599


@EACH
def test_protected_operations_say_how_to_log_in(key: tuple[str, str]) -> None:
    is_open = ROUTES[key].access is Access.PUBLIC

    assert ("security" not in OPERATIONS[key]) is is_open


def test_authorize_leads_to_the_token_route() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]

    assert set(schemes) == {"OAuth2PasswordBearer", "PersonalAccessToken"}
    assert schemes["OAuth2PasswordBearer"]["flows"]["password"]["tokenUrl"] == "/auth/token"
    assert ("POST", "/auth/token") in OPERATIONS


@EACH
def test_every_operation_says_which_tokens_open_it(key: tuple[str, str]) -> None:
    route = ROUTES[key]
    security = OPERATIONS[key].get("security", [{}])

    assert ({} in security) is (route.access in {Access.PUBLIC, Access.OPTIONAL})
    assert ({"OAuth2PasswordBearer": []} in security) is (route.access is not Access.PUBLIC)
    assert ({"PersonalAccessToken": [route.scope]} in security) is (route.scope is not None)


@EACH
def test_what_can_be_tried_again_says_when(key: tuple[str, str]) -> None:
    for status in OPERATIONS[key]["responses"].keys() & {"429", "503"}:
        assert "Retry-After" in OPERATIONS[key]["responses"][status]["headers"]


def test_no_schema_is_left_unused() -> None:
    text = str(DOCUMENT)

    for name in DOCUMENT["components"]["schemas"]:
        assert f"'#/components/schemas/{name}'" in text, name


def test_no_route_hides_from_the_document_but_pages() -> None:
    hidden = {
        route.path_format
        for route in iter_route_contexts(app.routes)
        if route.methods and not route.include_in_schema
    }

    assert hidden == {path for _, path in ROUTES if path.startswith(PAGES)}


async def test_the_document_is_served(client: httpx2.AsyncClient) -> None:
    response = await client.get("/openapi.json")

    assert response.json() == DOCUMENT
    assert response.json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("page", ["/docs", "/redoc", "/docs/oauth2-redirect"])
async def test_a_page_needs_no_other_host(client: httpx2.AsyncClient, page: str) -> None:
    response = await client.get(page)

    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert not re.search(r"(https?:)?//[\w-]+\.\w", re.sub(r"<!--.*?-->", "", response.text))
    policy = response.headers["content-security-policy"]
    assert "http" not in policy
    for link in re.findall(r'(?:src|href)="([^"]+)"', response.text):
        asset = await client.get(link)
        assert asset.status_code == 200, link
        assert "max-age" in asset.headers["cache-control"]
