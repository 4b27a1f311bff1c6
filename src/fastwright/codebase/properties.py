"""Which properties of its objects a function reads: calls that do not look like calls."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from fastwright.codebase.modules import Class, Function, Module
from fastwright.codebase.resolver import Resolver
from fastwright.codebase.values import Instance
from fastwright.source.nodes import Node, children
from fastwright.source.syntax import Assign, Attribute, Lambda, Name

_DECORATORS = {"property", "cached_property"}
_ATTRIBUTE = re.compile(rb"\.\s*(\w+)")


class Properties:
    """The properties of a codebase's classes that call something."""

    def __init__(self, modules: Sequence[Module], resolver: Resolver) -> None:
        self._modules = modules
        self._resolver = resolver

    def read_by(self, function: Function) -> Iterator[tuple[Attribute, Function]]:
        """Yield the attributes that run a property's getter, with the getter."""
        text = function.module.text
        if not function.is_module:
            text = text[function.node.start : function.node.end]
        if self._names.isdisjoint(_ATTRIBUTE.findall(text)):
            return
        for node in _read_attributes(function):
            if node.name.encode() in self._names:
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

    @cached_property
    def _names(self) -> frozenset[bytes]:
        return frozenset(
            function.name.encode()
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
    return getter.module.text.count(b"(", getter.node.name_start, getter.node.end) > 1


def _read_attributes(function: Function) -> Iterator[Attribute]:
    """Yield the attributes that a function reads when it runs, in no particular order."""
    pending: list[Node] = [*function.body]
    while pending:
        node = pending.pop()
        match node:
            case Lambda():
                continue
            case Assign(targets):
                pending += [each.value for each in targets if isinstance(each, Attribute)]
                pending += [each for each in targets if not isinstance(each, Attribute)]
                pending += [node.value] if node.value is not None else []
                continue
            case Attribute():
                yield node
        pending += children(node)
