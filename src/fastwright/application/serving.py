"""Which routes an application serves, as far as all that the codebase includes is understood."""

import re
from collections.abc import Iterable

from fastwright.application.mentions import is_mentioned
from fastwright.application.routers import Router, Routers
from fastwright.application.routes import Route
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite
from fastwright.codebase.loading import Loading
from fastwright.codebase.modules import Module
from fastwright.source import surroundings
from fastwright.source.notes import Answers
from fastwright.source.syntax import For

# What a module that includes routers by their names at run time has in its text.
_REFLECTION = (b"getattr", b"import_module", b"__dict__", b"__import__", b"vars(", b"inspect")
# What finds modules of which the code does not have the names.
_LISTING = (
    *(b"iter_modules(", b"walk_packages(", b"entry_points("),
    *(b"glob(", b"iterdir(", b"listdir(", b"scandir(", b"os.walk("),
)
# What a module has that finds modules for another.
_FINDING = (
    b"import_module(",
    b"__import__(",
    b"iter_modules(",
    b"walk_packages(",
    b"entry_points(",
)


class Serving:
    """Tells whether a route is in any application, as far as that is known."""

    def __init__(self, codebase: Codebase, routers: Routers, routes: Iterable[Route]) -> None:
        self._codebase = codebase
        self._elsewhere = routers.included_somewhere
        self._parents = routers.parents
        self._has_any = any(route.registrations for route in routes)
        self._is_known = self._has_any and not routers.unknown
        self._is_dynamic = any(is_dynamic(each, codebase) for each in routers.unknown)
        self._are_listed = any(_lists_modules(each, codebase) for each in routers.unknown)
        self._is_used = Answers(self._find_use)

    def may_serve(self, route: Route) -> bool:
        """Tell whether a route is served, or nobody knows."""
        if route.registrations or route.router in self._elsewhere:
            return True
        return not self._is_known and self._is_used(route.router)

    def _find_use(self, router: Router) -> bool:
        """Tell whether a router may be included where that is not understood."""
        return (
            not self._has_any
            or (self._is_dynamic and (self._are_listed or self._is_named(router)))
            or router in self._parents
            or is_mentioned(router, self._codebase)
        )

    def _is_named(self, router: Router) -> bool:
        """Tell whether the name of a router's module stands in any other, perhaps in a text."""
        module = router.scope.module
        name = module.folder.rpartition("/")[2] if module.is_package else module.stem
        word = name.encode()
        pattern = re.compile(rb"\b" + re.escape(word) + rb"\b")
        return any(each is not module for each in self._codebase.like(pattern, word))


def _lists_modules(call: CallSite, codebase: Codebase) -> bool:
    """Tell whether what includes routers, or what it imports, finds modules in folders."""
    module = call.function.module
    imported = Loading(codebase).imported(module)
    return any(each.mentions(word) for each in (module, *imported) for word in _LISTING)


def is_dynamic(call: CallSite, codebase: Codebase) -> bool:
    """Tell whether routers are included by names, or one by one as another module finds them."""
    module = call.function.module
    if any(module.mentions(each) for each in _REFLECTION):
        return True
    around = surroundings.around(call.function.body, call.node)
    return any(isinstance(each, For) for each in around) and any(
        map(_finds_modules, Loading(codebase).imported(module))
    )


def _finds_modules(module: Module) -> bool:
    return any(module.mentions(each) for each in _FINDING)
