"""async_routes/await-coroutine: a coroutine that is made is also run."""

import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.folders import is_aside, is_put_away
from fastwright.codebase import branches
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.values import ClassValue, External, Instance
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Fix,
    Fixed,
    Flagged,
    Kind,
    Practice,
    Safety,
)
from fastwright.source import surroundings
from fastwright.source.nodes import Node, children
from fastwright.source.scopes import Form, Use
from fastwright.source.syntax import (
    Assign,
    Attribute,
    BinaryOperation,
    Call,
    ClassDef,
    Clause,
    Comparison,
    Conditional,
    Declaration,
    Expression,
    For,
    FormattedString,
    FunctionDef,
    If,
    Lambda,
    Name,
    Raise,
    Return,
    Statement,
    Subscript,
    UnaryOperation,
    While,
    With,
    walk_all,
)

_USED_WELL = Use.AWAITED | Use.ARGUMENT | Use.IN_LAMBDA | Use.IN_DECORATOR | Use.IN_SIGNATURE
# What a coroutine object itself has.
_OWN = {"__await__", "close", "cr_await", "cr_code", "cr_frame", "cr_running", "send", "throw"}
# Decorators that leave a coroutine function what it is, beside those known as such.
_HARMLESS = {"abc.abstractmethod", "typing.override", "typing_extensions.override"}
# Packages that run no coroutine which is passed to them.
_NO_RUNNERS = ("builtins.", "sqlalchemy.", "sqlmodel.")
# A function that asks what it was given knows both kinds.
_LOCKS = ("threading.", "multiprocessing.")
_ASKS = re.compile(r"\b(iscoroutine(function)?|isawaitable)\b")
_ROUTERS = ("starlette.routing.Router", "starlette.applications.Starlette")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each coroutine that is dropped or taken for its result."""
    for name in application.each_coroutine():
        yield from _calls(name, application)


def _calls(name: str, application: Application) -> Iterator[Finding]:
    """Yield what is found at the calls of coroutine functions that have one name."""
    codebase = application.codebase
    index = codebase.index
    for call, called in index.to_functions(index.also_called([name]), _USED_WELL):
        if call.function.is_module or not _gives_coroutine(called, codebase):
            continue
        if _asks(call.function) or branches.is_never_run(call.node, call.function):
            continue
        if _is_of_other_kind(call) or _is_cast(call, called, codebase):
            continue
        if not (_is_overridden_otherwise(call, called, codebase) or _is_history(call.function)):
            yield from _judge(call, called, application)


def _is_history(function: Function) -> bool:
    """Tell whether a function is in a script that was put away after it had been run."""
    return is_aside(function.module) and is_put_away(function.module)


def _asks(function: Function) -> bool:
    return bool(_ASKS.search(function.module.source(function.node)))


def _is_of_other_kind(call: CallSite) -> bool:
    """Tell whether a branch for one kind of object leaves another kind to this call."""
    called = call.node.function
    while isinstance(called, Attribute):
        called = called.value
    if not isinstance(called, Name):
        return False
    name, start = called.id, call.node.start
    for each in walk_all(call.function.body, If):
        match each:
            case If(test, body, otherwise):
                is_behind = each.end <= start and isinstance(body[-1], Return | Raise)
                is_other = surroundings.holds(otherwise, call.node)
                if is_other and (_asks_kind(test, name) or _binds(body, name)):
                    return True
                if is_behind and _asks_kind(test, name):
                    return True
    return False


def _is_cast(call: CallSite, called: Function, codebase: Codebase) -> bool:
    """Tell whether a `cast` above says that what has the method is of another class."""
    if not isinstance(call.node.function, Attribute):
        return False
    source = call.function.module.source
    owner = source(call.node.function.value)
    for each in walk_all(call.function.body, Assign):
        match each:
            case Assign((target,), _, Call(Name("cast"), (kind, _))) if source(target) == owner:
                value = codebase.resolver.value(kind, call.function)
                if value != (called.owner and ClassValue(called.owner)):
                    return each.end <= call.node.start
    return False


def _asks_kind(test: Expression, name: str) -> bool:
    match test:
        case Call(Name("isinstance"), (Name(asked), *_)):
            return asked == name
    return False


def _binds(body: tuple[Statement, ...], name: str) -> bool:
    return any(
        isinstance(target, Name) and target.id == name
        for each in walk_all(body, Assign)
        if isinstance(each, Assign)
        for target in each.targets
    )


def _gives_coroutine(called: Function, codebase: Codebase) -> bool:
    """Tell whether a call makes a coroutine: no generator, and nothing unknown around it."""
    if not called.is_async or called.is_generator:
        return False
    return all(
        isinstance(each, External) and _leaves_it(each.name, codebase)
        for each in codebase.decorators(called)
    )


def _is_overridden_otherwise(call: CallSite, called: Function, codebase: Codebase) -> bool:
    """Tell whether a method stands for generators, which it does not show, or for plain ones."""
    below = [] if called.owner is None else codebase.below(called.owner)
    overriding = (each.method(called.name) for each in below)
    if any(each is not None and not each.is_async for each in overriding):
        return True
    edges = codebase.graph.edges(call.function)
    return any(
        each.node == call.node and (each.to.is_generator or not each.to.is_async) for each in edges
    )


def _leaves_it(decorator: str, codebase: Codebase) -> bool:
    if decorator in _HARMLESS or codebase.knowledge.decorator(decorator) == "same":
        return True
    owner = decorator.rpartition(".")[0]
    return any(codebase.knowledge.is_subclass(owner, router) for router in _ROUTERS)


def _judge(call: CallSite, called: Function, application: Application) -> Iterator[Finding]:
    codebase = application.codebase
    shown = call.function.module.source(call.node.function)
    await_it = f"Await `{shown}(…)`"
    if not call.function.is_async:
        await_it += f" in a `{call.function.name}` that is async"
    place = call.function.module.place(call.node)
    if call.is_dropped:
        said = f"{await_it}: its coroutine is dropped, so nothing of it ever runs."
        yield Finding(place, said, fix=_fix(call, codebase))
        return
    around = next(reversed(surroundings.around(call.function.body, call.node)), None)
    if isinstance(around, Return) and call.function in application.routes_by_function:
        yield Finding(
            place, f"{await_it}: the route returns a coroutine, which FastAPI cannot send."
        )
    elif _takes_for_result(around, call.node) or _is_misused_later(call, codebase):
        yield Finding(
            place, f"{await_it}: what stands here is a coroutine, not what `{called.name}` returns."
        )


def _fix(call: CallSite, codebase: Codebase) -> Fix | None:
    """Return the edit that awaits a statement; only what is async can."""
    if not call.function.is_async:
        return None
    around = surroundings.around(call.function.body, call.node)
    if any(_keeps_out(each, call, codebase) for each in around):
        return None
    return Fix(Safety.SAFE, (call.function.module.insert(call.node.start, "await "),))


def _keeps_out(around: Node, call: CallSite, codebase: Codebase) -> bool:
    """Tell whether `await` cannot stand in something, or others must not run meanwhile."""
    match around:
        case ClassDef():
            return True
        case With(items) if not around.is_async:
            entered = (codebase.resolver.value(each.value, call.function) for each in items)
            return any(
                isinstance(each, Instance)
                and isinstance(each.of, str)
                and each.of.startswith(_LOCKS)
                for each in entered
            )
    return False


def _takes_for_result(around: Node | None, node: Node) -> bool:
    """Tell whether something is done with a coroutine that makes no sense with one."""
    match around:
        case Attribute(_, name):
            return name not in _OWN
        case Subscript(value) | For(_, value) | Clause(_, value):
            return value == node
        case If(test) | While(test) | Conditional(_, test):
            return test == node
        case BinaryOperation(left, "and" | "or"):
            return left == node
        case BinaryOperation() | UnaryOperation() | FormattedString() | Comparison():
            return True
    return False


def _is_misused_later(call: CallSite, codebase: Codebase) -> bool:
    """Tell whether a variable holds the coroutine, is taken for its result, and never run."""
    function = call.function
    names = [
        name
        for name, bindings in function.details.bindings.items()
        if len(bindings) == 1
        and bindings[0][0] == Form.VALUE
        and bindings[0][2][:3] == call.node.raw[:3]
    ]
    if len(names) != 1:
        return False
    uses = list(_uses(function, names[0]))
    misuses = [_takes_for_result(around, use) for use, around in uses]
    return any(misuses) and all(
        is_misuse or _is_passed_in_vain(around, use, function, codebase)
        for is_misuse, (use, around) in zip(misuses, uses, strict=True)
    )


def _is_passed_in_vain(
    around: Node | None, node: Node, function: Function, codebase: Codebase
) -> bool:
    """Tell whether a coroutine is passed to what surely does not run it."""
    if not isinstance(around, Call) or node not in around.arguments:
        return False
    to = codebase.resolver.value(around.function, function)
    return isinstance(to, External) and to.name.startswith(_NO_RUNNERS)


def _uses(function: Function, name: str) -> Iterator[tuple[Node, Node | None]]:
    """Yield where a variable is read, with what stands around it."""
    pending: list[tuple[Node, Node | None]] = [(statement, None) for statement in function.body]
    while pending:
        node, around = pending.pop()
        match node:
            case Name(found) if found == name:
                if not (isinstance(around, Assign) and node in around.targets):
                    yield node, around
            case FunctionDef() | Lambda() | Declaration():
                yield node, None  # it may be used in there
            case _:
                pending += [(each, node) for each in children(node)]


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Every coroutine that is made is awaited, or handed to what will run it.",
        why=(
            "Calling an `async def` runs nothing of it: it makes a coroutine. Where the `await` is "
            "missing, the mail is never sent or the row never written, and the route answers 200. "
            "An `if` on the coroutine is always true, which lets everybody in."
        ),
        bad="""\
