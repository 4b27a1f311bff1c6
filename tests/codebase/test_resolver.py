"""What expressions stand for, through assignments, annotations, classes and calls."""

from itertools import permutations

import pytest

from tests.codebase.reading import Read

CLASSES = """
class A:
    def run(self): pass
class B(A):
    def other(self): pass
"""


def value(text: str, name: str, function: str = "<module>") -> str:
    return Read(CLASSES + text).value(name, function)


# Names.


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("x = A()\nx\n", "x", "A()"),
        ("x = y = A()\nx\n", "x", "A()"),
        ("x = A()\ny = x\nz = y\nz\n", "z", "A()"),
        ("x, y = A(), B()\ny\n", "y", "B()"),
        ("(x, y) = [A(), B()]\ny\n", "y", "?"),
        ("if (x := A()): pass\nx\n", "x", "A()"),
        ("x = None\nx = A()\nx\n", "x", "A()"),
        ("x = A()\nx = B()\nx\n", "x", "B()"),
        ("x = A()\nx.run\nx = B()\n", "x.run", "def A.run"),
        ("if c:\n    x = A()\nelse:\n    x = None\nx\n", "x", "A()"),
        ("x = A() if c else None\nx\n", "x", "A()"),
        ("x = None if c else A()\nx\n", "x", "A()"),
        ("x = c or A()\nx\n", "x", "A()"),
        ("x = 'a' + 'b'\nx\n", "x", "'ab'"),
        ("x = 'a'\nx += 'b'\nx\n", "x", "'ab'"),
        ("x = ('a'\n  'b')\nx\n", "x", "'ab'"),
        ("x = f'{a}'\nx\n", "x", "str()"),
        ("x: A = get()\nx\n", "x", "A()"),
        ("x: A\nx\n", "x", "A()"),
        ("x: 'A' = get()\nx\n", "x", "A()"),
        ("x: A | None = None\nx\n", "x", "A()"),
        ("from typing import Final\nx: Final[A] = get()\nx\n", "x", "A()"),
        ("x = A\nx\n", "x", "class A"),
        ("x = A\nx()\n", "x()", "A()"),
        ("x = [A(), A()]\nfor y in x: y\n", "y", "A()"),
        ("x: list[A] = []\nx[0]\n", "x[0]", "A()"),
        ("x: dict[str, A] = {}\nx['a']\n", "x['a']", "A()"),
        ("x: tuple[B, A] = get()\nx[1]\n", "x[1]", "A()"),
        ("x: tuple[A, ...] = get()\nfor y in x: y\n", "y", "A()"),
        ("[y for y in [A()]]\n", "y", "A()"),
        ("try: pass\nexcept A as e: e\n", "e", "A()"),
        ("x = gone\nx\n", "x", "?"),
        ("x = x\nx\n", "x", "?"),
        ("x = y\ny = x\nx\n", "x", "?"),
        ("x.y = A()\nx\n", "x", "?"),
    ],
)
def test_names_stand_for_what_they_were_given(text: str, name: str, expected: str) -> None:
    assert value(text, name) == expected


def test_a_query_that_is_built_step_by_step_stays_one() -> None:
    text = """
from sqlalchemy.orm import Session
def f(db: Session):
    q = db.query(A)
    q = q.filter(A.x)
    if y:
        q = q.order_by(A.x)
    return q.all
"""
    assert value(text, "q.all", "f") == "sqlalchemy.orm.Query.all"


def test_the_variable_of_a_comprehension_lives_there_only() -> None:
    text = "x = A()\nxs = [B()]\nnames = [x.other for x in xs if x]\nx.run\n"
    assert value(text, "x.other") == "def B.other"
    assert value(text, "x.run") == "def A.run"
    text = "x = A()\nys = [x for x, _ in pairs]\nx.run\n"
    assert value(text, "x.run") == "def A.run"


def test_the_parameter_of_a_lambda_hides_other_names() -> None:
    text = "x = A()\nf = lambda x: x.run()\nx.other\n"
    assert value(text, "x.run") == "?"
    assert value(text, "x.other") == "?"
    assert value("x = A()\nf = lambda y: x.run\n", "x.run") == "def A.run"
    assert value("x = A()\nf = lambda x: x.run()\nx.run\n", "x.run") == "def A.run"


def test_functions_see_the_names_around_them() -> None:
    text = (
        "x = None\ndef f():\n    y = B()\n    def g():\n"
        "        return x, y\n    return g\nx = A()\n"
    )
    assert value(text, "x", "f.g") == "A()"
    assert value(text, "y", "f.g") == "B()"


def test_methods_do_not_see_the_body_of_their_class() -> None:
    text = "x = A()\nclass C:\n    x = B()\n    y = x\n    def f(self):\n        return x\n"
    assert value(text, "x", "C.f") == "A()"
    assert value(text + "C.y\n", "C.y") == "B()"


