"""Whether anything refers to a router, apart from the routes that are registered with it."""

import re
from collections.abc import Iterator

from fastwright.application.routers import Router
from fastwright.codebase import names
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function
from fastwright.codebase.loading import Loading
from fastwright.codebase.modules import Module
from fastwright.codebase.values import ModuleValue
from fastwright.source.nodes import Node
from fastwright.source.scopes import Form
from fastwright.source.syntax import Attribute, Call, Name, walk_all

# What is done to a router to fill it, which serves nothing.
_FILLING = {
    *("get", "post", "put", "patch", "delete", "head", "options", "trace", "websocket"),
    *("route", "api_route", "websocket_route", "include_router", "mount", "on_event"),
    *("add_api_route", "add_route", "add_api_websocket_route", "add_websocket_route"),
}


def is_mentioned(router: Router, codebase: Codebase) -> bool:
    """Tell whether a router at the top of a module is used, passed on or named anywhere.

    True too where it has no name to look for. Tests do not count, but modules that are only called
    like them do.
    """
    module = router.scope.module
    name = _name(router)
    if name is None or _is_used_at_home(name, module) or _is_lent(module, codebase):
        return True
    return any(
        _is_used_in(other, name, module, codebase)
        for other in _knowing(module, codebase)
        if other is not module and (not other.is_test or _is_imported(other, codebase))
    )


def _name(router: Router) -> str | None:
    for name, bindings in router.scope.module.top.details.bindings.items():
        if any(names.given(each) == router.call for each in bindings):
            return name if len(bindings) == 1 else None
    return None


def _knowing(module: Module, codebase: Codebase) -> Iterator[Module]:
    """Yield the modules that may know another: they import it, or have it as an attribute.

    The most likely ones come first, and some again.
    """
    known_as = module.folder.rpartition("/")[2] if module.is_package else module.stem
    if not known_as:
        yield from codebase.modules
        return
    word, importers = known_as.encode(), codebase.importers
    yield from sorted(importers.of_word(known_as), key=_path_of)
    yield from codebase.like(re.compile(rb"\.\s*%s\b" % re.escape(word)), word, of_tests=True)
    loose = {*importers.of_word("*"), *codebase.mentioning(b"import_module")}
    yield from sorted((each for each in loose if each.mentions(word)), key=_path_of)


def _path_of(module: Module) -> str:
    return module.path


def _is_lent(module: Module, codebase: Codebase) -> bool:
    """Tell whether a package may give what a module has when it is asked for it (PEP 562)."""
    return any(
        not other.is_test
        and other.is_package
        and other.bound("__getattr__")
        and (other.folder == module.folder or other in _knowing(module, codebase))
        for other in codebase.mentioning(b"__getattr__")
    )


def _is_used_at_home(name: str, module: Module) -> bool:
    nodes = [node for _, node in _nodes(module)]
    filled = {
        node.function.value
        for node in nodes
        if isinstance(node, Call)
        and isinstance(node.function, Attribute)
        and node.function.name in _FILLING
    }
    assigned = module.top.details.bindings[name][0][1]
    return any(
        isinstance(node, Name) and node.id == name and node not in filled and node.start != assigned
        for node in nodes
    )


def _is_imported(test: Module, codebase: Codebase) -> bool:
    """Tell whether what is called like a test is a part of the code, which imports it."""
    loading = Loading(codebase)
    return any(
        test in loading.imported(other)
        for other in codebase.mentioning(test.stem.encode())
        if not other.is_test
    )


def _is_used_in(other: Module, name: str, module: Module, codebase: Codebase) -> bool:
    """Tell whether another module imports the router, names it, or passes on its module."""
    nodes = list(_nodes(other))
    bases = {node.value for _, node in nodes if isinstance(node, Attribute)}
    for function, node in nodes:
        match node:
            case Attribute(base, attribute) if attribute == name:
                value = codebase.resolver.value(base, function)
                if value is None or value == ModuleValue(module):
                    return True
            case Name() | Attribute() if node not in bases:
                if codebase.resolver.value(node, function) == ModuleValue(module):
                    return True
    return _imports(other, name, module, codebase)


def _imports(other: Module, name: str, module: Module, codebase: Codebase) -> bool:
    """Tell whether another module imports the router by its name, or all names."""
    for function in other.functions:
        for level, dotted in function.details.star_imports:
            if codebase.imports.find(other, level, dotted) is module:
                return True
        for bindings in function.details.bindings.values():
            for form, _, *rest in bindings:
                is_it = form == Form.IMPORTED and rest[2] == name
                if is_it and codebase.imports.find(other, rest[0], rest[1]) is module:
                    return True
    return False


def _nodes(module: Module) -> Iterator[tuple[Function, Node]]:
    """Yield all nodes of a module, those in decorators and signatures of functions too."""
    for function in module.functions:
        for node in walk_all(function.body):
            yield function, node
