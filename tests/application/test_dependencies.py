"""Dependencies are found wherever they are written, with what FastAPI calls for them."""

import pytest

from fastwright.application.application import Application, read_texts
from fastwright.application.dependencies import Dependency
from tests.codebase.reading import Read, shown

HEAD = """
from functools import partial
from typing import Annotated, Optional, Union
from fastapi import APIRouter, Depends, FastAPI, Security
import fastapi
from fastapi.params import Depends as DependsClass
from fastapi.security import OAuth2PasswordBearer
app = FastAPI()

class A:
    def run(self): pass
def get() -> A: ...
async def get_async() -> A: ...
def get_yielding():
    yield A()
class Cls:
    def __init__(self, x: int = 0, a: A = Depends(get)): pass
class Callable_:
    def __call__(self, a: A = Depends(get)) -> A: ...
checker = Callable_()
Dep = Annotated[A, Depends(get)]
"""


def read(text: str) -> Application:
    return read_texts({"app.py": f"{HEAD}{text}"})


def provided(dependencies: tuple[Dependency, ...]) -> list[str]:
    return [shown(each.provided) for each in dependencies]


def of_function(text: str) -> list[str]:
    read_ = Read(f"{HEAD}{text}")
    return provided(read_.application.dependencies.of_function(read_.function("f")))


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ("x=Depends(get)", "def get"),
        ("x: A = Depends(get)", "def get"),
        ("x: A = Depends(dependency=get)", "def get"),
        ("x: A = DependsClass(get)", "def get"),
        ("x: Annotated[A, fastapi.params.Depends(get)]", "def get"),
        ("x: A = fastapi.Depends(get)", "def get"),
        ("x: A = Depends(get, use_cache=False)", "def get"),
        ("x: A = Security(get, scopes=['a'])", "def get"),
        ("x: Annotated[A, Depends(get)]", "def get"),
        ("x: Annotated[A, 'doc', Depends(get)]", "def get"),
        ("x: Annotated[A, Depends(get)] = None", "def get"),
        ("x: Annotated[A | None, Depends(get)] = None", "def get"),
        ("x: Dep", "def get"),
        ("x: 'Dep'", "def get"),
        ("x: Dep | None", "def get"),
        ("x: Optional[Dep]", "def get"),
        ("x: Union[None, Dep]", "def get"),
        ("x: Annotated[Dep, 'more']", "def get"),
        ("*, x: Dep", "def get"),
        ("x: A = Depends(get_async)", "def get_async"),
        ("x: A = Depends(get_yielding)", "def get_yielding"),
        ("x: A = Depends(Cls)", "class Cls"),
        ("x: A = Depends(Callable_())", "Callable_()"),
        ("x: A = Depends(checker)", "Callable_()"),
        ("x: A = Depends(checker.__call__)", "def Callable_.__call__"),
        ("x: Cls = Depends()", "class Cls"),
        ("x: Annotated[Cls, Depends()]", "class Cls"),
        ("x: 'Cls' = Depends()", "class Cls"),
        ("x: A = Depends(partial(get, 1))", "def get"),
        ("x: A = Depends(lambda: A())", "?"),
        ("x: A = Depends(gone)", "?"),
        ("x = Depends()", "?"),
    ],
)
def test_a_parameter_may_be_a_dependency(parameter: str, expected: str) -> None:
    assert of_function(f"def f({parameter}): pass\n") == [expected]


@pytest.mark.parametrize(
    "parameter",
    [
        "x",
        "x: A",
        "x: int = 1",
        "x: Annotated[A, 'Depends(get)']",
        "x: A = get()",
        "x: A = gone(get)",
        "*x",
        "**x: A",
    ],
)
def test_a_parameter_may_be_none(parameter: str) -> None:
    assert of_function(f"def f({parameter}): pass\n") == []


@pytest.mark.parametrize(
    "statement",
    [
        "from deps import Dep",
        "from deps import Dep as D",
        "import deps",
        "from deps import *",
        "from pack import Dep",
    ],
)
def test_aliases_may_be_imported(statement: str) -> None:
    annotation = {"import deps": "deps.Dep"}.get(
        statement, statement.rpartition(" ")[2].replace("*", "Dep")
    )
    files = {
        "deps.py": (
            "from typing import Annotated\nfrom fastapi import Depends\n"
            "def get(): pass\nDep = Annotated[str, Depends(get)]\n"
        ),
        "pack/__init__.py": "from deps import Dep\n",
        "app.py": f"{statement}\ndef f(x: {annotation}): pass\n",
    }
    read_ = Read(files)
    (found,) = read_.application.dependencies.of_function(read_.function("f"))
    assert shown(found.provided) == "def get"
    assert found.scope.module.path == "deps.py"
    assert not found.is_default


