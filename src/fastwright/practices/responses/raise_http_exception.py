"""responses/raise-http-exception: an exception that is made is raised."""

from collections.abc import Iterator

from fastwright.application.annotated_classes import named_in
from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.application.own_classes import EXCEPTION
from fastwright.codebase.catching import may_be_caught
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function, Scope
from fastwright.codebase.values import ClassValue, External, FunctionValue, Instance
from fastwright.practice import (
    Clean,
    Edit,
    Explanation,
    Finding,
    Fix,
    Fixed,
    Flagged,
    Kind,
    Practice,
    Safety,
)
from fastwright.source.nodes import wrap
from fastwright.source.scopes import Use
from fastwright.source.syntax import (
    Attribute,
    Call,
    Expression,
    ExpressionStatement,
    Handler,
    Name,
    Raise,
    Return,
    walk_all,
)

_HTTP = "starlette.exceptions.HTTPException"
# Names of exceptions that libraries have.
_KNOWN = {
    "Exception",
    "HTTPException",
    "PermissionError",
    "RequestValidationError",
    "RuntimeError",
    "ValueError",
    "WebSocketException",
}
_NOBODY: frozenset[Function] = frozenset()
_ANSWERING = {Role.ROUTE, Role.DEPENDENCY, Role.MIDDLEWARE, Role.EXCEPTION_HANDLER}


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each exception that is made for nothing, or returned to FastAPI."""
    codebase = application.codebase
    index = codebase.index
    names = index.also_called({*_KNOWN, *application.own_exceptions})
    for call in index.named(names, used=Use.DROPPED):
        if _makes(call, EXCEPTION, codebase):
            yield _finding(call.function, call.node, "nobody sees one that is only made", codebase)
    for call in index.named(names, used=Use.RETURNED):
        is_made = _makes(call, _HTTP, codebase) and not _is_answering(call.function, application)
        if is_made and _is_taken_for_result(call.function, codebase):
            why = "the callers take what is returned for the result"
            yield _finding(call.function, call.node, why, codebase)
    for entry in application.each_entry():
        if entry.role in _ANSWERING:
            yield from _returned(entry.function, entry.role, application)


def _is_answering(function: Function, application: Application) -> bool:
    return any(
        entry.function is function and entry.role in _ANSWERING for entry in application.entries
    )


def _makes(call: CallSite, base: str, codebase: Codebase) -> bool:
    match codebase.target(call):
        case External(made) | ClassValue(made):
            return codebase.is_a(made, base)
        case _:
            return False


def _finding(function: Function, node: Expression, why: str, codebase: Codebase) -> Finding:
    called = node.function if isinstance(node, Call) else node
    shown = function.module.source(called)
    place = function.module.place(node)
    fix = _fix(function, node, codebase)
    return Finding(place, f"Raise `{shown}`: {why}.", fix=fix)


def _fix(function: Function, node: Expression, codebase: Codebase) -> Fix | None:
    """Return the edit that puts `raise` before an exception, in the place of `return` if any.

    None where a `try` of the function, or of one that calls it, may take it for another failure.
    """
    made = codebase.resolver.value(node, function)
    raised = made.of if isinstance(made, Instance) else None
    if may_be_caught(node, raised, function, codebase) or any(
        may_be_caught(call.node, raised, call.function, codebase)
        for call in codebase.calls_of(function)
    ):
        return None
    for statement in walk_all(function.body):
        match statement:
            case Return(value) if value == node:
                keyword = Edit(
                    function.module.path,
                    statement.start,
                    statement.start + len("return"),
                    "raise",
                )
                return Fix(Safety.SAFE, (keyword,))
            case ExpressionStatement(value) if value == node:
                return Fix(Safety.SAFE, (function.module.insert(statement.start, "raise "),))
    return None


def _returned(function: Function, role: Role, application: Application) -> Iterator[Finding]:
    """Yield what a function that FastAPI runs returns in place of raising it."""
    codebase = application.codebase
    if _is_meant(function, codebase):
        return
    for raw in function.details.returns:
        node: Expression = wrap(raw)
        if not _is_http_exception(node, function, codebase):
            continue
        if role is Role.MIDDLEWARE:
            yield Finding(
                function.module.place(node),
                "Return a response such as `JSONResponse`: what a middleware returns is sent, and "
                "an exception, returned or raised, becomes a 500.",
            )
        else:
            why = "a returned one is sent as a value, with the status of success"
            if _has_model(function, application):
                why = "a returned one does not fit the response model, so that a 500 is answered"
            yield _finding(function, node, why, codebase)


def _has_model(function: Function, application: Application) -> bool:
    """Tell whether each route of a function answers with a model that is declared."""
    declared = [each.declared_response for each in application.routes_by_function.get(function, ())]
    return bool(declared) and all(
        each is not None
        and any(
            application.models.of(named) is not None
            for named in named_in(*each, application.codebase)
        )
        for each in declared
    )


def _is_http_exception(
    node: Expression, scope: Scope, codebase: Codebase, seen: frozenset[Function] = _NOBODY
) -> bool:
    """Tell whether an expression is always such an exception: made here, caught, or by a maker."""
    made, where = node, scope
    if isinstance(node, Name):
        for each in codebase.trail(node, scope):
            made, where = each
    match made:
        case Name():
            return _is_said(made, where, codebase) and _is_instance(made, where, codebase)
        case Call(called):
            made_by = codebase.resolver.value(called, where)
            if isinstance(made_by, FunctionValue):
                return _only_makes(made_by.function, codebase, seen)
            return _is_instance(made, where, codebase)
        case _:
            return False


def _is_said(name: Name, scope: Scope, codebase: Codebase) -> bool:
    """Tell whether a name is what an `except` caught, or a parameter annotated as an exception.

    What a dependency or another function returned may be an exception among other things.
    """
    if not isinstance(scope, Function):
        return False
    for parameter in scope.parameters:
        if parameter.name == name.id:
            if parameter.annotation is None or parameter.default is not None:
                return False
            said = codebase.resolver.value(parameter.annotation, scope.outer or scope)
            return isinstance(said, External | ClassValue)
    return any(isinstance(each, Handler) and each.name == name.id for each in walk_all(scope.body))


def _only_makes(function: Function, codebase: Codebase, seen: frozenset[Function]) -> bool:
    returned = function.details.returns
    return (
        bool(returned)
        and function not in seen
        and all(
            _is_http_exception(wrap(raw), function, codebase, seen | {function}) for raw in returned
        )
    )


def _is_instance(node: Expression, scope: Scope, codebase: Codebase) -> bool:
    value = codebase.resolver.value(node, scope)
    return isinstance(value, Instance) and codebase.is_a(value.of, _HTTP)


def _is_meant(function: Function, codebase: Codebase) -> bool:
    """Tell whether the annotation says that exceptions are what the function gives."""
    annotation = function.node.returns
    if annotation is None:
        return False
    described = codebase.resolver.annotated(annotation, function.outer or function)
    return isinstance(described, Instance) and codebase.is_a(described.of, EXCEPTION)


def _is_taken_for_result(function: Function, codebase: Codebase) -> bool:
    """Tell whether callers cannot know an exception from the other things that are returned."""
    values = [codebase.resolver.value(wrap(raw), function) for raw in function.details.returns]
    others = [
        value
        for value in values
        if not (isinstance(value, Instance) and codebase.is_a(value.of, EXCEPTION))
    ]
    callers = {call.function for call in codebase.calls_of(function)}
    return (
        bool(others)
        and bool(callers)
        and not function.is_module
        and not _is_meant(function, codebase)
        and not any(_looks_at_it(caller) for caller in callers)
    )


def _looks_at_it(caller: Function) -> bool:
    """Tell whether a function asks what it got, raises what it was given, or reads its detail."""
    for node in walk_all(caller.body):
        match node:
            case (
                Call(Name("isinstance" | "type"))
                | Raise(Name() | Call(Name()))
                | Attribute(name="detail")
            ):
                return True
    return False


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Exceptions are raised, not returned or left lying.",
        why=(
            "FastAPI turns an `HTTPException` into an error response only when it is raised. A "
            "returned one is an ordinary value: the client gets a 200 with the exception's fields, "
            "or a 500 where a response model does not fit. One that is only made does nothing at "
            "all, and the code goes on as if the check had passed."
        ),
        bad="""\
