"""Fetches: calls that bring one thing that the request names, told apart by what they bring."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application.application import Application
from fastwright.application.rows import Rows
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.values import ClassValue, External, FunctionValue, Instance, Value
from fastwright.source.syntax import (
    Attribute,
    Await,
    Call,
    Dict,
    Expression,
    Name,
    String,
    Subscript,
    walk,
)

# Functions that change the thing which they are told.
_SQL = re.compile(r"(?i)\s*(?:SELECT|WITH)\s")
_CHANGES = re.compile(
    r"_*(?:activate|add|approve|archive|assign|cancel|change|close|complete|create|deactivate"
    r"|delete|destroy|disable|enable|edit|insert|mark|modify|patch|reject|remove|rename|reset"
    r"|restore|save|set|toggle|update|upsert|write)(?:_|$)"
)

Key = tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Fetch:
    """A call whose result is one thing.

    Two fetches with the same `key` bring the same kind of thing by the same means: the same rows of
    a table, or the result of the same function. `what` says what it does; `inputs` are the
    parameters of the route that choose the thing, and `filters` the columns of a row that are
    compared with anything that is not written out.
    """

    node: Call
    key: Key
    what: str
    inputs: tuple[str, ...]
    filters: frozenset[str] = frozenset()


class Fetches:
    """Reads the expressions of one function of which `inputs` come from the request."""

    def __init__(
        self, application: Application, function: Function, inputs: frozenset[str]
    ) -> None:
        self._application = application
        self._codebase = application.codebase
        self._function = function
        self._inputs = inputs
        self._rows = Rows(application.codebase, application.models, function)

    def read(self, node: Expression) -> Fetch | None:
        """Return the fetch that an expression is, or what it was made of further up."""
        call = self._call(node)
        if call is None:
            return None
        return self._of_row(call) or self._of_call(call)

    def _call(self, node: Expression) -> Call | None:
        match node:
            case Await(inner):
                return self._call(inner)
            case Call(function, (_, value)) if self._is_cast(function):
                return self._call(value)
            case Call():
                return node
        return None

    def _is_cast(self, function: Expression) -> bool:
        return self._value(function) == External("typing.cast")

    def _value(self, node: Expression) -> Value | None:
        return self._codebase.resolver.value(node, self._function)

    def _of_row(self, call: Call) -> Fetch | None:
        """Return the fetch of a row by the columns that are compared with what was passed."""
        row = self._rows.read(call)
        if row is None:
            return None
        by = [(column, self._named_inputs(value)) for column, value in row.conditions]
        columns = frozenset(column for column, inputs in by if inputs)
        if not columns:
            return None
        inputs = dict.fromkeys(each for _, names in by for each in names)
        key: Key = ("row", row.table.definition, columns)
        filters = frozenset(name for (_, name), value in row.conditions if _varies(value))
        return Fetch(call, key, f"fetch the `{row.table.name}`", tuple(inputs), filters)

    def _of_call(self, call: Call) -> Fetch | None:
        target = self._target(call)
        if target is None or _changes(call.function):
            return None
        passed = list(self._passed(call))
        if any(self._is_body(value) for _, value in passed):
            return None  # it is given something to write
        found = {name: self._named_inputs(value) for name, value in passed}
        by = frozenset(
            each for name, value in passed if found[name] for each in self._chosen_by(name, value)
        )
        if not by:
            return None
        filtered = not by <= found.keys()
        things = tuple(filter(None, (self._thing(value, filtered) for _, value in passed)))
        inputs = dict.fromkeys(each for names in found.values() for each in names)
        what = f"call `{self._function.module.source(call.function)}()`"
        return Fetch(call, (*target, by, things), what, tuple(inputs))

    def _target(self, call: Call) -> Key | None:
        """Return what tells the called thing from others."""
        value = self._value(call.function)
        base = call.function.value if isinstance(call.function, Attribute) else None
        match value:
            case FunctionValue(function, receiver):
                if function.is_generator:
                    return None
                # What it is called on knows what it was made with, or which class inherits it.
                known = None if base is None else self._value(base)
                if isinstance(receiver, Instance) or isinstance(known, ClassValue):
                    receiver = known or receiver
                return ("function", function, *self._receiver(receiver, base))
            case External(name) if base is not None:
                receiver = self._value(base)
                if isinstance(receiver, ClassValue) and self._is_model(receiver):
                    return "class", receiver.definition, name
                made_with = isinstance(receiver, Instance) and _class_arguments(
                    receiver, self._application
                )
                if made_with:
                    return "object", name, made_with
        return self._of_shared_object(call, base)

    def _of_shared_object(self, call: Call, base: Expression | None) -> Key | None:
        """Return the method of an object that a module made for all, whatever its class is."""
        if base is None or not isinstance(call.function, Attribute):
            return None
        origin = self._codebase.origin(base, self._function)
        if origin is None or not isinstance(origin[0], Call):
            return None
        made, scope = origin
        is_shared = isinstance(scope, Function) and scope.is_module
        if not is_shared or not _classes_in(origin[0], scope, self._application):
            return None
        names = scope.module.names_at(made.start)
        return "shared", scope.module.path, *names, call.function.name

    def _receiver(self, receiver: Value | None, base: Expression | None) -> Key:
        match receiver:
            case Instance(Class() as definition, arguments):
                known = (*arguments, *_class_arguments(receiver, self._application))
                if known or base is None or not self._is_generic(definition):
                    return definition, known
                module = self._function.module
                return definition, module.path, module.source(base)
            case ClassValue(definition):
                return (definition,)
        return ()

    def _is_generic(self, definition: Class) -> bool:
        return any(
            isinstance(base, Subscript)
            for each in self._codebase.resolver.lineage(definition)
            if isinstance(each, Class)
            for base in each.bases
        )

    def _is_model(self, value: ClassValue) -> bool:
        return self._application.models.of(value.definition) is not None

    def _chosen_by(self, name: str, node: Expression) -> Iterator[str]:
        """Yield what an argument chooses the thing by: itself, or the keys of a dict of filters."""
        origin = self._rows.local_origin(node) if isinstance(node, Name) else node
        keys = [
            pair.key.value
            for pair in (origin.pairs if isinstance(origin, Dict) else ())
            if isinstance(pair.key, String) and self._named_inputs(pair.value)
        ]
        yield from (f"{name} {key}" for key in keys) if keys else (name,)

    def _thing(self, node: Expression, filtered: bool) -> Class | str | None:
        """Return what is passed that says what to bring: a class, a library's by its name, SQL.

        Beside a dict of filters it may be the name of a table.
        """
        if isinstance(node, String):
            text = node.value or ""
            is_said = _SQL.match(text) or (filtered and text.isidentifier())
            return " ".join(text.split()) if is_said else None
        match self._value(node):
            case ClassValue(definition):
                return definition
            case External(name) if name.rpartition(".")[2][:1].isupper():
                return name
        return None

    def _passed(self, call: Call) -> Iterator[tuple[str, Expression]]:
        """Yield the arguments by the names of the parameters, or by their positions."""
        value = self._value(call.function)
        names: list[str] = []
        if isinstance(value, FunctionValue):
            names = [each.name for each in value.function.parameters]
            if value.receiver is not None:
                names = names[1:]
        for position, argument in enumerate(call.arguments):
            yield names[position] if position < len(names) else str(position), argument
        for keyword in call.keywords:
            if keyword.name is not None:
                yield keyword.name, keyword.value

    def _is_body(self, node: Expression) -> bool:
        """Tell whether it is a whole model that was sent."""
        if not isinstance(node, Name) or node.id not in self._inputs:
            return False
        value = self._value(node)
        if not isinstance(value, Instance):
            return False
        if isinstance(value.of, Class):
            return self._application.models.of(value.of) is not None
        return value.of in {"builtins.dict", "builtins.list"}

    def _named_inputs(self, node: Expression) -> list[str]:
        """Return the parameters that a value is taken from, by attributes and conversions only."""
        names = [each for each in walk(node) if isinstance(each, Name)]
        found = [each.id for each in names if each.id in self._inputs]
        if found:
            return found
        match node:
            case Name():
                origin = self._rows.local_origin(node)
                return [] if origin is None else self._named_inputs_of_plain(origin)
        return []

    def _named_inputs_of_plain(self, node: Expression) -> list[str]:
        for each in walk(node):
            if isinstance(each, Await):
                return []
            if isinstance(each, Call):
                value = self._value(each.function)
                known = isinstance(value, External) and value.name.startswith(
                    ("builtins.", "uuid.")
                )
                if not known:
                    return []
        return self._named_inputs(node)


def _varies(node: Expression) -> bool:
    return any(isinstance(each, Name) for each in walk(node))


def _changes(function: Expression) -> bool:
    match function:
        case Name(name) | Attribute(_, name):
            return _CHANGES.match(name) is not None
    return False


def _class_arguments(receiver: Instance, application: Application) -> tuple[Class, ...]:
    """Return the classes that an object was made with: those of a generic repository."""
    return _classes_in(*receiver.made, application) if receiver.made else ()


def _classes_in(call: Call, scope: Scope, application: Application) -> tuple[Class, ...]:
    values = (
        application.codebase.resolver.value(node, scope)
        for node in (*call.arguments, *(each.value for each in call.keywords))
    )
    return tuple(value.definition for value in values if isinstance(value, ClassValue))
