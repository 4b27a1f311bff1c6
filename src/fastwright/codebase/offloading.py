"""Rewrites a call so that the event loop goes on: in a thread, or for a sleep in the loop itself.

`f(a, b=c)` becomes `await run_in_threadpool(f, a, b=c)`: what is called and what is passed are
evaluated in the same order as before. All functions return None where that is not proven.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function
from fastwright.codebase.modules import Module
from fastwright.codebase.spelling import Spelling, spell
from fastwright.codebase.values import ClassValue, External, FunctionValue, Instance
from fastwright.codebase.witnesses import Trace, Witnesses
from fastwright.source import surroundings
from fastwright.source.edits import Edit
from fastwright.source.importing import Import
from fastwright.source.nodes import Node
from fastwright.source.scopes import Form
from fastwright.source.syntax import (
    Attribute,
    AugmentedAssign,
    Await,
    Call,
    ClassDef,
    Comprehension,
    Declaration,
    Expression,
    ExpressionStatement,
    FormattedString,
    FunctionDef,
    Handler,
    Lambda,
    Name,
    Starred,
    Subscript,
    Try,
    Unparsed,
    Walrus,
    With,
    Yield,
    walk,
    walk_all,
)

_STEP = "    "
_OPENING = re.compile(rb"\s*\((\s*)")
_BETWEEN = re.compile(rb",[ ]*")
# Where `await` cannot stand, or would be of somebody else.
_NO_PLACE = (
    Await,
    ClassDef,
    Comprehension,
    FormattedString,
    FunctionDef,
    Lambda,
    Unparsed,
    Yield,
)
# What is entered for the time of some statements, and bears that others run meanwhile.
_HARMLESS = ("builtins.open", "httpx.", "httpx2.", "io.", "requests.", "tempfile.", "zipfile.")
# Objects that belong to one thread, or to one user at a time.
_BOUND = (
    "MySQLdb.",
    "django.",
    "duckdb.",
    "mysql.",
    "peewee.",
    "pony.",
    "psycopg.",
    "psycopg2.",
    "pymysql.",
    "pyodbc.",
    "sqlalchemy.",
    "sqlite3.",
    "sqlmodel.",
    "threading.",
)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The edits that rewrite a call, and how what they need is spelled."""

    edits: tuple[Edit, ...]
    spelling: Spelling


@dataclass(frozen=True, slots=True)
class Spot:
    """Where async code calls what is sync: `to` is that function, None for one of a library."""

    node: Expression
    function: Function
    to: Function | None


def spot(trace: Trace) -> Spot:
    """Return where a way to a site leaves async code."""
    for edge in trace.edges:
        if not edge.to.is_async:
            return Spot(edge.node, edge.caller, edge.to)
    return Spot(trace.site.node, trace.site.function, None)


def is_only_way(trace: Trace, witnesses: Witnesses) -> bool:
    """Tell whether the functions on the way, up to its spot, lead to nothing else."""
    for edge in trace.edges:
        if not edge.is_certain:
            return False
        if edge.to.is_async and len(list(witnesses.traces(edge.to))) != 1:
            return False
        if not edge.to.is_async:
            break
    return True


def asleep(at: Spot, codebase: Codebase) -> Rewritten | None:
    """Return the edits that turn a `time.sleep` of an async function into `asyncio.sleep`."""
    call, function = at.node, at.function
    if not isinstance(call, Call) or call.keywords or len(call.arguments) != 1:
        return None
    if isinstance(call.arguments[0], Starred):
        return None
    path = _way_to(call, function, codebase)
    if path is None or not isinstance(path[-1], ExpressionStatement):
        return None
    module = function.module
    spelling = _of_asyncio("sleep", module, codebase)
    if spelling is None or not _may_lose(call.function, function):
        return None
    if module.has_comment(call.function.start, call.function.end):
        return None
    if _is_patched(codebase) or any(
        not each.is_test for each in codebase.mentioning(b"import trio")
    ):
        return None
    edit = module.replace(call.function, f"await {spelling.text}")
    return Rewritten((edit,), spelling) if _fits((edit,), call, module) else None


def in_thread(at: Spot, others: Iterable[Trace], codebase: Codebase) -> Rewritten | None:
    """Return the edits that hand a call of an async function to a thread.

    `others` are the traces of the same function: with two on one line nothing is done.
    """
    call, function = at.node, at.function
    module = function.module
    if not isinstance(call, Call) or _is_crowded(call, others, module):
        return None
    path = _way_to(call, function, codebase)
    if path is None or not _can_be_passed(call, function, codebase):
        return None
    spelling = _threadpool(function, codebase)
    if spelling is None:
        return None
    around = path[-1]
    needs_parentheses = (isinstance(around, Attribute | Subscript) and around.value == call) or (
        isinstance(around, Call) and around.function == call
    )
    opening, closing = ("(", ")") if needs_parentheses else ("", "")
    edits = _edits(call, f"{opening}await {spelling.text}(", closing, module)
    return Rewritten(edits, spelling) if edits else None


