"""Routes are found under whatever router, prefix and inclusion, or counted as unknown."""

from collections.abc import Mapping

import pytest

from fastwright.application import understanding
from fastwright.application.application import Application, read_texts

HEAD = "from fastapi import APIRouter, FastAPI, Depends\n"


def read(files: str | Mapping[str, str]) -> Application:
    texts = {"app.py": HEAD + files} if isinstance(files, str) else files
    return read_texts(texts)


def routes(files: str | Mapping[str, str]) -> list[str]:
    """Return every path that is served, with its methods and function."""
    found = []
    for route in read(files).routes:
        paths = [each.path for each in route.registrations] or [f"({route.path})"]
        methods = ",".join(sorted(route.methods))
        found += [f"{methods} {path} {route.function.qualified_name}" for path in paths]
    return found


def unknown(files: str | Mapping[str, str]) -> int:
    return len(understanding.unknowns(read(files)))


# Registration.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("app = FastAPI()\n@app.get('/a')\ndef f(): pass\n", ["GET /a f"]),
        ("api = FastAPI()\n@api.post(path='/a')\nasync def f(): pass\n", ["POST /a f"]),
        (
            ("app = FastAPI()\n@app.get('/a')\n@app.head('/a')\ndef f(): pass\n"),
            ["GET /a f", "HEAD /a f"],
        ),
        (
            ("app = FastAPI()\n@app.get('/a', response_model=None,)\n@other\ndef f(): pass\n"),
            ["GET /a f"],
        ),
        (
            ("app = FastAPI()\n@app.api_route('/a', methods=['get', 'PUT'])\ndef f(): pass\n"),
            ["GET,PUT /a f"],
        ),
        ("app = FastAPI()\n@app.api_route('/a')\ndef f(): pass\n", ["GET /a f"]),
        ("app = FastAPI()\ndef f(): pass\napp.get('/a')(f)\n", ["GET /a f"]),
        ("app = FastAPI()\n@app.websocket('/a')\nasync def f(ws): pass\n", ["WEBSOCKET /a f"]),
        ("app = FastAPI()\n@app.route('/a')\ndef f(r): pass\n", ["GET /a f"]),
        ("app = FastAPI()\ndef f(): pass\napp.add_api_route('/a', f)\n", ["GET /a f"]),
        (
            (
                "app = FastAPI()\ndef f(): pass\n"
                "app.add_api_route('/a', endpoint=f, methods=['POST'])\n"
            ),
            ["POST /a f"],
        ),
        (
            ("app = FastAPI()\nasync def f(ws): pass\napp.add_api_websocket_route('/a', f)\n"),
            ["WEBSOCKET /a f"],
        ),
        ("app = FastAPI()\nP = '/a'\n@app.get(P + '/b')\ndef f(): pass\n", ["GET /a/b f"]),
        ("app = FastAPI()\nclass P:\n    A = '/a'\n@app.get(P.A)\ndef f(): pass\n", ["GET /a f"]),
        ("app = FastAPI()\n@app.get(make())\ndef f(): pass\n", ["GET None f"]),
        ("app = FastAPI()\n@app.get('/' 'a')\ndef f(): pass\n", ["GET /a f"]),
        ("class App(FastAPI): pass\napp = App()\n@app.get('/a')\ndef f(): pass\n", ["GET /a f"]),
        ("import fastapi as fa\nx = fa.FastAPI()\n@x.get('/a')\ndef f(): pass\n", ["GET /a f"]),
        ("app: FastAPI = FastAPI()\n@app.get('/a')\ndef f(): pass\n", ["GET /a f"]),
        (
            (
                "def create():\n    app = FastAPI()\n    @app.get('/a')\n"
                "    def f(): pass\n    return app\n"
            ),
            ["GET /a create.f"],
        ),
        ("r = APIRouter(prefix='/r')\n@r.get('/a')\ndef f(): pass\n", ["GET (/r/a) f"]),
        (
            ("class A:\n    r = APIRouter()\n    @r.get('/a')\n    def f(self): pass\n"),
            ["GET (/a) A.f"],
        ),
        # No routes.
        ("cache = {}\ndef f(): return cache.get('/a')\n", []),
        ("import httpx\n@httpx.get('/a')\ndef f(): pass\n", []),
        ("@mock.patch('/a')\ndef f(): pass\n", []),
    ],
)
def test_routes_are_found(text: str, expected: list[str]) -> None:
    assert routes(text) == expected