def test_a_parameter_hides_what_is_around() -> None:
    text = "x = A()\ndef f(x): return x\ndef g(x: B): return x\n"
    assert value(text, "x", "f") == "?"
    assert value(text, "x", "g") == "B()"


def test_a_declared_global_is_the_module_s() -> None:
    text = "x = None\ndef f():\n    global x\n    x = 1\n    return x\nx = A()\n"
    assert value(text, "x", "f") == "A()"


# Annotations.


@pytest.mark.parametrize(
    "annotation",
    [
        "A",
        "'A'",
        "'A | None'",
        "A | None",
        "None | A",
        "Optional[A]",
        "typing.Optional[A]",
        "Union[A, None]",
        "Annotated[A, 1]",
        "Annotated['A', 1]",
        "Annotated[A | None, 1]",
        "Final[A]",
        "Alias",
        "Alias | None",
        "Optional[Alias]",
        "Plain",
        "New",
        "Old",
        "'Alias'",
    ],
)
def test_annotations_describe_parameters(annotation: str) -> None:
    text = f"""
import typing
from typing import Annotated, Final, Optional, TypeAlias, Union
type New = A
Alias = Annotated[A, 'more']
Plain = A
Old: TypeAlias = A
def f(x: {annotation}): return x.run
"""
    assert value(text, "x", "f") == "A()"
    assert value(text, "x.run", "f") == "def A.run"


@pytest.mark.parametrize(
    "statement",
    ["from types_ import D", "import types_", "from pack import D", "from types_ import *"],
)
def test_aliases_may_be_imported(statement: str) -> None:
    annotation = "types_.D" if statement.startswith("import ") else "D"
    files = {
        "pack/__init__.py": "from types_ import D\n",
        "types_.py": "from typing import Annotated\nfrom models import A\nD = Annotated[A, 1]\n",
        "models.py": CLASSES,
        "app.py": f"{statement}\ndef f(x: {annotation}): return x.run\n",
    }
    assert Read(files).value("x.run", "f") == "def A.run"


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("list[A]", "list[A()]()"),
        ("List[A]", "list[A()]()"),
        ("Sequence[A]", "typing.Sequence[A()]()"),
        ("abc.Iterable[A]", "typing.Iterable[A()]()"),
        ("type[A]", "class A"),
        ("Type[A]", "class A"),
        ("dict[str, list[A]]", "dict[str(), list[A()]()]()"),
        ("None", "None"),
        ("gone", "?"),
        ("'not a type'", "?"),
        ("'A'[", "?"),
        ("''", "?"),
        ("1", "?"),
        ("lambda: A", "?"),
        ("'await x'", "?"),
        ("G[A]", "G[A()]()"),
    ],
)
def test_annotations_of_other_kinds(annotation: str, expected: str) -> None:
    text = f"""
from collections import abc
from typing import Generic, List, Sequence, Type, TypeVar
T = TypeVar('T')
class G(Generic[T]): pass
def f(x: {annotation}): return x
"""
    found = Read(CLASSES + text)
    parameter = found.function("f").parameters
    if parameter and parameter[0].annotation is not None and "[" not in annotation[-1]:
        assert found.value("x", "f") == expected


def test_a_type_that_names_itself_comes_to_an_end() -> None:
    text = """
from typing import Annotated, Union
type Json = dict[str, Json] | list[Json] | None
T = Annotated[T, 1]
U = Union[U, V]
V = U | V
W: 'W' = W
def f(a: Json, b: T, c: U, d: V, e: W, g: 'Later'): return a, b, c, d, e, g
Later = 'Later'
"""
    read = Read(CLASSES + text)
    for name in "abcdeg":
        read.value(name, "f")


# Classes and objects.


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("c.run", "def A.run"),
        ("c.other", "def B.other"),
        ("c.own", "def C.own"),
        ("c.made", "def C.made"),
        ("C.made", "def C.made"),
        ("C.made()", "C()"),
        ("c.fixed", "def C.fixed"),
        ("c.part", "A()"),
        ("c.cached", "B()"),
        ("c.field", "A()"),
        ("c.declared", "B()"),
        ("c.late", "A()"),
        ("c.noted", "B()"),
        ("c.own()", "B()"),
        ("c.itself()", "C()"),
        ("c.gone", "?"),
        ("C.Inner", "class C.Inner"),
        ("C.Inner()", "C.Inner()"),
        ("C.run", "def A.run"),
        ("c()", "A()"),
        ("type(c)", "class C"),
        ("C().own().run()", "?"),
        ("c.chained().chained()", "C()"),
    ],
)
def test_objects_have_members(expression: str, expected: str) -> None:
    text = f"""
from functools import cached_property
from typing import Self
class C(B):
    field = A()
    declared: B
    class Inner: pass
    def __init__(self, given: B):
        self.late = A()
        self.noted = given
    def own(self): return super().run and B()
    @classmethod
    def made(cls): return cls()
    @staticmethod
    def fixed(x): pass
    @property
    def part(self) -> A: ...
    @part.setter
    def part(self, x): pass
    @cached_property
    def cached(self): return B()
    def itself(self): return self
    def chained(self) -> Self: return self
    def __call__(self): return A()
c = C(B())
{expression}
"""
    assert value(text, expression) == expected


