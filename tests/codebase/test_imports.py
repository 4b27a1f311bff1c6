"""Imports lead to modules of the codebase by Python's rules, and to libraries otherwise."""

import pytest

from tests.codebase.reading import Read

F = "def f(): pass\n"


def resolved(files: dict[str, str], statement: str, name: str, path: str = "app.py") -> str:
    return Read({**files, path: f"{files.get(path, '')}{statement}\n{name}\n"}).value(
        name, path=path
    )


@pytest.mark.parametrize(
    ("path", "statement", "name"),
    [
        ("app.py", "from src.a.b import f", "f"),
        ("app.py", "from src.a.b import f as g", "g"),
        ("app.py", "from src.a import b", "b.f"),
        ("app.py", "import src.a.b", "src.a.b.f"),
        ("app.py", "import src.a.b as c", "c.f"),
        ("app.py", "from src.a.b import *", "f"),
        ("src/main.py", "from src.a.b import f", "f"),
        ("src/main.py", "from .a.b import f", "f"),
        ("src/main.py", "from .a import b", "b.f"),
        ("src/main.py", "from . import a", "a.b.f"),
        ("src/a/c.py", "from .b import f", "f"),
        ("src/a/c.py", "from . import b", "b.f"),
        ("src/a/c.py", "from ..a.b import f", "f"),
        ("src/a/d/e.py", "from ..b import f", "f"),
        ("src/a/d/e.py", "from ...a import b", "b.f"),
        ("src/a/__init__.py", "from .b import f", "f"),
        ("src/a/__init__.py", "from . import b", "b.f"),
        ("app.py", "if x:\n    from src.a.b import f\nelse:\n    f = None", "f"),
        ("app.py", "try:\n    from src.a.b import f\nexcept ImportError:\n    f = None", "f"),
        (
            "app.py",
            "try:\n    from nowhere import f\nexcept ImportError:\n    from src.a.b import f",
            "f",
        ),
    ],
)
@pytest.mark.parametrize(
    "packages", [(), ("src/__init__.py", "src/a/__init__.py", "src/a/d/__init__.py")]
)
def test_imports_are_found(path: str, statement: str, name: str, packages: tuple[str, ...]) -> None:
    files = {**dict.fromkeys(packages, ""), "src/a/b.py": F, "src/a/d/x.py": F}
    assert resolved(files, statement, name, path) == "def f"


def test_names_are_found_through_packages() -> None:
    files = {
        "src/__init__.py": "from .a import *\n",
        "src/a/__init__.py": "from .b import f as g, c\nfrom src.a import d\n",
        "src/a/b.py": "from ._deep import f\nfrom . import c\n",
        "src/a/c.py": "f = 1\n",
        "src/a/d.py": F,
        "src/a/_deep.py": F,
    }
    assert resolved(files, "from src import g", "g") == "def f"
    assert resolved(files, "import src", "src.a.g") == "def f"
    assert resolved(files, "from src.a import c", "c") == "src/a/c.py"
    assert resolved(files, "from src.a import d", "d.f") == "def f"


def test_a_star_brings_no_private_names() -> None:
    files = {"a.py": "def _f(): pass\n" + F}
    assert resolved(files, "from a import *", "_f") == "?"
    assert resolved(files, "from a import *", "f") == "def f"


def test_a_name_of_ones_own_hides_a_star() -> None:
    assert resolved({"a.py": F}, "from a import *\ndef f(x): pass", "f") == "def f"
    assert resolved({"a.py": F}, "from a import *\nf = 'x'", "f") == "'x'"


def test_a_builtin_can_be_hidden_by_a_star() -> None:
    assert resolved({"a.py": "def open(): pass\n"}, "from a import *", "open") == "def open"


@pytest.mark.parametrize("root", ["", "backend/", "services/one/"])
@pytest.mark.parametrize("layout", ["", "src/"])
def test_any_folder_may_be_where_imports_begin(root: str, layout: str) -> None:
    files = {
        f"{root}{layout}shop/__init__.py": "",
        f"{root}{layout}shop/core/db.py": F,
        f"{root}{layout}shop/api/__init__.py": "",
    }
    path = f"{root}{layout}shop/api/routes.py"
    assert resolved(files, "from shop.core.db import f", "f", path) == "def f"
    assert resolved(files, "from shop.core.db import f", "f", f"{root}main.py") == "def f"


