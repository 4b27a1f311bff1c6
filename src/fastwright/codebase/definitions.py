"""Functions, classes and calls, as they stand in the files."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from fastwright.source import parts
from fastwright.source.lazy import Lazy, OfBody, OfClass, OfHead, Told
from fastwright.source.nodes import Raw, wrap
from fastwright.source.notes import NOTHING, Note, note
from fastwright.source.reader.definitions import last_name
from fastwright.source.records import ClassRecord, Details, FunctionRecord
from fastwright.source.scopes import Binding, Form, Use
from fastwright.source.syntax import (
    Call,
    ClassDef,
    Expression,
    FunctionDef,
    Keyword,
    Name,
    Parameter,
    Statement,
)

if TYPE_CHECKING:
    from fastwright.codebase.modules import Module


class Function:
    """A function or method, or a module's own code (`is_module`)."""

    def __init__(
        self,
        module: "Module",
        index: int,
        record: FunctionRecord,
        enclosing: "Function | None" = None,
    ) -> None:
        self.module = module
        self.index = index
        self.record = record
        self.qualified_name = record.name
        self.is_module = record.node is None
        # The function that this stands in, if any, and of such the outermost.
        self.outermost: Function = self if enclosing is None else enclosing.outermost
        # What is noted by whoever looks into it.
        self.part = module if self.is_module else self
        # The same for its signature and decorators.
        self.head: Part | Note
        if self.is_module:
            self.head = NOTHING
        else:
            self.head = (parts.HEAD, self) if enclosing is None else enclosing.outermost

    def __repr__(self) -> str:
        return f"Function({self.module.path}:{self.qualified_name})"

    @property
    def name(self) -> str:
        """Return the name in the `def`."""
        return self.qualified_name.rpartition(".")[2]

    @property
    def key(self) -> str:
        """Return what the function is known by in its file from one text to the next."""
        return self.module.function_keys[self.index]

    @property
    def symbol(self) -> str | None:
        """Return the name that reports give; None for a module's own code."""
        return None if self.is_module else self.qualified_name

    @property
    def node(self) -> FunctionDef:
        """Return the `def`; a module has none, which is a mistake to ask for."""
        note(self.head)
        if self.record.node is None:
            raise LookupError(self.module.path)
        return FunctionDef(self.record.node)

    @OfHead
    def is_async(self) -> bool:
        """Tell whether it is an `async def`."""
        return self.record.node is not None and FunctionDef(self.record.node).is_async

    @Lazy
    def owner(self) -> "Class | None":
        """Return the class that this is a method of."""
        owner = self.record.owner
        return None if owner is None else self.module.class_at(owner)

    @Lazy
    def outer(self) -> "Function | None":
        """Return the function, or the module, that this stands in."""
        outer = self.record.outer
        return None if outer is None else self.module.function_at(outer)

    @OfBody
    def details(self) -> Details:
        """Return the body and the notes about it."""
        return self.unnoted_details

    @Lazy
    def unnoted_details(self) -> Details:
        """Return the same, for what notes by itself what it looks at."""
        return self.record.unpacked

    @OfHead
    def parameters(self) -> tuple[Parameter, ...]:
        """Return the parameters, `self` among them; a module has none."""
        return () if self.record.node is None else FunctionDef(self.record.node).parameters

    @OfHead
    def parameter_names(self) -> frozenset[str]:
        """Return the names of the parameters."""
        return frozenset(parameter.name for parameter in self.parameters)

    @OfHead
    def decorators(self) -> tuple[Expression, ...]:
        """Return the decorators, outermost first."""
        return () if self.record.node is None else FunctionDef(self.record.node).decorators

    @property
    def unnoted_bindings(self) -> dict[str, list[Binding]]:
        """Return how names came to their values, for what notes by itself what it looks at."""
        return self.unnoted_details.bindings

    @OfBody
    def body(self) -> tuple[Statement, ...]:
        """Return the statements."""
        return tuple([wrap(raw) for raw in self.details.body])

    @property
    def text(self) -> str:
        """Return the code of the statements."""
        if not self.body:
            return ""
        code = self.module.code_between(self.body[0].start, self.body[-1].end)
        return code.decode("utf-8", "replace")

    @OfBody
    def calls(self) -> "tuple[CallSite, ...]":
        """Return the calls in source order, those in lambdas and comprehensions too."""
        return self.unnoted_calls

    @Lazy
    def unnoted_calls(self) -> "tuple[CallSite, ...]":
        """Return the calls, for what notes by itself which of them are looked at."""
        return tuple([CallSite(self, raw, use) for raw, use in self.unnoted_details.calls])

    @Told
    def is_generator(self) -> bool:
        """Tell whether it yields."""
        return self.details.is_generator

    @Told
    def has_branches(self) -> bool:
        """Tell whether the word `if` is anywhere in it."""
        return "if" in self.text

    @Told
    def called_parameters(self) -> tuple[str, ...]:
        """Return the parameters that it calls, in their order."""
        named = {
            call.node.function.id
            for call in self.calls
            if isinstance(call.node.function, Name) and call.runs_here
        }
        return tuple(each.name for each in self.parameters if each.name in named)