@router.post("/orders", status_code=201)
async def place(order: OrderIn, session: SessionDep) -> Order:
    placed = await orders.create(session, order)
    mails.confirm(placed)
    return placed
""",
        good="""\
@router.post("/orders", status_code=201)
async def place(order: OrderIn, session: SessionDep) -> Order:
    placed = await orders.create(session, order)
    await mails.confirm(placed)
    return placed
""",
        when_not=(
            "A coroutine may be handed to `asyncio.gather`, `create_task`, a `TaskGroup` or "
            "`asyncio.run`, returned to somebody who awaits it, or kept in a variable that is "
            "awaited later. None of this is reported."
        ),
        fix_safety=(
            "Safe where the call is a statement of its own in async code: `await` is put before "
            "it. The code behind it then runs for the first time. There is none elsewhere, nor in "
            "the body of a class or while a thread's lock is held."
        ),
        references={
            "Coroutines": "https://docs.python.org/3/library/asyncio-task.html#coroutines",
        },
    ),
    check=check,
    examples=(
        Fixed(
            "a call whose coroutine is dropped, of another module under an alias",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.mails import service as mails

app = FastAPI()


@app.post("/mails", status_code=202)
async def send(address: str) -> None:
    mails.send(address)  # <- here
""",
                "app/mails/__init__.py": "",
                "app/mails/service.py": """\
async def send(address: str) -> None:
    print(address)
""",
            },
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.mails import service as mails

