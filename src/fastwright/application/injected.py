"""Functions that nobody but FastAPI runs: then it is for it alone whether they are `async`."""

import re

from fastwright.application.application import Application
from fastwright.application.dependencies import MARKERS
from fastwright.codebase import signatures
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function
from fastwright.codebase.modules import Module
from fastwright.codebase.values import External, FunctionValue, Value
from fastwright.source.edits import Edit
from fastwright.source.nodes import Node
from fastwright.source.scopes import Form
from fastwright.source.syntax import (
    Alias,
    Assign,
    Attribute,
    AugmentedAssign,
    Call,
    Declaration,
    Expression,
    FunctionDef,
    ImportFrom,
    Name,
    Subscript,
    walk_all,
)

_ASYNC = re.compile(rb"async[ \t]+(?=def\b)")
_ROUTERS = ("starlette.routing.Router", "starlette.applications.Starlette")
_METHODS = {"api_route", "delete", "get", "head", "options", "patch", "post", "put", "trace"}
_DEF = re.compile(rb"def\b")
# What only works, or is only seen by others, in the event loop's own thread and context.
_OF_LOOP = re.compile(
    r"\b(asyncio|anyio|contextvars|ContextVar|context_?vars?|create_task|ensure_future|call_soon\w*"
    r"|get_running_loop|get_event_loop|bind_contextvars|local|trio|sniffio)\b"
    r"|\.set\("
)


def is_injected_only(function: Function, application: Application) -> bool:
    """Tell whether all that is done with a function at a module's top is to inject it.

    Tests count too. Where a name cannot be told from another, this is not so.
    """
    if function.owner is not None or function.outer is None or not function.outer.is_module:
        return False
    bound = function.module.bound(function.name)
    if len(bound) != 1:
        return False
    codebase = application.codebase
    return all(
        _is_harmless(node, around, scope, function, codebase)
        for module in codebase.mentioning(function.name.encode())
        for scope, node, around in codebase.naming.mentions((module, function.name))
    )


def is_passed_on(function: Function, codebase: Codebase) -> bool:
    """Tell whether a function of a module is a value somewhere: not injected, nor called there."""
    own = function.module
    bare = re.compile(rf"(?<![\w.]){function.name}\b(?!\s*[(\[])".encode())
    attribute = re.compile(rf"\.{function.name}\b(?!\s*\()".encode())
    return not all(
        _is_harmless(node, around, scope, function, codebase)
        or (isinstance(around, Call) and around.function == node)
        for module in codebase.importers.of(function)
        if module.mentions(function.name.encode())
        and module.has(bare if module is own or _imports(module, function.name) else attribute)
        for scope, node, around in codebase.naming.mentions((module, function.name))
    )


def _imports(module: Module, name: str) -> bool:
    return any(each[0] == Form.IMPORTED and not each[2] for each in module.bound(name))


def keeps_to_itself(function: Function, codebase: Codebase) -> bool:
    """Tell whether neither a function nor what it runs has to do with the loop or its context."""
    reached = codebase.graph.reached(function)
    return not any(_OF_LOOP.search(each.module.source(each.node)) for each in reached)


def made_async(function: Function, application: Application) -> tuple[Edit, ...] | None:
    """Return the edits that make a plain function async, and a line that gets too long several."""
    if not is_injected_only(function, application):
        return None
    if function.decorators or not keeps_to_itself(function, application.codebase):
        return None
    module = function.module
    found = _start(function, _DEF)
    if found is None:
        return None
    edit = module.insert(found, "async ")
    line = module.text[module.text.rfind(b"\n", 0, found) + 1 :].partition(b"\n")[0].rstrip()
    if len(line.decode("utf-8", "replace")) + len("async ") <= module.width:
        return (edit,)
    broken = signatures.one_a_line(function)
    return (edit, *broken) if broken else None


def may_be_plain(function: Function, codebase: Codebase) -> bool:
    """Tell whether nothing in an async function, and nobody who calls it, needs `async`."""
    details = function.details
    loops = (binding for bindings in details.bindings.values() for binding in bindings)
    return not (
        details.awaits
        or any(is_async for _, is_async in details.entered)
        or any(binding[0] == Form.ITEM and binding[3] for binding in loops)
        or codebase.calls_of(function)
    )