@pytest.mark.parametrize("alias", ["", " as r"])
@pytest.mark.parametrize("form", ["from", "module", "package"])
def test_a_router_may_be_imported_in_any_way(alias: str, form: str) -> None:
    name = "r" if alias else "router"
    main = {
        "from": f"from src.posts.router import router{alias}\nx = {name}\n",
        "module": "from src.posts import router as posts\nx = posts.router\n",
        "package": f"from src.posts import router{alias}\nx = {name}\n",
    }[form]
    files = {
        "src/posts/router.py": (
            "from fastapi import APIRouter\n"
            "router = APIRouter(prefix='/posts')\n@router.get('/{id}')\n"
            "def f(id): pass\n"
        ),
        "src/main.py": (
            f"from fastapi import FastAPI\n{main}app = FastAPI()\n"
            "app.include_router(x, prefix='/v1')\n"
        ),
    }
    if form == "package":
        files["src/posts/__init__.py"] = "from .router import router\n"
    assert routes(files) == ["GET /v1/posts/{id} f"]
    assert unknown(files) == 0


# Inclusion.

ROUTERS = (
    "a, b = APIRouter(prefix='/a'), APIRouter(prefix='/b')\n"
    "@a.get('/x')\ndef f(): pass\n@b.get('/y')\ndef g(): pass\n"
)
SPLIT = (
    "a = APIRouter(prefix='/a')\nb = APIRouter(prefix='/b')\n"
    "@a.get('/x')\ndef f(): pass\n@b.get('/y')\ndef g(): pass\n"
)
BOTH = ["GET /a/x f", "GET /b/y g"]


@pytest.mark.parametrize("routers", [SPLIT, ROUTERS])
@pytest.mark.parametrize(
    "text",
    [
        "app = FastAPI()\napp.include_router(a)\napp.include_router(b)\n",
        "app = FastAPI()\napp.include_router(router=a)\napp.include_router(b, tags=['b'])\n",
        "app = FastAPI()\nfor r in (a, b):\n    app.include_router(r)\n",
        "app = FastAPI()\nROUTERS = [a, b]\nfor r in ROUTERS: app.include_router(r)\n",
        "app = FastAPI()\n[app.include_router(r) for r in [a, b]]\n",
        (
            "app = FastAPI()\nif x:\n    app.include_router(a)\nelse:\n"
            "    app.include_router(a)\napp.include_router(b)\n"
        ),
        (
            "def make():\n    app = FastAPI()\n    app.include_router(a)\n"
            "    app.include_router(b)\n    return app\napp = make()\n"
        ),
        (
            "def make() -> FastAPI:\n    return FastAPI()\napp = make()\n"
            "app.include_router(a)\napp.include_router(b)\n"
        ),
        (
            "def add(app):\n    app.include_router(a)\n"
            "    app.include_router(b)\napp = FastAPI()\nadd(app)\n"
        ),
        (
            "def add(app: FastAPI) -> None:\n    app.include_router(a)\n"
            "    app.include_router(b)\nadd(FastAPI())\n"
        ),
        (
            "def v1():\n    r = APIRouter()\n    r.include_router(a)\n"
            "    return r\napp = FastAPI()\napp.include_router(v1())\n"
            "app.include_router(b)\n"
        ),
        (
            "class Server:\n    def __init__(self):\n"
            "        self.app = FastAPI()\n        self.add()\n"
            "    def add(self):\n        self.app.include_router(a)\n"
            "        self.app.include_router(b)\n"
        ),
    ],
)
def test_included_routers_are_served(text: str, routers: str) -> None:
    found = routes(routers + text)
    assert list(dict.fromkeys(found)) == BOTH
    assert unknown(routers + text) == 0


def test_prefixes_add_up() -> None:
    text = (
        "a = APIRouter(prefix='/a')\nb = APIRouter(prefix='/b')\nc = APIRouter()\napp = FastAPI()\n"
        "V = '/v1'\n@c.get('/x')\ndef f(): pass\n@c.get('')\ndef g(): pass\n"
        "b.include_router(c, prefix='/c')\na.include_router(b)\napp.include_router(a, prefix=V)\n"
    )
    assert routes(text) == ["GET /v1/a/b/c/x f", "GET /v1/a/b/c g"]


def test_a_router_may_be_served_twice() -> None:
    text = SPLIT + "app = FastAPI()\napp.include_router(a)\napp.include_router(a, prefix='/old')\n"
    assert routes(text)[:2] == ["GET /a/x f", "GET /old/a/x f"]


