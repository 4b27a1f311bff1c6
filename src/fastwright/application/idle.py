"""What is left lying in a codebase: routes and modules that surely no application runs.

`Serving` asks the other way round: it tells what may be served, and lets pass what is not.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from fastwright.application.folders import is_aside, upward
from fastwright.application.mentions import is_mentioned
from fastwright.application.routers import Inclusion, Router, Routers
from fastwright.application.routes import Registration, Route
from fastwright.application.running import Running
from fastwright.application.serving import is_dynamic
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function, Scope
from fastwright.codebase.modules import Module
from fastwright.source import surroundings
from fastwright.source.notes import Answers, Once
from fastwright.source.syntax import Call, Handler, Import, ImportFrom, Try, walk_all

# How files are named that are kept beside those that are run.
_KEPT = re.compile(
    r"(?i)(?:.*[_ -])?(?:backup|bak|boilerplate|copy|deprecated|obsolete|old|scaffold|skeleton)\d*"
)
# How functions are named that make what stands in for something else.
_STAND_IN = re.compile(r"(^|_)(?:dummy|fake|fallback|mock|placeholder)(_|$)")
# Who has lost so many of its neighbours has been moved, or is a copy.
_MANY = 2


class Idle:
    """Tells which routes no application runs, beside others that one does."""

    def __init__(
        self, codebase: Codebase, routers: Routers, routes: list[Route], running: Running
    ) -> None:
        self._codebase = codebase
        self._routers = routers
        self._routes = routes
        self._running = running
        self._is_stand_in = Answers(self._find_stand_in)
        self._is_spare = Answers(self._find_spare)
        self._is_left = Answers(self._find_left)

    def has(self, route: Route) -> bool:
        """Tell whether no application runs a route, or only one that nobody starts."""
        if self._is_spare(route.router):
            return True
        if route.registrations:
            return all(map(self._is_in_vain, route.registrations))
        return self._has_others and self._is_left(route.router)

    def has_all(self, routes: Iterable[Route]) -> bool:
        """Tell the same of all routes of one function."""
        return all(map(self.has, routes))

    def is_kept(self, router: Router | None) -> bool:
        """Tell whether an application stands in a module that nobody starts, or can start."""
        return router is not None and router in self._kept

    @Once
    def modules(self) -> set[Module]:
        """Return the modules of such routes that no application loads, and that serve no other."""
        found: defaultdict[Module, set[bool]] = defaultdict(set)
        for route in self._routes:
            found[route.function.module].add(self.has(route))
        idle = [module for module, said in found.items() if said == {True}]
        return {each for each in idle if each not in self._running.modules} if idle else set()

    def _is_in_vain(self, registration: Registration) -> bool:
        return registration.application in self._kept or any(
            map(self._is_stand_in, registration.inclusions)
        )

    @Once
    def _kept(self) -> set[Router]:
        """Return the applications that nobody starts, where there are others."""
        makers = [each for each in self._routers.all if each.is_application]
        kept = {each for each in makers if self._cannot_start(each.scope.module)}
        kept |= {each for each in makers if self._is_copy(each.scope.module)}
        return kept if len(kept) < len(makers) else set()

    def _cannot_start(self, module: Module) -> bool:
        """Tell whether all modules that one wants to have as neighbours are missing."""
        wanted = [
            self._codebase.imports.find(module, each.level, each.module) is None
            for each in module.import_statements
            if isinstance(each, ImportFrom) and each.level and each.module
        ]
        return len(wanted) >= _MANY and all(wanted)

    def _is_copy(self, module: Module) -> bool:
        """Tell whether the name of a file says that it is kept, and no other file knows it."""
        return _KEPT.fullmatch(module.stem) is not None and all(
            each is module for each in self._codebase.mentioning(module.stem.encode())
        )

    def _find_stand_in(self, inclusion: Inclusion) -> bool:
        return _is_after_import(inclusion.call, inclusion.scope)

    def _find_spare(self, router: Router) -> bool:
        scope = router.scope
        is_made = isinstance(scope, Function) and _STAND_IN.search(scope.name) is not None
        return not router.is_application and (is_made or _is_after_import(router.call, scope))

    @Once
    def _has_others(self) -> bool:
        """Tell whether an application that is no example serves other routes, known by name."""
        return any(
            not is_aside(registration.application.scope.module)
            for route in self._routes
            for registration in route.registrations
        ) and not any(is_dynamic(each, self._codebase) for each in self._routers.unknown)

    def _find_left(self, router: Router) -> bool:
        routers = self._routers
        return (
            not router.is_application
            and router not in routers.parents
            and router not in routers.included_somewhere
            and self._is_near(router.scope.module)
            and not is_mentioned(router, self._codebase)
        )

    def _is_near(self, module: Module) -> bool:
        """Tell whether applications load something from around a module, which is no library."""
        above = module.folder.rpartition("/")[0]
        return any(
            folder == above or module.folder in upward(folder)
            for folder in {each.folder for each in self._running.modules}
        )


def _is_after_import(node: Call, scope: Scope) -> bool:
    """Tell whether something is done only where importing something else has failed."""
    if not isinstance(scope, Function):
        return False
    # The one statement spares looking at all others of a module, and judging again after those.
    statement = scope.module.statement_at(node.start) if scope.is_module else None
    around = surroundings.around([statement] if statement else scope.body, node)
    return any(
        isinstance(each, Handler)
        and isinstance(outer, Try)
        and any(isinstance(inner, Import | ImportFrom) for inner in walk_all(outer.body))
        for outer, each in pairwise(around)
    )