@router.get("/items/{item_id}")
async def read_item(item_id: int, session: SessionDep) -> Item:
    item = await session.get(Item, item_id)
    if item is None:
        return HTTPException(404)
    return item
""",
        good="""\
@router.get("/items/{item_id}")
async def read_item(item_id: int, session: SessionDep) -> Item:
    item = await session.get(Item, item_id)
    if item is None:
        raise HTTPException(404)
    return item
""",
        when_not=(
            "A function whose only business is to make exceptions returns them, and whoever calls "
            "it raises: `raise not_found()`. To answer with an error without raising, return a "
            "`Response`."
        ),
        fix_safety=(
            "Safe: `raise` takes the place of `return`, or stands before an exception that was "
            "only made. Clients get the status that was meant, and a dependency that commits on "
            "success rolls back. None inside of a `try` that would catch it and may answer with "
            "another status, in the function or around a call of it."
        ),
        references={
            "Handling errors": "https://fastapi.tiangolo.com/tutorial/handling-errors/",
        },
    ),
    check=check,
    examples=(
        Fixed(
            "what may be an exception, among other things, is returned as it is",
            """\
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def get_user(token: str):
    if not token:
        return HTTPException(401)  # <- here
    return token


class Posts:
    def find(self, number: int):
        if number < 0:
            return HTTPException(404)  # <- here
        return number

    def last(self, number: int):
        found = self.find(number)
        return found


