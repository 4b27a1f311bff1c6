"""How the tests of a project work."""

import re
from collections import Counter

from fastwright.codebase.definitions import Function
from fastwright.codebase.modules import Module
from fastwright.codebase.values import External, FunctionValue, Instance
from fastwright.scaffolds.room import Tests
from fastwright.scaffolds.rooms.patterns import infer
from fastwright.scaffolds.rooms.surroundings import Surroundings

_FIXTURES = ("pytest.fixture", "pytest_asyncio.fixture")
_CLIENTS = re.compile(r"(?:Async)?Client|TestClient")
_ASYNC_CLIENTS = re.compile(r"AsyncClient|AsyncTestClient")
_REQUEST = re.compile(rb"client\w*\.(get|post|put|patch|delete|request)\(")
_AUTO = re.compile(r"asyncio_mode\s*=\s*[\"']?auto")
_SETTINGS = ("pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini")


def suite(around: Surroundings) -> Tests | None:
    """Return how tests are written; None where there are none."""
    tests = around.tests
    if not tests:
        return None
    folder = _folder(tests)
    client = _client(around, tests)
    is_async = client is not None and _is_async(client)
    source = around.test_source
    return Tests(
        folder,
        is_async,
        _name(client) if client is not None else None,
        _marker(around, tests) if is_async else None,
        None if source == around.source else source,
    )


def path(around: Surroundings, entities: frozenset[str], folder: str | None) -> str:
    """Return where the tests of a domain lie; `folder` is that of a domain."""
    tests = [each for each in around.tests if each.stem != "conftest" and not each.is_package]
    asking = [each for each in tests if _REQUEST.search(each.code)]
    of_domains = _of_domains(asking, folder, around.source) or asking or tests
    found = infer(
        (each.path for each in of_domains), entities, within=around.source, are_tests=True
    )
    if folder is not None and any(_is_inside(each.path, folder) for each in asking or tests):
        is_there = found is not None and _is_inside(found, folder, deepest=1)
        return found if found and is_there else f"{folder}/tests/test_{{domain}}.py"
    if found is not None:
        return found
    top = _folder(around.tests) if around.tests else f"{around.source}/tests".lstrip("/")
    return f"{top}/test_{{domain}}.py".lstrip("/")


def _of_domains(tests: list[Module], folder: str | None, source: str) -> list[Module]:
    """Return the tests below a folder that is called as the one that domains lie in, in a package.

    The package's own name says nothing: anything of the project may be called so.
    """
    inside = (folder or "").removeprefix(f"{source}/").partition("/{")[0]
    package, _, name = inside.rpartition("/")
    return [each for each in tests if package and f"/{name}/" in f"/{each.path}"]


def _is_inside(path: str, folder: str, *, deepest: int | None = None) -> bool:
    """Tell whether a test lies in a folder of tests in that of a domain."""
    domain = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(folder))
    found = re.match(rf"{domain}/((?:[^/]+/)*)[^/]+$", path)
    folders = found[1].split("/")[:-1] if found else []
    return "tests" in folders and (deepest is None or len(folders) <= deepest)


def _folder(tests: list[Module]) -> str:
    """Return the outermost folder of most tests."""
    counted: Counter[str] = Counter()
    for each in (each for each in tests if each.stem.startswith("test")):
        parts = each.folder.split("/")
        index = next((i for i, part in enumerate(parts) if part.startswith("test")), len(parts) - 1)
        counted["/".join(parts[: index + 1])] += 1
    return counted.most_common(1)[0][0]


def _client(around: Surroundings, tests: list[Module]) -> Function | None:
    """Return the fixture that gives a client: that which tests ask for most often."""
    fixtures = {
        _name(function): function
        for module in tests
        for function in module.functions[1:]
        if _is_fixture(function, around) and _gives_client(function, around)
    }
    asked = Counter(
        name
        for module in tests
        for function in module.functions[1:]
        for name in function.parameter_names
        if name in fixtures and function.name.startswith("test")
    )
    best = asked.most_common(1)
    return fixtures[best[0][0]] if best else next(iter(fixtures.values()), None)


def _is_fixture(function: Function, around: Surroundings) -> bool:
    return any(
        isinstance(each, External) and each.name in _FIXTURES
        for each in around.codebase.decorators(function)
    )


def _gives_client(function: Function, around: Surroundings) -> bool:
    returns = function.node.returns
    if returns is not None and _CLIENTS.search(function.module.source(returns)):
        return True
    if "TestClient(" in function.text or "AsyncClient(" in function.text:
        return True
    result = around.codebase.resolver.result(FunctionValue(function), None, function)
    return (
        isinstance(result, Instance)
        and isinstance(result.of, str)
        and _CLIENTS.search(result.of.rpartition(".")[2]) is not None
    )


def _is_async(client: Function) -> bool:
    written = client.module.source(client.node)
    return _ASYNC_CLIENTS.search(written) is not None


def _name(fixture: Function) -> str:
    """Return what tests call a fixture, also where its decorator says so."""
    for each in fixture.decorators:
        found = re.search(r"name\s*=\s*[\"'](\w+)[\"']", fixture.module.source(each))
        if found:
            return found[1]
    return fixture.name


def _marker(around: Surroundings, tests: list[Module]) -> str | None:
    for name in _SETTINGS:
        file = around.root / around.source / name
        for path in (file, around.root / name):
            if path.is_file() and _AUTO.search(path.read_text("utf-8", "replace")):
                return None
    anyio = sum(b"mark.anyio" in each.code for each in tests)
    asyncio = sum(b"mark.asyncio" in each.code for each in tests)
    return "pytest.mark.anyio" if anyio > asyncio else "pytest.mark.asyncio"