def _way_to(call: Call, function: Function, codebase: Codebase) -> list[Node] | None:
    """Return what a call stands in, where `await` may stand there too and does no harm."""
    if not function.is_async or function.is_generator:
        return None
    path = surroundings.around(function.body, call)
    if not path or any(isinstance(each, Declaration) for each in walk_all(function.body)):
        return None
    for node, below in zip(path, [*path[1:], call], strict=True):
        if isinstance(node, _NO_PLACE) or _would_harm(node, below, function, codebase):
            return None
    return path


def _would_harm(node: Node, below: Node, function: Function, codebase: Codebase) -> bool:
    """Tell whether others must not run, or the code not be cancelled, in what stands around."""
    match node:
        case AugmentedAssign(target):
            # Others may change it between reading and writing.
            return not isinstance(target, Name)
        case Try():
            # Who is cancelled would not tidy up any more.
            return below in node.final
        case Handler(kind):
            return _catches_cancelling(kind, function)
        case With(items) if not node.is_async and below in node.body:
            # A lock would be kept while others run.
            return not all(_is_harmless(each.value, function, codebase) for each in items)
    return False


def _catches_cancelling(kind: Expression | None, function: Function) -> bool:
    if kind is None:
        return True
    source = function.module.source(kind)
    return "BaseException" in source or "Cancelled" in source


def _is_harmless(node: Expression, function: Function, codebase: Codebase) -> bool:
    match codebase.resolver.value(node, function):
        case Instance(str() as name):
            return name.startswith(_HARMLESS)
    return False


def _can_be_passed(call: Call, function: Function, codebase: Codebase) -> bool:
    """Tell whether what is called, and what is passed, bears to be used in another thread."""
    if any(each.name in {None, "func", "stream", "callback"} for each in call.keywords):
        return False
    given = (*call.arguments, *(each.value for each in call.keywords))
    for part in (call.function, *given):
        for node in walk(part):
            match node:
                case (
                    Await() | Lambda() | Walrus() | Yield() | Comprehension() | FormattedString()
                ) if part == call.function or not isinstance(node, FormattedString):
                    return False
                case Call() if not _is_at_once(node, function, codebase, is_passed=part in given):
                    return False
                case Name() | Attribute() if part in given and _is_bound(node, function, codebase):
                    return False
    receiver = call.function.value if isinstance(call.function, Attribute) else None
    return receiver is None or not _is_bound(receiver, function, codebase)


def _is_at_once(call: Call, function: Function, codebase: Codebase, *, is_passed: bool) -> bool:
    """Tell whether a call within is none that somebody else would rewrite as well."""
    match codebase.resolver.value(call.function, function):
        case External(name) | Instance(str() as name):
            knowledge = codebase.knowledge
            if knowledge.blocking(name) or knowledge.cpu(name) or knowledge.is_coroutine(name):
                return False
            return is_passed or knowledge.is_class(name)
        case FunctionValue(called):
            return is_passed and not called.is_async and not codebase.graph.edges(called)
        case ClassValue():
            return is_passed
    return is_passed