app = FastAPI()


@app.post("/mails", status_code=202)
async def send(address: str) -> None:
    await mails.send(address)
""",
                "app/mails/__init__.py": "",
                "app/mails/service.py": """\
async def send(address: str) -> None:
    print(address)
""",
            },
        ),
        Fixed(
            "calls within parentheses, behind a `;`, in a `finally`, and with a generator around",
            """\
import asyncio


async def send(text: str, *, urgent: bool = False) -> None: ...


async def numbers():
    try:
        print("ä"); send("ö" "ü")  # <- here
        (send("(" , urgent=True,))  # <- here
        yield 1
    finally:
        (send)("end")  # <- here
        if asyncio: send("over");  # <- here
""",
            """\
import asyncio


async def send(text: str, *, urgent: bool = False) -> None: ...


async def numbers():
    try:
        print("ä"); await send("ö" "ü")
        (await send("(" , urgent=True,))
        yield 1
    finally:
        await (send)("end")
        if asyncio: await send("over");
""",
        ),
        Flagged(
            "where nothing can be awaited: in a class, in plain code, and with a lock",
            """\
import threading

lock = threading.Lock()


async def send(text: str) -> None: ...


def plain() -> None:
    send("plain")  # <- here


async def run() -> None:
    class Mail:
        send("class")  # <- here

    with lock:
        send("lock")  # <- here
""",
        ),
        Flagged(
            "a condition that is always true, and variables that are never awaited",
            """\
from sqlalchemy.ext.asyncio import AsyncSession


class Guard:
    async def is_admin(self, name: str) -> bool:
        return name == "root"

    async def load(self, name: str) -> dict[str, str]:
        return {"name": name}


guard = Guard()


async def allowed(name: str) -> str:
    if not guard.is_admin(name):  # <- here
        raise PermissionError
    user = guard.load(name)  # <- here
    return user["name"]


async def remove(name: str, session: AsyncSession) -> None:
    user = guard.load(name)  # <- here
    if not user:
        raise LookupError
    await session.delete(user)
""",
        ),
        Flagged(
            "a route that returns a coroutine, and an attribute of one",
            """\
from fastapi import APIRouter

router = APIRouter()


class Item:
    name: str = ""


async def find(name: str) -> Item:
    return Item()


@router.get("/items/{name}")
async def read(name: str):
    return find(name)  # <- here