@app.get("/me")
def read_me(user=Depends(get_user)):
    return user


@app.get("/you")
def read_you(user=Depends(get_user)):
    other = user
    return other


@app.get("/posts")
def read_posts(number: int, posts: Posts = Depends()):
    found = posts.last(number)
    return found


def validate(number: int):
    if number < 0:
        return HTTPException(422, "negative")
    return None


@app.get("/numbers")
def read_number(number: int):
    if error := validate(number):
        return {"error": error.detail}
    return number
""",
            """\
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def get_user(token: str):
    if not token:
        raise HTTPException(401)
    return token


class Posts:
    def find(self, number: int):
        if number < 0:
            raise HTTPException(404)
        return number

    def last(self, number: int):
        found = self.find(number)
        return found


@app.get("/me")
def read_me(user=Depends(get_user)):
    return user


@app.get("/you")
def read_you(user=Depends(get_user)):
    other = user
    return other


@app.get("/posts")
def read_posts(number: int, posts: Posts = Depends()):
    found = posts.last(number)
    return found


def validate(number: int):
    if number < 0:
        return HTTPException(422, "negative")
    return None


@app.get("/numbers")
def read_number(number: int):
    if error := validate(number):
        return {"error": error.detail}
    return number
""",
        ),
        Flagged(
            "in a middleware a response has to be returned: no fix",
            """\
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


@app.middleware("http")
async def check(request: Request, call_next):
    if "x-key" not in request.headers:
        return HTTPException(403)  # <- here
    return await call_next(request)
""",
        ),
        Fixed(
            "a route that returns the exception",
            """\
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/items/{item_id}")
async def read(item_id: int):
    if item_id < 0:
        return HTTPException(status_code=404)  # <- here
    return {"id": item_id}
""",
            """\
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/items/{item_id}")
async def read(item_id: int):
    if item_id < 0:
        raise HTTPException(status_code=404)
    return {"id": item_id}
""",
        ),
        Fixed(
            "one-line bodies, brackets, an alias, a variable, and handlers that let it through",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi import HTTPException as Refusal

app = FastAPI()


def checked(key: str):
    if not key: Refusal(401, "Schlüssel fehlt"); print(key)  # <- here
    (
        # it is not the right one
        Refusal(  # <- here
            403,
        )
    )


@app.get("/items/{number}", dependencies=[Depends(checked)])
def read(number: int):
    gone = Refusal(410)
    if number < 0: return(Refusal(404, "no" "thing"))  # <- here
    if number > 9: print(number); return gone  # <- here
    try:
        if number == 5:
            return Refusal(  # <- here
                404,  # not found
            )
        return 10 / number
    except ZeroDivisionError:
        return Refusal(400)  # <- here
    except Refusal:
        print("refused")
        raise
    except Exception:
        raise Refusal(500)
""",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi import HTTPException as Refusal

app = FastAPI()


def checked(key: str):
    if not key: raise Refusal(401, "Schlüssel fehlt"); print(key)
    raise (
        # it is not the right one
        Refusal(
            403,
        )
    )