def _is_bound(node: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether something belongs to its thread, or is code that would run in the other."""
    match codebase.resolver.value(node, function):
        case Instance(str() as name):
            return name.startswith(_BOUND)
        case FunctionValue():
            return True
    return False


def _is_crowded(call: Call, others: Iterable[Trace], module: Module) -> bool:
    first, last = module.position(call.start)[0], module.position(call.end)[0]
    for other in others:
        if other.node != call:
            start, end = (module.position(each)[0] for each in (other.node.start, other.node.end))
            if start <= last and first <= end:
                return True
    return False


def _edits(call: Call, before: str, closing: str, module: Module) -> tuple[Edit, ...] | None:
    """Return the edits: on the line that is there, or, if that is too long, on several."""
    text = module.text
    opened = _OPENING.match(text, call.function.end)
    called = text[call.function.start : call.function.end]
    if not opened or b"\n" in called or module.has_comment(call.function.start, opened.end()):
        return None
    if text[call.end - 1 : call.end] != b")" or text[opened.end() : opened.end() + 1] == b"#":
        return None
    given = sorted((*call.arguments, *call.keywords), key=lambda each: each.start)
    path, space = module.path, opened[1].decode().replace("\r\n", "\n")
    if "\n" in space and given:
        if len(_line_before(call, module)) + len(before) > module.width:
            return None
        return (
            module.insert(call.start, before + space),
            Edit(path, call.function.end, opened.end(), f",{space}"),
            *((module.insert(call.end, closing),) if closing else ()),
        )
    separator = ", " if given else ""
    start = module.insert(call.start, before)
    middle = Edit(path, call.function.end, opened.end(), separator)
    end = (module.insert(call.end, closing),) if closing else ()
    if _fits((start, middle, *end), call, module):
        return (start, middle, *end)
    return _on_several_lines(call, given, before, closing, opened.end(), module)


def _on_several_lines(  # noqa: PLR0917 - the parts of one call
    call: Call, given: list[Node], before: str, closing: str, opened: int, module: Module
) -> tuple[Edit, ...] | None:
    text, path = module.text, module.path
    if b"\n" in text[call.start : call.end]:
        return None
    indent = module.indent(call.start)
    if "\t" in indent:
        return None
    inner = f"\n{indent}{_STEP}"
    width = module.width
    head = len(_line_before(call, module)) + len(before)
    tail = len(indent) + len(_line_behind(call, module)) + 1 + len(closing)
    parts = [
        text[call.function.start : call.function.end].decode(),
        *(module.source(each) for each in given),
    ]
    room = width - len(indent) - len(_STEP)
    if head > width or tail > width or any(len(each) + 1 > room for each in parts):
        return None
    last = given[-1].end if given else opened
    if text[last : call.end - 1].strip():
        return None  # a comma, or something that is not known
    start = module.insert(call.start, before + inner)
    end = f"\n{indent}){closing}"
    if len(", ".join(parts)) <= room:
        middle = Edit(path, call.function.end, opened, ", " if given else "")
        return start, middle, Edit(path, last, call.end, end)
    gaps = list(pairwise(given))
    if not all(_BETWEEN.fullmatch(text[one.end : other.start]) for one, other in gaps):
        return None
    return (
        start,
        Edit(path, call.function.end, opened, f",{inner}"),
        *(Edit(path, one.end, other.start, f",{inner}") for one, other in gaps),
        Edit(path, last, call.end, f",{end}"),
    )


def _fits(edits: tuple[Edit, ...], call: Call, module: Module) -> bool:
    """Tell whether the lines of a call are not too long with some edits."""
    line = module.position(call.start)[0]
    start = module.text.rfind(b"\n", 0, call.start) + 1
    end = module.text.find(b"\n", call.start)
    mine = [each for each in edits if each.end <= (end if end >= 0 else len(module.text))]
    more = sum(len(each.text) for each in mine)
    less = sum(len(module.text[each.start : each.end].decode()) for each in mine)
    old = module.text[start : end if end >= 0 else None].decode("utf-8", "replace").rstrip("\r")
    return line > 0 and len(old) + more - less <= module.width


def _line_before(call: Call, module: Module) -> str:
    return module.text[module.text.rfind(b"\n", 0, call.start) + 1 : call.start].decode()


def _line_behind(call: Call, module: Module) -> str:
    end = module.text.find(b"\n", call.end)
    return module.text[call.end : end if end >= 0 else None].decode().rstrip("\r")


def _threadpool(function: Function, codebase: Codebase) -> Spelling | None:
    """Return how to write what runs a call in a thread; a file without FastAPI stays without."""
    module = function.module
    if any(
        each.module.partition(".")[0] in {"fastapi", "starlette"}
        for each in module.imported.values()
    ):
        return spell("fastapi.concurrency.run_in_threadpool", module, codebase.knowledge)
    return _of_asyncio("to_thread", module, codebase)


def _of_asyncio(name: str, module: Module, codebase: Codebase) -> Spelling | None:
    """Return how to write something of `asyncio`, which is imported as a whole."""
    spelling = spell(f"asyncio.{name}", module, codebase.knowledge)
    if spelling is not None and not spelling.imports:
        return spelling
    bound = (
        name
        for each in module.functions
        for name in (*each.parameter_names, *each.details.bindings)
    )
    if "asyncio" in bound or any(each.details.star_imports for each in module.functions):
        return None
    return Spelling(f"asyncio.{name}", ((module.path, Import("asyncio")),))


def _may_lose(called: Expression, function: Function) -> bool:
    """Tell whether what named `time.sleep` is imported at the top, where unused names are seen."""
    base = called.value if isinstance(called, Attribute) else called
    if not isinstance(base, Name):
        return False
    bindings = function.module.bound(base.id)
    is_local = base.id in function.parameter_names or base.id in function.details.bindings
    return len(bindings) == 1 and bindings[0][0] == Form.IMPORTED and not is_local


def _is_patched(codebase: Codebase) -> bool:
    """Tell whether tests put something in the place of a `sleep` that they name in a string."""
    return any(
        re.search(rb"""["'][\w.]*\bsleep["']""", each.text)
        for each in codebase.modules
        if each.is_test
    )