def test_super_is_what_comes_next() -> None:
    text = """
class M:
    def run(self): pass
class C(B, M):
    def run(self): return super().run
    @classmethod
    def make(cls): return super().run
class D(C):
    def run(self): return super().run
    def nested(self):
        def inner(): return super().run
        return inner
"""
    assert value(text, "super().run", "C.run") == "def A.run"
    assert value(text, "super().run", "D.run") == "def C.run"
    assert value(text, "super().run", "C.make") == "def A.run"
    assert value(text, "super().run", "D.nested.inner") == "def C.run"


def test_a_mixin_before_the_base_counts_first() -> None:
    text = "class M:\n    def run(self): pass\nclass C(M, A): pass\nC().run\n"
    assert value(text, "C().run") == "def M.run"


def test_a_class_of_a_library_gives_what_the_codebase_does_not() -> None:
    text = (
        "from fastapi import APIRouter\nclass R(APIRouter):\n"
        "    def mine(self): pass\nr = R()\nr.get\nr.mine\n"
    )
    assert value(text, "r.mine") == "def R.mine"
    assert value(text, "r.get") == "fastapi.APIRouter.get"


@pytest.mark.parametrize(
    "text",
    [
        "class C(C): pass\nC().x\n",
        "class C(D): pass\nclass D(C): pass\nC().x\n",
        "class C(C.D):\n    class D(C): pass\nC().x\n",
        "class C(*bases, **options): pass\nC().x\n",
        "class C(make(C)): pass\nC().x\n",
        "class C:\n    x = property(lambda self: self.x)\nC().x\n",
        (
            "class C:\n    def __init__(self):\n        self.x = self.y\n"
            "        self.y = self.x\nC().x\n"
        ),
        "class C:\n    @property\n    def x(self): return self.x\nC().x\n",
        "def C(): return C().x\nC().x\n",
    ],
)
def test_circles_of_classes_come_to_an_end(text: str) -> None:
    value(text, "C().x")


# Calls.


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("def f() -> A: ...", "A()"),
        ("def f() -> 'A': ...", "A()"),
        ("def f(): return A()", "A()"),
        ("def f():\n    if x: return None\n    return A()", "A()"),
        ("def f():\n    a = A()\n    return a", "A()"),
        ("def f(): return g()\ndef g(): return A()", "A()"),
        ("async def f() -> A: ...", "coroutine of A()"),
        ("async def f(): return A()", "coroutine of A()"),
        ("def f(): pass", "?"),
        ("def f(): return f()", "?"),
        ("def f(): return g()\ndef g(): return f()", "?"),
        ("def f():\n    yield A()", "typing.Generator[A()]()"),
        ("def f() -> Iterator[A]:\n    yield", "typing.Generator[A()]()"),
        ("@contextmanager\ndef f():\n    yield A()", "manager of A()"),
        ("@asynccontextmanager\nasync def f() -> AsyncIterator[A]:\n    yield", "manager of A()"),
        ("f = partial(g, 1)\ndef g(x): return A()", "A()"),
        ("f = NewType('f', A)", "A()"),
        ("f = lambda: A()", "?"),
        ("def f() -> Awaitable[A]: ...", "coroutine of A()"),
        ("class f:\n    def __new__(cls): return A()", "f()"),
    ],
)
def test_calls_give_what_functions_return(definition: str, expected: str) -> None:
    imports = (
        "from collections.abc import AsyncIterator, Awaitable, Iterator\n"
        "from contextlib import asynccontextmanager, contextmanager\n"
        "from functools import partial\nfrom typing import NewType\n"
    )
    assert value(f"{imports}{definition}\nf()\n", "f()") == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("from typing import cast\nx = cast(A, y)\nx\n", "x"),
        ("from typing import cast\nx = cast('A', y)\nx\n", "x"),
        ("async def f(): return A()\nasync def g():\n    x = await f()\n    return x\n", "x"),
        (
            (
                "from contextlib import contextmanager\n@contextmanager\n"
                "def f():\n    yield A()\ndef g():\n    with f() as x: return x\n"
            ),
            "x",
        ),
        (
            (
                "from contextlib import asynccontextmanager\n"
                "@asynccontextmanager\nasync def f():\n    yield A()\n"
                "async def g():\n    async with f() as x: return x\n"
            ),
            "x",
        ),
        (
            (
                "class M:\n    def __enter__(self): return A()\n"
                "    def __exit__(self, *a): pass\ndef g():\n"
                "    with M() as x: return x\n"
            ),
            "x",
        ),
        (
            (
                "class M:\n    async def __aenter__(self) -> A: ...\n"
                "async def g():\n    async with M() as x: return x\n"
            ),
            "x",
        ),
        (
            (
                "class M(A):\n    def __enter__(self): return self\ndef g():\n"
                "    with M() as x: return x\n"
            ),
            "x",
        ),
        ("def f():\n    yield A()\ndef g():\n    for x in f(): return x\n", "x"),
        (
            (
                "from collections.abc import AsyncIterator\n"
                "async def f() -> AsyncIterator[A]:\n    yield\nasync def g():\n"
                "    async for x in f(): return x\n"
            ),
            "x",
        ),
    ],
)
def test_values_come_out_of_what_holds_them(text: str, name: str) -> None:
    read = Read(CLASSES + text)
    where = "g" if "def g" in text else "<module>"
    expected = "M()" if "return self" in text else "A()"
    assert read.value(name, where) == expected


