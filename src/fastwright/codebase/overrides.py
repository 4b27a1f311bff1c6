"""Which methods run in the place of an abstract one."""

from collections import defaultdict
from collections.abc import Sequence

from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.resolver import Resolver
from fastwright.source import parts
from fastwright.source.ledgers import Ledger
from fastwright.source.nodes import Node
from fastwright.source.notes import note
from fastwright.source.syntax import Attribute, Call, ExpressionStatement, Name, Raise, String

_Place = tuple[str, str]


class Overrides:
    """The methods that override abstract ones, those of tests left aside."""

    def __init__(self, modules: Sequence[Module], resolver: Resolver) -> None:
        self._modules = {module.path: module for module in modules}
        self._resolver = resolver
        # The classes that derive from others, by the paths and keys of all.
        self.subclasses = Ledger("subclasses", self._subclasses)

    def of(self, method: Function) -> tuple[Function, ...]:
        """Return what overrides an abstract method; nothing where it is not abstract."""
        if method.owner is None or not _is_abstract(method):
            return ()
        found = (each.method(method.name) for each in self.below(method.owner))
        return tuple(dict.fromkeys(each for each in found if each and not _is_abstract(each)))

    def below(self, definition: Class) -> list[Class]:
        """Return the classes that derive from one."""
        below = self.subclasses.row(_place_of(definition)) or ()
        return [self._modules[path].class_of(key) for path, key in below]

    def _subclasses(self) -> dict[_Place, list[_Place]]:
        found: defaultdict[_Place, list[_Place]] = defaultdict(list)
        note((parts.DERIVED, ""))
        for module in self._modules.values():
            for key in () if module.is_test else module.words.derived:
                definition = module.class_of(key)
                for base in self._resolver.lineage(definition)[1:]:
                    if isinstance(base, Class):
                        found[_place_of(base)].append(_place_of(definition))
        return dict(found)


def _place_of(definition: Class) -> _Place:
    return definition.module.path, definition.key


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