def test_each_of_several_applications_has_its_own_modules() -> None:
    files = {
        "one/app/db.py": "def one(): pass\n",
        "two/app/db.py": "def two(): pass\n",
        "two/app/__init__.py": "",
        "three/src/app/db.py": "def three(): pass\n",
    }
    assert resolved(files, "from app import db", "db.one", "one/main.py") == "def one"
    assert resolved(files, "from app import db", "db.two", "two/main.py") == "def two"
    assert resolved(files, "from app import db", "db.two", "two/app/api/routes.py") == "def two"
    assert resolved(files, "from app import db", "db.three", "three/main.py") == "def three"
    assert resolved(files, "from app import db", "db.three", "three/tests/test_x.py") == "def three"


def test_a_library_is_external() -> None:
    assert resolved({}, "import fastapi", "fastapi.APIRouter") == "fastapi.APIRouter"
    assert resolved({}, "from sqlalchemy.orm import Session as S", "S") == "sqlalchemy.orm.Session"
    assert resolved({}, "import a.b.c", "a.b.c.d") == "a.b.c.d"
    assert resolved({}, "import a.b.c as e", "e.d") == "a.b.c.d"
    assert resolved({}, "from .gone import x", "x") == "?"


@pytest.mark.parametrize("library", ["redis", "email", "logging", "fastapi", "jwt"])
def test_a_module_beside_others_does_not_take_a_library_s_name(library: str) -> None:
    """`src/auth/redis.py` is `src.auth.redis`, not `redis`."""
    files = {"src/auth/__init__.py": "", f"src/auth/{library}.py": F, "src/__init__.py": ""}
    assert (
        resolved(files, f"import {library}", f"{library}.f", "src/auth/service.py")
        == f"{library}.f"
    )
    assert (
        resolved(files, f"import {library}", f"{library}.f", f"src/auth/{library}.py")
        == f"{library}.f"
    )
    assert resolved(files, f"from . import {library}", f"{library}.f", "src/auth/a.py") == "def f"
    assert resolved(files, f"from src.auth.{library} import f", "f") == "def f"


def test_a_package_at_the_root_may_take_a_library_s_name() -> None:
    files = {"redis/__init__.py": F, "src/main.py": ""}
    assert resolved(files, "import redis", "redis.f") == "def f"


def test_circles_of_imports_come_to_an_end() -> None:
    files = {
        "a.py": "from b import f, lost\nfrom b import *\n",
        "b.py": "from c import *\nfrom a import lost\n",
        "c.py": "from a import *\nfrom a import f as again\ndef f(): pass\n",
    }
    assert resolved(files, "from a import f", "f") == "def f"
    assert resolved(files, "from c import again", "again") == "def f"
    assert resolved(files, "from a import lost", "lost") == "?"
    assert resolved(files, "from a import never", "never") == "?"


def test_a_module_that_imports_itself_comes_to_an_end() -> None:
    assert resolved({}, "from app import x", "x") == "?"
    assert resolved({}, "import app", "app.app.app") == "app.py"
    assert resolved({}, "from app import *", "x") == "?"


def test_a_submodule_is_found_where_the_package_has_no_such_name() -> None:
    files = {"p/__init__.py": "x = 'x'\n", "p/x.py": "", "p/y.py": F}
    assert resolved(files, "import p", "p.x") == "'x'"
    assert resolved(files, "from p import y", "y.f") == "def f"


@pytest.mark.parametrize(
    "statement", ["from .... import x", "from ..........a.b import x", "import a..b"]
)
def test_dots_that_lead_outside_are_no_error(statement: str) -> None:
    Read({"a/app.py": f"{statement}\nx\n"}).value("x", path="a/app.py")


def test_a_program_may_be_started_inside_its_package() -> None:
    files = {
        "one/__init__.py": "",
        "one/auth/__init__.py": "",
        "one/auth/tokens.py": "f = 1\n",
        "one/routers/__init__.py": "",
        "one/routers/auth.py": "",
        "two/__init__.py": "",
        "two/auth/__init__.py": "",
        "two/auth/tokens.py": F,
        "two/routers/__init__.py": "",
        "two/routers/auth.py": "",
    }
    for path in ("two/main.py", "two/routers/posts.py", "two/routers/auth.py"):
        assert resolved(files, "from auth.tokens import f", "f", path) == "def f"