class CallSite:
    """A call, the function that it stands in, and how its result is used."""

    __slots__ = ("called", "function", "node", "use")

    def __init__(self, function: Function, raw: Raw, use: int) -> None:
        self.function = function
        self.node = Call(raw)
        self.called: Raw = raw[3]  # as it is kept: many are only looked up
        self.use = use

    def __repr__(self) -> str:
        return f"CallSite({self.function.module.source(self.node)})"

    @property
    def last_name(self) -> str:
        """Return the last name that it is written with, by which an index knows it."""
        return last_name(self.called)

    @property
    def is_awaited(self) -> bool:
        """Tell whether `await` stands right before it."""
        return bool(self.use & Use.AWAITED)

    @property
    def is_dropped(self) -> bool:
        """Tell whether it is a statement of its own."""
        return bool(self.use & Use.DROPPED)

    @property
    def is_in_loop(self) -> bool:
        """Tell whether it is made once per item of a loop or comprehension."""
        return bool(self.use & Use.IN_LOOP)

    @property
    def runs_here(self) -> bool:
        """Tell whether the function makes the call when it runs: not later, nor at definition."""
        return not self.use & (Use.IN_LAMBDA | Use.IN_DECORATOR | Use.IN_SIGNATURE)


class Class:
    """A class."""

    def __init__(self, module: "Module", index: int, record: ClassRecord) -> None:
        self.module = module
        # What is noted by whoever looks at all of it, but for the bodies of its methods.
        self.whole: Part = (parts.CLASS, self)
        # The same for what stands before its own body.
        self.head: Part = (parts.CLASS_HEAD, self)
        if record.outer:
            self.whole = self.head = module.function_at(record.outer).outermost
        self.index = index
        self.record = record
        self.qualified_name = record.name

    def __repr__(self) -> str:
        return f"Class({self.module.path}:{self.qualified_name})"

    @property
    def name(self) -> str:
        """Return the name in the `class`."""
        return self.qualified_name.rpartition(".")[2]

    @property
    def key(self) -> str:
        """Return what the class is known by in its file from one text to the next."""
        return self.module.class_keys[self.index]

    @OfClass
    def node(self) -> ClassDef:
        """Return the `class` with its body."""
        return self._node

    @Lazy
    def _node(self) -> ClassDef:
        return ClassDef(self.record.node or ())

    @OfHead
    def bases(self) -> tuple[Expression, ...]:
        """Return what the class derives from."""
        return self._node.bases

    @OfHead
    def keywords(self) -> tuple[Keyword, ...]:
        """Return what is said beside the bases."""
        return self._node.keywords

    @OfHead
    def decorators(self) -> tuple[Expression, ...]:
        """Return the decorators, outermost first."""
        return self._node.decorators

    @Lazy
    def scope(self) -> Function:
        """Return the function, or the module, that the class stands in."""
        return self.module.function_at(self.record.outer)

    @OfClass
    def methods(self) -> dict[str, Function]:
        """Return the methods by name; of several with one name, the last."""
        return {
            name: self.module.function_at(bound[-1][2])
            for name, bound in self.record.bindings.items()
            if bound[-1][0] == Form.FUNCTION
        }

    def bound(self, name: str) -> list[Binding]:
        """Return how a name of the body came to its values."""
        note(self.whole if self.record.outer else (parts.MEMBER, self, name))
        return self.record.bindings.get(name, [])

    def method(self, name: str) -> Function | None:
        """Return the method of a name; of several, the last."""
        bound = self.bound(name)
        is_method = bool(bound) and bound[-1][0] == Form.FUNCTION
        return self.module.function_at(bound[-1][2]) if is_method else None

    @OfClass
    def bindings(self) -> dict[str, list[Binding]]:
        """Return how names of the body came to their values."""
        return self.record.bindings

    @property
    def unnoted_bindings(self) -> dict[str, list[Binding]]:
        """Return the same, for what notes by itself what it looks at."""
        return self.record.bindings

    def assigned(self, name: str) -> Iterator[tuple[Function, Binding]]:
        """Yield what methods assign to an attribute of their receiver, with the method."""
        note((parts.ATTRIBUTE, name))
        for index, binding in self.record.attributes.get(name, ()):
            method = self.module.function_at(index)
            note(method)
            yield method, binding


# What of a file is noted by itself.
Part: TypeAlias = "Module | Function | tuple[str, Function | Class]"
# Where a name is looked up: in a function, or in the body of a class.
Scope = Function | Class