def test_a_parameter_that_says_nothing_is_what_callers_pass() -> None:
    text = "def f(x, y=None, *, z): return x, y, z\nf(A(), z=B())\nf(A(), B(), z=B())\n"
    read = Read(CLASSES + text)
    assert [read.value(name, "f") for name in "xyz"] == ["A()", "B()", "B()"]


def test_callers_that_differ_say_nothing() -> None:
    assert value("def f(x): return x\nf(A())\nf(B())\n", "x", "f") == "?"


def test_callers_of_methods_and_classes_are_asked_too() -> None:
    text = (
        "class C:\n    def __init__(self, a): self.a = a\n    def m(self, b): return self.a, b\n"
        "    @classmethod\n    def k(cls, d): return d\n    @staticmethod\n    def s(e): return e\n"
        "c = C(A())\nc.m(B())\nC.k(A())\nC.s(B())\n"
    )
    assert value(text, "self.a", "C.m") == "A()"
    assert value(text, "b", "C.m") == "B()"
    assert value(text, "d", "C.k") == "A()"
    assert value(text, "e", "C.s") == "B()"


def test_callers_that_hide_their_arguments_say_nothing() -> None:
    assert value("def f(x, y): return y\nf(*things)\nf(A(), *things)\n", "y", "f") == "?"


def test_recursion_of_callers_comes_to_an_end() -> None:
    text = "def f(x): return g(x)\ndef g(y): return f(y)\nf(f(1))\n"
    value(text, "x", "f")
    text = "def f(n, x): return x if not n else f(n - 1, x)\nf(3, A())\n"
    assert value(text, "x", "f") == "A()"


def test_functions_that_call_each_other_pass_on_the_same_whoever_is_asked_about_first() -> None:
    text = (
        "def f(n, x): return g(n, x)\ndef g(n, y): return h(n, y) if n else f(n, y)\n"
        "def h(n, z): return g(n, z)\nh(1, A())\n"
    )
    asked = [("x", "f"), ("y", "g"), ("z", "h")]
    for order in permutations(asked):
        read = Read(CLASSES + text)
        assert [read.value(*each) for each in order] == ["A()"] * 3


def test_long_chains_come_to_an_end() -> None:
    lines = "\n".join(f"def f{n}(x): return f{n + 1}(x)" for n in range(400))
    read = Read(f"{CLASSES}{lines}\ndef f400(x): return x\ny = f0(A())\ny\n")
    assert read.value("x", "f200") == "A()"
    read.value("y")
    names = "\n".join(f"x{n + 1} = x{n}" for n in range(2000))
    Read(f"{CLASSES}x0 = A()\n{names}\nx2000\n").value("x2000")


def test_knowledge_of_libraries_is_followed() -> None:
    text = """
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
engine = create_async_engine('x')
maker = async_sessionmaker(engine)
async def f():
    async with maker() as session:
        result = await session.execute(1)
        return result.scalars
"""
    assert value(text, "session.execute", "f") == "sqlalchemy.ext.asyncio.AsyncSession.execute"
    assert value(text, "result.scalars", "f").endswith("Result.scalars")


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("open('a')", "io.TextIOWrapper()"),
        ("open('a', mode)", "io.TextIOWrapper()"),
        ("open('a', 'rb')", "io.BufferedReader()"),
        ("open('a', mode='wb')", "io.BufferedWriter()"),
        ("Path('a').open('r+b')", "io.BufferedRandom()"),
    ],
)
def test_a_mode_says_what_kind_of_file_is_opened(opened: str, expected: str) -> None:
    text = f"from pathlib import Path\nwith {opened} as x: x\n"
    assert value(text, "x") == expected