def test_a_new_style_alias_is_one_too() -> None:
    assert of_function("type New = Annotated[A, Depends(get)]\ndef f(x: New): pass\n") == [
        "def get"
    ]


def test_an_alias_may_be_generic() -> None:
    text = (
        "from typing import TypeVar\nT = TypeVar('T')\n"
        "G = Annotated[T, Depends(get)]\ndef f(x: G[A]): pass\n"
    )
    assert of_function(text) == ["def get"]


def test_a_marker_may_have_a_name() -> None:
    assert (
        of_function("marker = Depends(get)\ndef f(x=marker, y: Annotated[A, marker] = 1): pass\n")
        == ["def get"] * 2
    )


def test_an_alias_that_names_itself_comes_to_an_end() -> None:
    text = "T = Annotated[T, 1]\nU = Union[U, V]\nV = U | V | Dep\ndef f(x: T, y: U, z: V): pass\n"
    assert of_function(text) == ["def get"] * 2


@pytest.mark.parametrize(
    "parameter",
    [
        "x=Depends(get)",
        "x: Dep",
        "x=Depends(get_async)",
        "x=Depends(get_yielding)",
        "x=Depends(checker)",
        "x: A = Depends(gone)",
    ],
)
def test_what_is_injected_is_known(parameter: str) -> None:
    assert Read(f"{HEAD}def f({parameter}): return x.run\n").value("x.run", "f") == "def A.run"


def test_a_route_has_dependencies_from_all_levels_outermost_first() -> None:
    text = """
def one(): pass
def two(): pass
def three(): pass
def four(): pass
def five(): pass
LIST = [Depends(two)]
api = FastAPI(dependencies=[Depends(one)])
r = APIRouter(dependencies=[Depends(three)])
@r.get('/', dependencies=[Depends(four)])
def f(x=Depends(five)): pass
api.include_router(r, dependencies=LIST)
"""
    read_ = read(text)
    (route,) = read_.routes
    names = ["def one", "def two", "def three", "def four", "def five"]
    assert provided(read_.dependencies_of(route)) == names


def test_a_tree_has_the_dependencies_of_dependencies() -> None:
    text = """
def base(): pass
def middle(b=Depends(base)): pass
@app.get('/')
def f(m=Depends(middle), c: Cls = Depends(), k=Depends(checker), b=Depends(base)): pass
"""
    read_ = read(text)
    (route,) = read_.routes
    assert provided(read_.dependency_tree(route)) == [
        "def middle",
        "class Cls",
        "Callable_()",
        "def base",
        "def base",
        "def get",
        "def get",
    ]


def test_dependencies_in_circles_come_to_an_end() -> None:
    text = (
        "def a(x=Depends(lambda: b)): pass\n"
        "def b(x=Depends(a), y=Depends(b)): pass\n@app.get('/')\n"
        "def f(x=Depends(b)): pass\n"
    )
    read_ = read(text)
    (route,) = read_.routes
    assert "def b" in provided(read_.dependency_tree(route))


def test_a_list_that_grows_from_itself_comes_to_an_end() -> None:
    text = (
        "deps = deps + [Depends(get)]\n"
        "r = APIRouter(dependencies=deps)\n@r.get('/')\ndef f(): pass\n"
    )
    read_ = read(text)
    (route,) = read_.routes
    assert provided(read_.dependencies_of(route)) == ["def get"]


def test_security_is_told_apart() -> None:
    read_ = Read(f"{HEAD}def f(a=Security(get), b=Depends(get)): pass\n")
    found = read_.application.dependencies.of_function(read_.function("f"))
    assert [each.is_security for each in found] == [True, False]
    assert [each.is_default for each in found] == [True, True]


def test_a_library_s_object_is_named() -> None:
    assert of_function("scheme = OAuth2PasswordBearer('x')\ndef f(x=Depends(scheme)): pass\n") == [
        "fastapi.security.OAuth2PasswordBearer()"
    ]


def test_a_function_in_a_function_sees_its_names() -> None:
    text = (
        "def make():\n    def inner(): pass\n    @app.get('/')\n    def f(x=Depends(inner)): pass\n"
    )
    read_ = read(text)
    (route,) = read_.routes
    assert provided(read_.dependencies_of(route)) == ["def make.inner"]


def test_what_is_reached_from_a_route_includes_its_dependencies() -> None:
    text = (
        "def deep(): pass\ndef dep(): deep()\n@app.get('/')\n"
        "def f(x=Depends(dep)): helper()\ndef helper(): pass\n"
    )
    read_ = read(text)
    (route,) = read_.routes
    names = {function.name for function in read_.reached_from(route)}
    assert names == {"f", "dep", "deep", "helper"}
