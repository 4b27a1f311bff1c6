"""The application that a project names as its own comes first."""

import pytest

from fastwright.application.application import Application, read_texts

_APP = "from fastapi import FastAPI\n\n\n{}\n"
_MADE = _APP.format("app = FastAPI()")
_FACTORY = _APP.format("def create_app() -> FastAPI:\n    return FastAPI()")


def read(pyproject: str, files: dict[str, str]) -> Application:
    return read_texts({"pyproject.toml": pyproject, **files})


def named(entrypoint: str) -> str:
    return f'[tool.fastapi]\nentrypoint = "{entrypoint}"\n'


@pytest.mark.parametrize(
    ("entrypoint", "path", "text"),
    [
        ("app.main:app", "app/main.py", _MADE),
        ("main:app", "main.py", _MADE),
        ("main", "main.py", _MADE),
        ("shop.main:app", "src/shop/main.py", _MADE),
        ("main:create_app", "main.py", _FACTORY),
    ],
)
def test_an_entry_point_leads_to_its_application(entrypoint: str, path: str, text: str) -> None:
    found = read(named(entrypoint), {path: text}).entrypoint
    assert found is not None
    assert found.scope.module.path == path


@pytest.mark.parametrize(
    "pyproject",
    [
        "",
        "tool = 3\n",
        "[tool]\nfastapi = 3\n",
        "[tool.fastapi]\nentrypoint = 3\n",
        "[tool.fastapi\n",
        named("missing:app"),
        named("main:missing"),
    ],
)
def test_what_names_no_application_is_passed_over(pyproject: str) -> None:
    assert read(pyproject, {"main.py": _MADE}).entrypoint is None


def test_the_routes_of_the_named_application_are_registered_first() -> None:
    files = {
        "a.py": "from fastapi import FastAPI\nfrom items import router\n\n"
        "app = FastAPI()\napp.include_router(router, prefix='/a')\n",
        "b.py": "from fastapi import FastAPI\nfrom items import router\n\n"
        "app = FastAPI()\napp.include_router(router, prefix='/b')\n",
        "items.py": "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n"
        "@router.get('/items')\ndef items() -> None: ...\n",
    }
    assert read(named("b:app"), files).routes[0].path == "/b/items"
    assert read(named("a:app"), files).routes[0].path == "/a/items"
