"""What an expression can stand for, as far as reading alone can tell."""

from dataclasses import dataclass, field
from typing import Protocol

from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.modules import Module
from fastwright.source.nodes import Raw
from fastwright.source.syntax import Call, Expression


@dataclass(frozen=True, slots=True)
class ModuleValue:
    """A module of the codebase."""

    module: Module


@dataclass(frozen=True, slots=True)
class Folder:
    """A package without an `__init__.py`; `path` ends without `/`."""

    path: str


@dataclass(frozen=True, slots=True)
class External:
    """Something of a library: a module, class, function, method or object, fully dotted.

    `derived` is the class of the codebase that it was made from, as `declarative_base(cls=…)` does.
    """

    name: str
    derived: Class | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of the codebase, bound to `receiver` where it is a method."""

    function: Function
    receiver: "Value | None" = None


@dataclass(frozen=True, slots=True)
class ClassValue:
    """A class of the codebase."""

    definition: Class


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the codebase, or of a library's class by its dotted name."""

    of: Class | str
    arguments: "tuple[Value | None, ...]" = ()
    # The call that made it, where that is known, and the scope of the call.
    made: tuple[Call, Scope] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Coroutine:
    """What calling an `async def` gives: `result` once it is awaited."""

    result: "Value | None"


@dataclass(frozen=True, slots=True)
class Entered:
    """What a function decorated as a context manager gives: `result` once it is entered."""

    result: "Value | None"
    is_async: bool


@dataclass(frozen=True, slots=True)
class Parent:
    """`super()` in a method of a class, for an object of `receiver`."""

    definition: Class
    receiver: Class


@dataclass(frozen=True, slots=True)
class Text:
    """A string that is known."""

    value: str


@dataclass(frozen=True, slots=True)
class TypeExpression:
    """An expression that describes a type, such as `Annotated[…]` or `A | B`, where it stands."""

    node: Expression
    scope: Scope


@dataclass(frozen=True, slots=True)
class Nothing:
    """`None`."""


Value = (
    ModuleValue
    | Folder
    | External
    | FunctionValue
    | ClassValue
    | Instance
    | Coroutine
    | Entered
    | Parent
    | Text
    | TypeExpression
    | Nothing
)


class Evaluator(Protocol):
    """Who answers what expressions stand for; None says that it is not known."""

    def value(self, node: Expression, scope: Scope) -> Value | None:
        """Return what an expression stands for."""

    def value_of(self, raw: Raw, scope: Scope) -> Value | None:
        """Return what an expression stands for that is looked at as it is kept."""

    def annotated(self, node: Expression, scope: Scope) -> Value | None:
        """Return an object of the type that an annotation describes."""

    def member(self, value: Value | None, name: str) -> Value | None:
        """Return an attribute of something."""

    def result(self, value: Value | None, call: Call | None, scope: Scope) -> Value | None:
        """Return what calling something gives."""
