"""What calling something gives."""

from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.knowledge import Knowledge
from fastwright.codebase.types import object_of
from fastwright.codebase.values import (
    ClassValue,
    Coroutine,
    Entered,
    Evaluator,
    External,
    FunctionValue,
    Instance,
    Nothing,
    Value,
)
from fastwright.source.nodes import Raw
from fastwright.source.syntax import Call, Expression, String

_GENERATORS = {
    "typing.AsyncGenerator",
    "typing.AsyncIterable",
    "typing.AsyncIterator",
    "typing.Generator",
    "typing.Iterable",
    "typing.Iterator",
}
# Classes of `typing` that describe a coroutine, with the position of its result.
_AWAITABLES = {"typing.Awaitable": 0, "typing.Coroutine": 2}

# Where what opens a file is told how.
_MODE_AT = {"builtins.open": 1, "io.open": 1, "pathlib.Path.open": 0}

# Functions that give back what they are given, to be called or entered later.
_WRAPPERS = {"contextlib.asynccontextmanager", "contextlib.contextmanager", "functools.partial"}


def of_function(called: FunctionValue, evaluator: Evaluator, knowledge: Knowledge) -> Value | None:
    """Return what a call of a function of the codebase gives."""
    function = called.function
    kinds = decorator_kinds(function, evaluator, knowledge)
    if function.is_generator:
        yielded = yields(function, evaluator)
        if "contextmanager" in kinds or "asynccontextmanager" in kinds:
            return Entered(yielded, is_async=function.is_async)
        return Instance("typing.Generator", (yielded,))
    returned = returns(function, called.receiver, evaluator)
    if "contextmanager" in kinds or "asynccontextmanager" in kinds:
        return Entered(item_of(returned), is_async=function.is_async)
    if function.is_async or "thread" in kinds:
        return Coroutine(returned)
    return awaited_form(returned)


def decorator_kinds(function: Function, evaluator: Evaluator, knowledge: Knowledge) -> set[str]:
    """Return what the decorators that are known make of a function."""
    found = set()
    for decorator in function.decorators:
        node = decorator.function if isinstance(decorator, Call) else decorator
        value = evaluator.value(node, function.outer or function)
        if isinstance(value, External):
            kind = knowledge.decorator(value.name)
            if kind:
                found.add(kind)
    return found


def decorated(function: Function, evaluator: Evaluator) -> Value | None:
    """Return what the outermost decorator makes of a function, where the codebase says it."""
    scope = function.outer or function
    decorator = evaluator.value(function.decorators[0], scope) if function.decorators else None
    match decorator:
        case FunctionValue() | ClassValue():
            return evaluator.result(decorator, None, scope)
        case Instance("typing.Callable", (_, made)):
            return made
    return None


def returns(function: Function, receiver: Value | None, evaluator: Evaluator) -> Value | None:
    """Return what a function's body gives back: by its annotation, else by its `return`s."""
    annotation = None if function.is_module else function.node.returns
    if annotation is not None:
        if _is_self(annotation) and isinstance(receiver, Instance):
            return receiver
        described = evaluator.annotated(annotation, function.outer or function)
        if described is not None:
            return _as_made(described, function, evaluator)
    return _first_known(function.details.returns, function, evaluator)


def yields(function: Function, evaluator: Evaluator) -> Value | None:
    """Return what a generator yields."""
    annotation = None if function.is_module else function.node.returns
    if annotation is not None:
        described = evaluator.annotated(annotation, function.outer or function)
        item = item_of(described)
        if item is not None:
            return item
    return _first_known(function.details.yields, function, evaluator)


def of_external(
    name: str, call: Call | None, scope: Scope, evaluator: Evaluator, knowledge: Knowledge
) -> Value | None:
    """Return what a call of something of a library gives."""
    if name in {"typing.cast", "typing_extensions.cast"}:
        return evaluator.annotated(call.arguments[0], scope) if call and call.arguments else None
    if name == "typing.NewType":
        wrapped = call.argument(1, "tp") if call else None
        return evaluator.value(wrapped, scope) if wrapped else None
    if name in _WRAPPERS:
        return evaluator.value(call.arguments[0], scope) if call and call.arguments else None
    described = knowledge.returns(name)
    result = object_of(described) if described else None
    if knowledge.is_coroutine(name):
        return Coroutine(result)
    if isinstance(result, External):
        return _with_class(result, call, scope, evaluator)
    if name in _MODE_AT and call is not None:
        return _opened(call.argument(_MODE_AT[name], "mode"), result)
    if result is None and name.rpartition(".")[2][:1].isupper():
        return Instance(name)
    return result


def _opened(mode: Expression | None, text_file: Value | None) -> Value | None:
    """Return the file that a mode gives, which is one of text unless the mode says otherwise."""
    match mode:
        case String(str() as letters) if "b" in letters:
            kind = "Random" if "+" in letters else "Reader" if "r" in letters else "Writer"
            return Instance(f"io.Buffered{kind}")
    return text_file


def _with_class(made: External, call: Call | None, scope: Scope, evaluator: Evaluator) -> External:
    """Return a class that was made, with the one of the codebase that it derives from."""
    given = call.keyword("cls") if call else None
    match given and evaluator.value(given, scope):
        case ClassValue(definition):
            return External(made.name, definition)
    return made


def entered(value: Value | None, evaluator: Evaluator, knowledge: Knowledge) -> Value | None:
    """Return what `with value as x` binds to `x`."""
    match value:
        case Entered(result):
            return result
        case Coroutine(result):
            return entered(result, evaluator, knowledge)
        case Instance("typing.Generator" | "typing.AsyncGenerator", (yielded, *_)):
            return yielded  # of a generator that was wrapped to be entered
        case Instance(str() as name):
            described = knowledge.enters(name)
            return object_of(described) if described else value
        case Instance(Class()):
            for name in ("__aenter__", "__enter__"):
                method = evaluator.member(value, name)
                if isinstance(method, FunctionValue):
                    result = evaluator.result(method, None, method.function)
                    return result.result if isinstance(result, Coroutine) else result
            return value
        case _:
            return value


def item_of(value: Value | None) -> Value | None:
    """Return what iterating over something gives each time."""
    match value:
        case Instance(str() as name, arguments) if arguments:
            if name in _GENERATORS or name.startswith(("builtins.", "typing.")):
                return arguments[0]
    return None


def awaited(value: Value | None) -> Value | None:
    """Return what `await value` gives."""
    value = awaited_form(value)
    return value.result if isinstance(value, Coroutine) else None


def awaited_form(value: Value | None) -> Value | None:
    """Return an object that an annotation calls awaitable as the coroutine that it stands for."""
    match value:
        case Instance(str() as name, arguments) if name in _AWAITABLES:
            position = _AWAITABLES[name]
            return Coroutine(arguments[position] if position < len(arguments) else None)
        case _:
            return value


def _as_made(described: Value, function: Function, evaluator: Evaluator) -> Value:
    """Return an object of FastAPI's, a router say, with the call that makes it in the function."""
    match described:
        case Instance(str() as name) if name.startswith("fastapi."):
            made = _first_known(function.details.returns, function, evaluator)
            if isinstance(made, Instance) and made.made is not None:
                return made
    return described


def _is_self(annotation: Expression) -> bool:
    return getattr(annotation, "id", None) == "Self" or getattr(annotation, "name", None) == "Self"


def _first_known(raws: list[Raw], function: Function, evaluator: Evaluator) -> Value | None:
    for raw in raws:
        value = evaluator.value_of(raw, function)
        if value is not None and value != Nothing():
            return value
    return None
