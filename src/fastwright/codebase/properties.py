"""Which properties of its objects a function reads: calls that do not look like calls."""

from collections.abc import Iterator, Sequence

from fastwright.codebase.modules import Class, Function, Module
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import Instance
from fastwright.source.notes import Note, Once
from fastwright.source.syntax import Attribute, Name

_DECORATORS = {"property", "cached_property"}


class Properties:
    """The properties of a codebase's classes that call something."""

    def __init__(self, modules: Sequence[Module], resolver: Resolver) -> None:
        self._modules = modules
        self._resolver = resolver

    def read_by(self, function: Function) -> Iterator[tuple[Attribute, Function]]:
        """Yield the attributes that run a property's getter, with the getter."""
        for raw in reversed(function.details.read):
            if raw[4] in self.names:
                node = Attribute(raw)
                value = self._resolver.value(node.value, function)
                if isinstance(value, Instance) and isinstance(value.of, Class):
                    getter = self._getter(value.of, node.name)
                    if getter is not None:
                        yield node, getter

    def _getter(self, definition: Class, name: str) -> Function | None:
        for each in self._resolver.lineage(definition):
            if isinstance(each, Class) and name in each.bindings:
                method = each.methods.get(name)
                return method if method is not None and _is_property(method) else None
        return None

    @property
    def kept(self) -> tuple[frozenset[str], Note] | None:
        """Return the names of all, with their note, if anybody asked."""
        names: Once[frozenset[str]] = vars(Properties)["names"]
        return names.kept(self)

    def keep(self, names: frozenset[str], made: Note) -> None:
        """Take what `kept` gave of the same files."""
        vars(Properties)["names"].keep(self, (names, made))

    @Once
    def names(self) -> frozenset[str]:
        """Return the names of all of them."""
        return frozenset(
            function.name
            for module in self._modules
            for function in module.functions
            if function.owner is not None and _is_property(function) and _calls(function)
        )


def _is_property(function: Function) -> bool:
    for decorator in function.decorators:
        match decorator:
            case Name(name) | Attribute(_, name) if name in _DECORATORS:
                return True
    return False


def _calls(getter: Function) -> bool:
    """Tell whether there is a bracket beside that of the `def`."""
    return getter.module.code_between(getter.node.name_start, getter.node.end).count(b"(") > 1
