"""Which properties of its objects a function reads: calls that do not look like calls."""

from collections.abc import Iterator, Sequence

from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import Instance
from fastwright.source import parts
from fastwright.source.ledgers import Ledger
from fastwright.source.notes import note
from fastwright.source.syntax import Attribute
from fastwright.source.words import is_property


class Properties:
    """The properties of a codebase's classes that call something."""

    def __init__(self, modules: Sequence[Module], resolver: Resolver) -> None:
        self._modules = modules
        self._resolver = resolver
        # The names of all of them, in a single row.
        self.names = Ledger("properties", self._names)

    def read_by(self, function: Function) -> Iterator[tuple[Attribute, Function]]:
        """Yield the attributes that run a property's getter, with the getter."""
        names = self.names.row("") or ()
        for raw in reversed(function.details.read):
            if raw[4] in names:
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

    def _names(self) -> dict[str, frozenset[str]]:
        note((parts.PROPERTIES, ""))
        return {"": frozenset(name for each in self._modules for name in each.words.properties)}
