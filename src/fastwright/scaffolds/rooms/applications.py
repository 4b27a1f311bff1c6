"""Which application of a codebase a domain is added to, and what a module calls it."""

from collections import Counter

from fastwright.application.application import Application
from fastwright.application.folders import is_aside
from fastwright.application.routers import Router
from fastwright.codebase.modules import Module
from fastwright.codebase.values import FunctionValue
from fastwright.scaffolds.room import Place, Unknown
from fastwright.scaffolds.rooms.given import Given
from fastwright.scaffolds.rooms.naming import dotted
from fastwright.scaffolds.rooms.symbols import find
from fastwright.source.scopes import Form

# An application with so many times the routes of any other is the one that is meant.
_CLEARLY = 4
_TEMPLATE = "{{"  # of Cookiecutter and the like, in the name of a folder


def choose(application: Application, given: Given) -> Router | Unknown:
    """Return the application that is meant, or why that cannot be told."""
    if given.router:
        return _above(application, given)
    counted = _counted(application)
    best = counted.most_common(2)
    template = next((each for each in counted if _TEMPLATE in each.scope.module.path), None)
    if template is not None:
        return Unknown(
            "application",
            "an application that can be run, not a template that projects are made from",
            "the folder of a project that was made from it",
            {_shown(template, application): _place(template)},
        )
    if application.entrypoint is not None:
        return application.entrypoint
    if len(best) == 1 or (len(best) > 1 and best[0][1] >= _CLEARLY * best[1][1]):
        return best[0][0]
    return Unknown(
        "application",
        "an application of FastAPI, or one that has far more routes than the others",
        "--router app.main:app",
        {_shown(each, application): _place(each) for each in counted},
    )


def named(application: Application, chosen: Router) -> tuple[Module, str] | None:
    """Return the module that gives an application a name, and the name: `app`."""
    codebase = application.codebase
    for module in sorted(codebase.own_modules, key=lambda each: each.path.count("/")):
        for name, bindings in module.top.details.bindings.items():
            if any(binding[0] in {Form.VALUE, Form.ANNOTATED} for binding in bindings):
                value = codebase.resolver.module_member(module, name)
                if application.routers.of(value) is chosen:
                    return module, name
    return None


def factory(application: Application, chosen: Router) -> tuple[Module, str] | None:
    """Return the function that makes an application, if it can be called as it is."""
    function = chosen.scope
    made = getattr(function, "parameters", None)
    if made != () or getattr(function, "is_module", True):
        return None
    value = application.codebase.resolver.module_member(function.module, function.name)
    if isinstance(value, FunctionValue) and value.function is function:
        return function.module, function.name
    return None


def _counted(application: Application) -> Counter[Router]:
    """Return how many routes each application serves: those that no other one includes."""
    routers = application.routers
    inner = {link.child for each in routers.all for link in each.includes}
    counted = Counter(
        {
            each: 0
            for each in routers.all
            if each.is_application and each not in inner and not is_aside(each.scope.module)
        }
    )
    for route in application.routes:
        for each in {registration.application for registration in route.registrations}:
            if each in counted:
                counted[each] += 1
    return counted


def _above(application: Application, given: Given) -> Router | Unknown:
    """Return the application that a router is included in, or is itself."""
    if given.router is None:
        raise ValueError(given)
    module, name = find(given.router, "--router", application.codebase)
    value = application.codebase.resolver.module_member(module, name)
    router = application.routers.of(value)
    seen: set[Router] = set()
    while router is not None and not router.is_application and router not in seen:
        seen.add(router)
        above = application.routers.parents.get(router, ())
        router = above[0].parent if above else None
    if router is not None and router.is_application:
        return router
    return Unknown(
        "application",
        f"an application that {given.router} is, or is included in",
        "--router app.main:app",
    )


def _shown(router: Router, application: Application) -> str:
    """Return an application as a flag names it, as far as a module gives it a name."""
    found = named(application, router)
    module, name = found or (router.scope.module, "")
    return f"{dotted(module, '')}:{name}".rstrip(":")


def _place(router: Router) -> Place:
    return Place(router.scope.module.path, router.scope.module.position(router.call.start)[0])