@router.get("/names/{name}")
async def read_name(name: str) -> str:
    return find(name).name  # <- here
""",
        ),
        Clean(
            "a function that asks which kind it was given",
            """\
import inspect

from fastapi import FastAPI

app = FastAPI()


async def notify(text: str) -> None: ...


@app.post("/texts")
async def add_text(text: str) -> None:
    if inspect.iscoroutinefunction(notify):
        await notify(text)
    else:
        notify(text)
""",
        ),
        Clean(
            "coroutines that something else runs",
            """\
import asyncio


async def work(number: int) -> int:
    return number


def later(number: int):
    return work(number)


async def main() -> None:
    task = asyncio.create_task(work(1))
    pending = work(2)
    await asyncio.gather(*(work(number) for number in range(3)), pending)
    async with asyncio.TaskGroup() as group:
        group.create_task(work(4))
    await later(5)
    await task


asyncio.run(main())
""",
        ),
        Clean(
            "a decorator that runs the coroutine, and a generator that is iterated over",
            """\
from collections.abc import AsyncIterator

from jobs import broker


@broker.task
async def report(number: int) -> None:
    print(number)


async def numbers() -> AsyncIterator[int]:
    yield 1


async def main() -> None:
    report(1)
    found = numbers()
    async for number in found:
        report(number)
""",
        ),
        Clean(
            "an abstract method whose implementations are generators",
            """\
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator


class Parser(ABC):
    @abstractmethod
    async def parse(self, text: str) -> AsyncIterator[str]:
        pass


class LineParser(Parser):
    async def parse(self, text: str) -> AsyncIterator[str]:
        for line in text.splitlines():
            yield line


class Import:
    parsers: dict[str, Parser]

    async def run(self, kind: str, text: str) -> None:
        async for part in self.parsers[kind].parse(text):
            print(part)
""",
        ),
        Clean(
            "a plain method with the name of an async one",
            """\
class Remote:
    async def save(self) -> None: ...


class Local:
    def save(self) -> None: ...


async def store(local: Local, remote: Remote) -> None:
    local.save()
    await remote.save()
    coroutine = remote.save()
    coroutine.close()
""",
        ),
        Clean(
            "a script that was run once and put away",
            {
                "scripts/archive/rename.py": """\
import asyncio


async def rename(old: str, new: str) -> None: ...


async def main() -> None:
    rename("a", "b")


asyncio.run(main())
""",
            },
        ),
        Clean(
            "an async stub of which the classes in use have a plain one",
            """\
class Emitter:
    async def set_commands(self, commands: list[str]) -> None: ...


class SocketEmitter(Emitter):
    def set_commands(self, commands: list[str]) -> None:
        self.commands = commands


async def announce(emitter: Emitter) -> None:
    emitter.set_commands(["help"])
""",
        ),
        Clean(
            "a store of either kind, by what it is, and an object that can be awaited",
            """\
from typing import Union, cast

from fastapi import FastAPI

app = FastAPI()


class AsyncStore:
    async def delete(self, key: str) -> None: ...


class Store:
    def delete(self, key: str) -> None: ...


class Change:
    async def happened(self) -> None: ...

    def __await__(self):
        return self.happened().__await__()


def find_store() -> Union[AsyncStore, Store]: ...


@app.delete("/posts/{key}")
async def delete_post(key: str) -> None:
    store = find_store()
    if isinstance(store, AsyncStore):
        store = cast(AsyncStore, store)
        await store.delete(key)
    else:
        store.delete(key)


@app.delete("/users/{key}")
async def delete_user(key: str) -> None:
    store = find_store()
    if isinstance(store, AsyncStore):
        await store.delete(key)
        return
    store.delete(key)


class Manager:
    def __init__(self, store: Union[AsyncStore, Store]) -> None:
        self.store = store

    def delete(self, key: str) -> None:
        self.store = cast(Store, self.store)
        self.store.delete(key)
""",
        ),
        Clean(
            "what is behind a condition that never holds",
            """\
from typing import TYPE_CHECKING


async def save(text: str) -> None: ...


async def store(text: str, is_new: bool) -> None:
    if False and is_new:
        save(text)
    if TYPE_CHECKING:
        save(text)
    else:
        await save(text)
""",
        ),
        Flagged(
            "what is behind the `else` of such a condition",
            """\
from typing import TYPE_CHECKING


async def save(text: str) -> None: ...


async def store(text: str, is_new: bool) -> None:
    if False and is_new:
        await save("")
    else:
        save(text)  # <- here
    if not TYPE_CHECKING and is_new:
        save(text)  # <- here
""",
        ),
    ),
    follows_calls=True,
)
