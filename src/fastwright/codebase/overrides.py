"""Which methods run in the place of an abstract one."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from fastwright.codebase.modules import Class, Function, Module
from fastwright.codebase.resolver import Resolver
from fastwright.source.nodes import Node
from fastwright.source.syntax import Attribute, Call, ExpressionStatement, Name, Raise, String


class Overrides:
    """The methods that override abstract ones, those of tests left aside."""

    def __init__(self, modules: Sequence[Module], resolver: Resolver) -> None:
        self._modules = modules
        self._resolver = resolver

    def of(self, method: Function) -> tuple[Function, ...]:
        """Return what overrides an abstract method; nothing where it is not abstract."""
        if method.owner is None or not _is_abstract(method):
            return ()
        below = self._subclasses.get(method.owner, ())
        found = (each.methods.get(method.name) for each in below)
        return tuple(dict.fromkeys(each for each in found if each and not _is_abstract(each)))

    @cached_property
    def _subclasses(self) -> dict[Class, list[Class]]:
        found: defaultdict[Class, list[Class]] = defaultdict(list)
        for module in self._modules:
            for definition in () if module.is_test else module.classes:
                for base in self._resolver.lineage(definition)[1:]:
                    if isinstance(base, Class):
                        found[base].append(definition)
        return dict(found)


def _is_abstract(method: Function) -> bool:
    """Tell whether a method is there to be overridden."""
    for decorator in method.decorators:
        match decorator:
            case Name("abstractmethod") | Attribute(_, "abstractmethod"):
                return True
    if method.calls and len(method.calls) > 1:
        return False
    match [each for each in method.body if not _is_docstring(each)]:
        case [Raise(Name("NotImplementedError") | Call(Name("NotImplementedError")))]:
            return True
    return False


def _is_docstring(statement: Node) -> bool:
    match statement:
        case ExpressionStatement(String()):
            return True
    return False
