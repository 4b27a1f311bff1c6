"""The OpenAPI document and its two readers, Swagger UI and ReDoc, served without outside hosts."""

from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import APIRouter, FastAPI, Response
from fastapi.dependencies.models import Dependant
from fastapi.openapi.docs import (
    get_redoc_html,
    get_swagger_ui_html,
    get_swagger_ui_oauth2_redirect_html,
)
from fastapi.routing import RouteContext, iter_route_contexts
from fastapi.staticfiles import StaticFiles
from pydantic.json_schema import models_json_schema

from src.exceptions import NotAuthenticated, Problem
from src.problems import document_problems, errors_of

OPENAPI_URL = "/openapi.json"
ASSETS_URL = "/docs/assets"
ASSETS = Path(fastapi_offline.__file__).parent / "static"

ACCESS_TOKEN_SCHEME = "PersonalAccessToken"  # noqa: S105  (a name)
ACCESS_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A personal access token with the scopes that an operation names. Operations "
    "that do not list this scheme take a login.",
}

# The pages run one inline script of FastAPI's and load the rest from us.
PAGE_POLICY = (
    "default-src 'none'; connect-src 'self'; font-src 'self' data:; frame-ancestors 'none'; "
    "img-src 'self' data:; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "worker-src blob:"
)


def operation_id(route: Any) -> str:
    """Route functions have telling names of their own; generated clients use them."""
    return str(route.name)


def add_openapi(app: FastAPI) -> None:
    """Document in `app`'s OpenAPI the problems that each route can answer with."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            _add_problem_schemas(document)
            schemes = document["components"]["securitySchemes"]
            schemes[ACCESS_TOKEN_SCHEME] = ACCESS_TOKEN
            for route in iter_route_contexts(app.routes):
                _document_route(document, route)
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def docs_router(app: FastAPI) -> APIRouter:
    """The documentation pages; include them only where they may be seen."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def swagger_ui() -> Response:
        page = get_swagger_ui_html(
            openapi_url=OPENAPI_URL,
            title=f"{app.title}: API",
            swagger_js_url=f"{ASSETS_URL}/swagger-ui-bundle.js",
            swagger_css_url=f"{ASSETS_URL}/swagger-ui.css",
            swagger_favicon_url=f"{ASSETS_URL}/favicon.png",
            oauth2_redirect_url="/docs/oauth2-redirect",
            swagger_ui_parameters={"persistAuthorization": True, "displayRequestDuration": True},
        )
        return _as_page(page)

    @router.get("/docs/oauth2-redirect")
    async def swagger_ui_redirect() -> Response:
        return _as_page(get_swagger_ui_oauth2_redirect_html())

    @router.get("/redoc")
    async def redoc() -> Response:
        page = get_redoc_html(
            openapi_url=OPENAPI_URL,
            title=f"{app.title}: API",
            redoc_js_url=f"{ASSETS_URL}/redoc.standalone.js",
            redoc_favicon_url=f"{ASSETS_URL}/favicon.png",
            with_google_fonts=False,
        )
        return _as_page(page)

    router.mount(ASSETS_URL, _Assets(directory=ASSETS))
    return router


class _Assets(StaticFiles):
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "public, max-age=86400"
        return response


def _as_page(response: Response) -> Response:
    response.headers["content-security-policy"] = PAGE_POLICY
    return response


def _add_problem_schemas(document: dict[str, Any]) -> None:
    _, definitions = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(definitions["$defs"])
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)


def _document_route(document: dict[str, Any], route: RouteContext) -> None:
    operations = document["paths"].get(route.path_format, {})
    for method in route.methods or ():
        if operation := operations.get(method.lower()):
            document_problems(operation, route.dependant)
            if security := operation.get("security"):
                operation["security"] = _alternatives(security[0], route.dependant)


def _alternatives(login: dict[str, list[str]], dependant: Dependant) -> list[dict[str, list[str]]]:
    """A login opens every route; a personal access token those that ask for a scope of it."""
    ((scheme, scopes),) = login.items()
    known: list[dict[str, list[str]]] = [{scheme: []}]
    if scopes:
        known.append({ACCESS_TOKEN_SCHEME: scopes})
    is_optional = NotAuthenticated not in errors_of(dependant)
    return [{}, *known] if is_optional else known
