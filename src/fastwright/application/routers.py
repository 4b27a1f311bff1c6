"""Routers and applications: where they are made, and which includes which."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fastwright.application.own_classes import APPLICATION, ROUTER
from fastwright.codebase import arguments, names, turns
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Scope
from fastwright.codebase.turns import Turn
from fastwright.codebase.values import ClassValue, External, Instance, Text, Value
from fastwright.source.nodes import wrap
from fastwright.source.notes import Once
from fastwright.source.syntax import Attribute, Call, Expression, Name

# What has the methods that register routes, middlewares and handlers.
_OWNERS = ("fastapi.FastAPI", "fastapi.APIRouter", APPLICATION, ROUTER)
# How libraries name classes of routers and applications.
_ENDINGS = ("Router", "API", "App", "Starlette")


@dataclass(eq=False)
class Router:
    """An `APIRouter` or an application, known by the call that makes it.

    `prefix` is None where it cannot be read. `stands_for_many` says that the call makes a router
    for each of those who call the function around it: one cannot be told from the other.
    """

    call: Call
    scope: Scope
    is_application: bool
    prefix: str | None
    stands_for_many: bool = False
    includes: "list[Inclusion]" = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Router({self.scope.module.path}:{self.call.start})"

    def keyword(self, name: str) -> Expression | None:
        """Return what the router was made with under a name."""
        return self.call.keyword(name)


@dataclass(frozen=True, eq=False)
class Inclusion:
    """`parent.include_router(child)`, or `mount` of an application.

    `prefix` is None where it cannot be read.
    """

    parent: Router
    child: Router
    call: Call
    scope: Scope
    prefix: str | None
    is_mount: bool


class Routers:
    """All routers of a codebase, its tests left aside."""

    def __init__(self, codebase: Codebase, own: Iterable[str]) -> None:
        """`own` are the names of the codebase's own classes: see `own_classes`."""
        self._codebase = codebase
        self._own = own
        self.all: list[Router] = []
        # Calls of `include_router` and `mount` of which the router is not known.
        self.unknown: list[CallSite] = []
        # Routers that are included, but nobody knows in what.
        self.included_somewhere: set[Router] = set()
        self._by_place: dict[tuple[str, int], Router] = {}
        for call, is_application in self._made():
            self._add(call, is_application=is_application)
        for call in self.calls("include_router"):
            self._include(call)
        for call in self.calls("mount"):
            self._mount(call)

    @Once
    def parents(self) -> dict[Router, list[Inclusion]]:
        """Return the inclusions of each router that is included, in the order of the code."""
        found: dict[Router, list[Inclusion]] = {}
        for router in self.all:
            for inclusion in router.includes:
                found.setdefault(inclusion.child, []).append(inclusion)
        return found

    def of(self, value: Value | None) -> Router | None:
        """Return the router that a value is."""
        if isinstance(value, Instance) and value.made is not None:
            call, scope = value.made
            return self._by_place.get((scope.module.path, call.start))
        return None

    def at(self, node: Expression, scope: Scope) -> Router | None:
        """Return the router that an expression stands for, also where a function makes it."""
        return self.of(self._codebase.resolver.value(node, scope))

    def passed(self, node: Expression, scope: Scope) -> Iterator[Router]:
        """Yield the router that an expression stands for; of a parameter, those that are passed."""
        router = self.at(node, scope)
        owner = names.parameter_owner(node.id, scope) if isinstance(node, Name) else None
        if router is not None:
            yield router
        elif owner is not None and isinstance(node, Name):
            for call in self._codebase.calls_of(owner):
                given = arguments.passed(call.node, node.id, owner)
                found = given and self.at(given, call.function)
                if found:
                    yield found

    def receiver(self, node: Expression, scope: Scope) -> Router | None:
        """Return the one router that an expression stands for, whoever passes it."""
        found = set(self.passed(node, scope))
        return found.pop() if len(found) == 1 else None

    def receiver_of(self, call: CallSite) -> Router | None:
        """Return the one router whose method is called."""
        method = call.node.function
        if not isinstance(method, Attribute):
            return None
        return self.receiver(method.value, call.function)

    def calls(self, method: str) -> Iterator[CallSite]:
        """Yield the calls of a method on anything that is a router or an application."""
        yield from self._codebase.calls_to(*(f"{owner}.{method}" for owner in _OWNERS))

    def is_router(self, value: Value | None) -> bool:
        """Tell whether a value is a router or an application, known or not."""
        return isinstance(value, Instance) and self._codebase.is_a(value.of, ROUTER, APPLICATION)

    def text(self, node: Expression | None, scope: Scope, default: str = "") -> str | None:
        """Return a string that can be read, the default where there is no expression."""
        if node is None:
            return default
        value = self._codebase.resolver.value(node, scope)
        return value.value if isinstance(value, Text) else None

    def _made(self) -> Iterator[tuple[CallSite, bool]]:
        index = self._codebase.index
        libraries = index.ending(_ENDINGS)
        for call in index.named(sorted(index.also_called({*self._own, *libraries, "cls"}))):
            match self._codebase.target(call):
                case External(of) | ClassValue(of):
                    is_application = self._codebase.is_a(of, APPLICATION)
                    if is_application or self._codebase.is_a(of, ROUTER):
                        yield call, is_application

    def _add(self, call: CallSite, *, is_application: bool) -> None:
        many = not is_application and self._makes_many(call)
        prefix = None if many else self.text(call.node.keyword("prefix"), call.function)
        router = Router(call.node, call.function, is_application, prefix, many)
        self.all.append(router)
        self._by_place[call.function.module.path, call.node.start] = router

    def _makes_many(self, call: CallSite) -> bool:
        function = call.function
        if function.is_module or [wrap(raw) for raw in function.details.returns] != [call.node]:
            return False
        return len(self._codebase.calls_of(function)) > 1

    def _include(self, call: CallSite) -> None:
        parent = self.receiver_of(call)
        node = call.node.argument(0, "router")
        if node is None:
            self.unknown.append(call)  # it stands in a dictionary that is unpacked
            return
        prefix = call.node.keyword("prefix")
        unknown = parent is None
        for turn in turns.of(call, self._codebase):
            children = dict.fromkeys(self._children(node, call.function, turn))
            unknown = unknown or not children
            text = self.text(*turn.given(prefix, call.function)) if prefix else ""
            if parent is None:
                self.included_somewhere.update(children)
            for child in children:
                self._link(parent, child, call, text, is_mount=False)
        if unknown:
            self.unknown.append(call)

    def _mount(self, call: CallSite) -> None:
        parent = self.receiver_of(call)
        node = call.node.argument(1, "app")
        child = node and self.at(node, call.function)
        if parent is not None and child:
            prefix = self.text(call.node.argument(0, "path"), call.function)
            self._link(parent, child, call, prefix, is_mount=True)

    def _link(
        self,
        parent: Router | None,
        child: Router,
        call: CallSite,
        prefix: str | None,
        *,
        is_mount: bool,
    ) -> None:
        if parent is not None and parent is not child:
            inclusion = Inclusion(parent, child, call.node, call.function, prefix, is_mount)
            parent.includes.append(inclusion)

    def _children(self, node: Expression, scope: Scope, turn: Turn) -> Iterator[Router]:
        """Yield the routers that are included in one turn of the loops around."""
        yield from self.passed(*turn.given(node, scope))
        found = self.of(turn.value(node, scope, self._codebase))
        if found is not None:
            yield found
