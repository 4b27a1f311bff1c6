"""Which properties of its objects a function reads: calls that do not look like calls."""

from collections.abc import Iterator, Sequence

from fastwright.codebase.modules import Class, Function, Module
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import Instance
from fastwright.source import parts
from fastwright.source.notes import Note, Once, note
from fastwright.source.syntax import Attribute
from fastwright.source.words import is_property


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
            if isinstance(each, Class) and each.bound(name):
                method = each.method(name)
                return method if method is not None and is_property(method.node) else None
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
        note((parts.PROPERTIES, ""))
        return frozenset(name for module in self._modules for name in module.words.properties)