def made_plain(function: Function, application: Application) -> Edit | None:
    """Return the edit that makes an async function plain.

    It stands for the whole function, so that nothing in there is awaited at the same time.
    """
    codebase = application.codebase
    if function.is_generator or not is_injected_only(function, application):
        return None
    if not all(_registers(each, codebase) for each in codebase.decorators(function)):
        return None
    if not keeps_to_itself(function, codebase) or _makes_coroutines(function, codebase):
        return None
    if _changes_shared(function):
        return None
    module, node = function.module, function.node
    found = _start(function, _ASYNC)
    if found is None:
        return None
    text = module.text_between(found, node.end)
    if text.count(b"\r\n") not in {0, text.count(b"\n")}:
        return None
    plain = _ASYNC.sub(b"", text, count=1).decode().replace("\r\n", "\n")
    return Edit(module.path, found, node.end, plain)


def _changes_shared(function: Function) -> bool:
    """Tell whether a function changes what others see, which threads would do at once."""
    own = {*function.details.bindings, *function.parameter_names}
    for node in walk_all(function.body):
        match node:
            case Declaration():
                return True
            case Assign(targets):
                changed = list(targets)
            case AugmentedAssign(target):
                changed = [target]
            case _:
                continue
        for each in changed:
            root: Expression = each
            while isinstance(root, Attribute | Subscript):
                root = root.value
            if root is not each and not (isinstance(root, Name) and root.id in own):
                return True
    return False


def _start(function: Function, keyword: re.Pattern[bytes]) -> int | None:
    """Return where the `def`, or the `async` before it, stands: behind the decorators."""
    module, node = function.module, function.node
    before = max((each.end for each in node.decorators), default=node.start)
    lead = module.text_between(before, node.name_start)
    matches = list(keyword.finditer(lead))
    if not matches or b"#" in lead[matches[-1].start() :]:
        return None
    return before + matches[-1].start()


def _registers(decorator: Value | None, codebase: Codebase) -> bool:
    """Tell whether a decorator only makes a route, of a kind that may be plain."""
    if not isinstance(decorator, External):
        return False
    owner, _, name = decorator.name.rpartition(".")
    is_router = any(codebase.knowledge.is_subclass(owner, each) for each in _ROUTERS)
    return is_router and name in _METHODS


def _makes_coroutines(function: Function, codebase: Codebase) -> bool:
    """Tell whether a function calls what is async, though nobody awaits it there."""
    for call in function.calls:
        match codebase.target(call):
            case FunctionValue(called) if called.is_async:
                return True
            case External(name) if codebase.knowledge.is_coroutine(name):
                return True
    return any(isinstance(each, FunctionDef) for each in function.body)


def _is_harmless(
    node: Node, around: Node | None, scope: Function, function: Function, codebase: Codebase
) -> bool:
    """Tell whether a mention is of something else, injects the function, or replaces it."""
    match node:
        case Alias():
            return (
                not node.renamed
                or node.bound == node.name
                or _is_of_another(node.name, around, scope.module, function, codebase)
            )
        case Name(name) if scope is not scope.module.top and (
            name in scope.parameter_names or name in scope.details.bindings
        ):
            return True
        case Name() | Attribute():
            value = codebase.resolver.value(node, scope)
            if isinstance(value, FunctionValue) and value.function is not function:
                return True
            if value is not None and not isinstance(value, FunctionValue):
                return True
    match around:
        case Call(called):
            takes = codebase.resolver.value(called, scope)
            return isinstance(takes, External) and _takes(takes.name, codebase)
        case Subscript(Attribute(_, "dependency_overrides")):
            return True
    return False


def _takes(name: str, codebase: Codebase) -> bool:
    """Tell whether something of a library is FastAPI's own way to inject."""
    known = codebase.knowledge.canonical(name)
    return any(known == codebase.knowledge.canonical(each) for each in MARKERS)


def _is_of_another(
    name: str, around: Node | None, module: Module, function: Function, codebase: Codebase
) -> bool:
    """Tell whether an import is of another module's own function with the same name."""
    if not isinstance(around, ImportFrom):
        return False
    found = codebase.imports.find(module, around.level, around.module)
    if not isinstance(found, Module) or found is function.module:
        return False
    bound = found.bound(name)
    return bool(bound) and all(each[0] == Form.FUNCTION for each in bound)
