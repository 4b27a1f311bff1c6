"""The call graph: what runs what, in the same thread, and what does not."""

import pytest

from tests.codebase.reading import Read

COMMON = """
import asyncio
from contextlib import asynccontextmanager, contextmanager
from functools import cache, partial, wraps
from fastapi import BackgroundTasks
from fastapi.concurrency import run_in_threadpool
import anyio.to_thread

def a(): pass
def b(): a()
async def c(): a()

class C:
    def __init__(self): a()
    def m(self): b()
    def __call__(self): b()
    @property
    def p(self): return a()
def h(times, run): return run(times)
def k(run): return lambda: run()
"""


def edges(text: str, function: str = "f") -> list[str]:
    return Read(COMMON + text).edges(function)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a()", ["a"]),
        ("a(); b(); a()", ["a", "b", "a"]),
        ("return b() or a()", ["b", "a"]),
        ("await c()", ["c"]),
        ("asyncio.run(c())", ["c"]),
        ("C()", ["C.__init__"]),
        ("C().m()", ["C.__init__", "C.m"]),
        ("x: C = y\n    x()", ["C.__call__"]),
        ("x: C = y\n    x.p", ["C.p"]),
        ("x: C = y\n    x.p = 1", []),
        ("x: C = y\n    lambda: x.p", []),
        ("[a() for _ in y]", ["a"]),
        ("x = a\n    x()", ["a"]),
        ("x = partial(a, 1)\n    x()", ["a"]),
        # Handed over, and run by what takes it.
        ("h(1, a)", ["h", "a"]),
        ("k(run=a)", ["k"]),
        # Handed on, not run.
        ("return a", []),
        ("lambda: a()", []),
        ("def g(): a()", []),
        ("gone(a)", []),
        ("await run_in_threadpool(a)", []),
        ("await asyncio.to_thread(a)", []),
        ("await anyio.to_thread.run_sync(a)", []),
        ("await asyncio.get_running_loop().run_in_executor(None, a)", []),
        # Sync background tasks run in a thread, async ones in the event loop.
        ("t: BackgroundTasks = y\n    t.add_task(a)", []),
        ("t: BackgroundTasks = y\n    t.add_task(c)", ["c"]),
    ],
)
def test_a_function_runs_what_it_calls(body: str, expected: list[str]) -> None:
    assert edges(f"async def f():\n    {body}\n") == expected


def test_context_managers_run_where_they_are_entered() -> None:
    text = """
class M:
    def __enter__(self): a()
    def __exit__(self, *_): b()
class N:
    async def __aenter__(self): a()
    async def __aexit__(self, *_): b()
@contextmanager
def g(): yield a()
@asynccontextmanager
async def h(): yield a()
async def f(m: M):
    with m: pass
    async with N() as n: pass
    with g() as x: pass
    async with h(): pass
"""
    found = edges(text)
    assert found == ["M.__enter__", "M.__exit__", "N.__aenter__", "N.__aexit__", "g", "h"]


def test_decorators_and_defaults_run_at_definition_only() -> None:
    text = "def d(x):\n    return x\n@d\n@b()\ndef f(x=a()): pass\ndef e(): f()\n"
    assert edges(text) == []
    assert edges(text, "e") == ["f"]


def test_a_class_body_runs_with_its_module() -> None:
    assert edges("class D:\n    x = a()\n    def m(self): b()\n", "<module>") == ["a"]


def test_a_generator_runs_where_it_is_gone_through() -> None:
    text = "def g():\n    yield a()\n"
    assert edges(f"{text}def f():\n    for x in g(): pass\n") == ["g"]
    assert edges(f"{text}def f(): return list(g())\n") == ["g"]
    assert edges(f"{text}def f(): return Response(g())\n") == []
    assert edges(f"{text}def f():\n    x = g()\n    return [y for y in x]\n") == ["g"]


def test_an_abstract_method_leads_to_those_that_override_it() -> None:
    text = """
class Base:
    def m(self): raise NotImplementedError
class One(Base):
    def m(self): a()
class Two(Base):
    def m(self): b()
def f(x: Base): x.m()
"""
    read = Read(COMMON + text)
    found = {
        edge.to.qualified_name: edge.is_certain
        for edge in read.codebase.graph.edges(read.function("f"))
    }
    assert found == {"Base.m": True, "One.m": False, "Two.m": False}


def test_what_is_reached_comes_by_the_shortest_way() -> None:
    read = Read(COMMON + "def d(): b()\ndef f():\n    d()\n    b()\n")
    reached = read.codebase.graph.reached(read.function("f"))
    assert [function.qualified_name for function in reached] == ["f", "d", "b", "a"]
    assert [edge and edge.caller.qualified_name for edge in reached.values()] == [
        None,
        "f",
        "f",
        "b",
    ]


def test_recursion_comes_to_an_end() -> None:
    read = Read(COMMON + "def f():\n    f()\n    g()\ndef g(): f()\n")
    reached = read.codebase.graph.reached(read.function("f"))
    assert [function.qualified_name for function in reached] == ["f", "g"]


def test_an_edge_may_be_refused() -> None:
    read = Read(COMMON + "def f(): b()\n")
    graph = read.codebase.graph
    assert list(graph.reached(read.function("f"), lambda edge: edge.to.name != "b")) == [
        read.function("f")
    ]


def test_calls_are_known_by_what_they_call() -> None:
    read = Read(COMMON + "import asyncio as x\ndef f():\n    x.sleep(1)\n    a()\n    C()\n")
    names = [site.function.qualified_name for site in read.codebase.calls_to("asyncio.sleep")]
    assert names == ["f"]
    called = {site.function.qualified_name for site in read.codebase.calls_of(read.function("a"))}
    assert called == {"b", "c", "C.__init__", "C.p", "f"}
    (definition,) = read.codebase.classes
    assert [site.function.qualified_name for site in read.codebase.calls_of(definition)] == ["f"]