def test_a_prefix_that_cannot_be_read_is_not_guessed() -> None:
    for text in ("prefix=make()", "prefix=f'/{x}'", "prefix=settings.PREFIX"):
        found = routes(SPLIT + f"app = FastAPI()\napp.include_router(a, {text})\n")
        assert found == ["GET None f", "GET (/b/y) g"]


def test_routers_that_include_each_other_come_to_an_end() -> None:
    text = SPLIT + (
        "app = FastAPI()\na.include_router(b)\nb.include_router(a)\n"
        "a.include_router(a)\napp.include_router(a)\n"
    )
    assert "GET /a/x f" in routes(text)


def test_a_mounted_application_is_served_below() -> None:
    text = (
        "app = FastAPI()\nsub = FastAPI()\n@sub.get('/x')\n"
        "def f(): pass\n@app.get('/y')\ndef g(): pass\n"
        "app.mount('/sub', sub)\n"
    )
    assert routes(text) == ["GET /sub/x f", "GET /y g"]
    assert unknown(text) == 0


def test_static_files_are_no_unknown_routes() -> None:
    text = (
        "from fastapi.staticfiles import StaticFiles\napp = FastAPI()\n"
        "app.mount('/s', StaticFiles(directory='s'))\n"
    )
    assert (routes(text), unknown(text)) == ([], 0)


@pytest.mark.parametrize(
    "text",
    [
        "app = FastAPI()\napp.include_router(load('x').router)\n",
        "app = FastAPI()\nfor m in modules: app.include_router(m.router)\n",
        "app = FastAPI()\nfor r in load(): app.include_router(r)\n",
        "app = FastAPI()\ndef f(): pass\napp.add_api_route('/a', getattr(x, 'f'))\n",
        "app = FastAPI()\napp.add_api_route('/a', lambda: 1)\n",
        "r = load()\n@r.get('/a')\ndef f(): pass\n",
        "def add(app: FastAPI):\n    @app.get('/a')\n    def f(): pass\n",
    ],
)
def test_what_cannot_be_followed_is_counted(text: str) -> None:
    assert routes(text) == []
    assert unknown(text) == 1


def test_tests_are_no_part_of_the_application() -> None:
    text = HEAD + "app = FastAPI()\n@app.get('/a')\ndef f(x=Depends(g)): pass\ndef g(): pass\n"
    read_ = read({"tests/test_app.py": text, "src/test_app.py": text, "conftest.py": text})
    assert read_.routes == []
    assert read_.entries == []
    assert read_.routers.all == []
    assert understanding.unknowns(read_) == []


def test_routes_come_in_the_order_of_the_files() -> None:
    app = HEAD + "app = FastAPI()\n@app.get('/2')\ndef b(): pass\n@app.get('/1')\ndef a(): pass\n"
    assert routes({"z.py": app, "a.py": app}) == ["GET /2 b", "GET /1 a"] * 2


def test_path_parameters_are_those_of_the_whole_path() -> None:
    text = (
        "r = APIRouter(prefix='/u/{user_id}')\n"
        "@r.get('/f/{ name : path }')\ndef f(): pass\napp = FastAPI()\n"
        "app.include_router(r)\n"
    )
    (route,) = read(text).routes
    assert route.path_parameters == ("user_id", "name")


def test_places_are_those_of_the_function_s_name() -> None:
    (route,) = read(
        "app = FastAPI()\n@app.get(\n    '/ü',\n)\n@other\nasync def ünder(): pass\n"
    ).routes
    assert (route.place.line, route.place.column, route.place.symbol) == (7, 11, "ünder")


def test_routers_that_one_function_makes_have_paths_that_nobody_knows() -> None:
    maker = f"{HEAD}def make():\n    return APIRouter(prefix='/v1')\n"
    user = "from making import make\nrouter = make()\n@router.get('/')\ndef read(): ...\n"
    main = (
        f"{HEAD}import posts, users\n"
        "app = FastAPI()\n"
        "app.include_router(posts.router, prefix='/posts')\n"
        "app.include_router(users.router, prefix='/users')\n"
    )
    files = {"making.py": maker, "posts.py": user, "users.py": user, "main.py": main}
    application = read(files)
    assert {route.path for route in application.routes} == {None}
    assert not application.matching.candidates
    one = {"making.py": maker, "posts.py": user, "main.py": main.replace("users.router", "None")}
    assert "GET /posts/v1/ read" in routes(one)