@app.get("/items/{number}", dependencies=[Depends(checked)])
def read(number: int):
    gone = Refusal(410)
    if number < 0: raise(Refusal(404, "no" "thing"))
    if number > 9: print(number); raise gone
    try:
        if number == 5:
            raise Refusal(
                404,  # not found
            )
        return 10 / number
    except ZeroDivisionError:
        raise Refusal(400)
    except Refusal:
        print("refused")
        raise
    except Exception:
        raise Refusal(500)
""",
        ),
        Fixed(
            "a dependency that yields",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


async def connection(key: str):
    if not key:
        HTTPException(401)  # <- here
    yield key


@app.get("/items")
async def read(key: Annotated[str, Depends(connection)]) -> str:
    return key
""",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


async def connection(key: str):
    if not key:
        raise HTTPException(401)
    yield key


@app.get("/items")
async def read(key: Annotated[str, Depends(connection)]) -> str:
    return key
""",
        ),
        Flagged(
            "no fix where it would be caught again and answered with another status",
            """\
from contextlib import suppress

from fastapi import FastAPI, HTTPException

app = FastAPI()


def find(number: int):
    if number > 9:
        return HTTPException(404)  # <- here
    return {"number": number}


@app.get("/items/{number}")
def read(number: int):
    try:
        if number < 0:
            return HTTPException(404)  # <- here
        return find(number)
    except Exception:
        return None


@app.delete("/items/{number}")
def delete(number: int):
    with suppress(Exception):
        if number < 0:
            HTTPException(404)  # <- here
""",
        ),
        Flagged(
            "a guard that makes an exception of one's own and lets everybody pass",
            {
                "app/errors.py": """\
from fastapi import HTTPException as Base


class Forbidden(Base):
    def __init__(self) -> None:
        super().__init__(403)
""",
                "app/main.py": """\
from typing import Annotated

from fastapi import Depends, FastAPI

from app import errors

app = FastAPI()


def guard(key: str) -> None:
    if key != "secret":
        errors.Forbidden()  # <- here


@app.get("/secrets", dependencies=[Depends(guard)])
def secrets() -> str:
    return "42"
""",
            },
        ),
        Flagged(
            "a service that returns it beside its result, and a dependency that returns a variable",
            {
                "app/main.py": """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException

from app import service

app = FastAPI()


def current_user(token: str):
    denied = HTTPException(401)
    if not token:
        return denied  # <- here
    return token


UserDep = Annotated[str, Depends(current_user)]


@app.get("/items/{number}")
def read(number: int, user: UserDep):
    return service.find(number)
""",
                "app/service.py": """\
from starlette.exceptions import HTTPException


def find(number: int):
    if number > 9:
        return HTTPException(404)  # <- here
    return {"number": number}
""",
            },
        ),
        Clean(
            "a function that makes exceptions for others to raise",
            """\
from fastapi import FastAPI, HTTPException

app = FastAPI()


def not_found(what: str):
    return HTTPException(404, what)


@app.get("/items/{item_id}")
async def read(item_id: int) -> int:
    if item_id < 0:
        raise not_found("item")
    return item_id
""",
        ),
        Clean(
            "an exception that is injected, to be raised later",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def denial() -> HTTPException:
    return HTTPException(401)


@app.get("/me")
async def me(denied: Annotated[HTTPException, Depends(denial)], token: str = "") -> str:
    if not token:
        raise denied
    return token
""",
        ),
        Clean(
            "a response of one's own with the name of an exception",
            """\
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


class HTTPException(JSONResponse):
    def __init__(self, status_code: int) -> None:
        super().__init__({"error": status_code}, status_code)


@app.get("/items/{item_id}")
async def read(item_id: int):
    return HTTPException(status_code=404)
""",
        ),
        Clean(
            "a service whose caller looks at what it got",
            {
                "app/main.py": """\
from fastapi import FastAPI, HTTPException

from app import service

app = FastAPI()


@app.get("/items/{number}")
def read(number: int) -> dict[str, int]:
    found = service.find(number)
    if isinstance(found, HTTPException):
        raise found
    return found
""",
                "app/service.py": """\
from fastapi import HTTPException


def find(number: int):
    if number > 9:
        return HTTPException(404)
    return {"number": number}
""",
            },
        ),
    ),
)
