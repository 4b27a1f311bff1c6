"""schemas/validator-raises-value-error: validators raise `ValueError`, never `HTTPException`."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application.application import Application
from fastwright.application.requested import Requested
from fastwright.application.validators import each_validator
from fastwright.codebase.calls import Edge
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import ClassValue, External, Instance
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Flagged,
    Kind,
    Place,
    Practice,
)
from fastwright.source import surroundings
from fastwright.source.nodes import Node
from fastwright.source.syntax import Collection, Expression, Raise, Try, walk_all

_HTTP = "starlette.exceptions.HTTPException"
# What Pydantic makes validation errors of.
_COLLECTED = ("builtins.ValueError", "builtins.AssertionError")
_CATCHES_IT = {"builtins.Exception", "builtins.BaseException"}


@dataclass(frozen=True)
class _Raised:
    """A statement that raises an answer."""

    function: Function
    node: Node
    name: str


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each HTTP error that a validator raises, or a function that it calls."""
    codebase = application.codebase
    requested = Requested(application)
    for validator in each_validator(application):
        reached = codebase.graph.reached(
            validator,
            lambda edge: (
                not edge.to.is_async and not _is_inside_try(edge.node, edge.caller, codebase)
            ),
        )
        found: dict[Place, Finding] = {}
        for function in reached:
            for raised in _raised(function, codebase):
                each = _finding(validator, raised, reached)
                found.setdefault(each.at, each)
        if found and not _is_left_out(validator, requested):
            yield from found.values()


def _is_left_out(validator: Function, requested: Requested) -> bool:
    """Tell whether the application itself fills the model that a function validates."""
    return validator.owner is not None and requested.leaves_out(validator.owner)


def _raised(function: Function, codebase: Codebase) -> Iterator[_Raised]:
    """Yield the statements of a function that raise an answer."""
    for node in walk_all(function.body):
        if isinstance(node, Raise) and node.value is not None:
            match codebase.resolver.value(node.value, function):
                case Instance(raised) | ClassValue(raised) | External(raised):
                    if (
                        _is_http(raised, codebase)
                        and not _is_inside_try(node, function, codebase)
                        and not _cannot_be_repeated(node, function, codebase)
                    ):
                        name = raised.name if isinstance(raised, Class) else raised
                        yield _Raised(function, node, name.rpartition(".")[2])


def _is_http(raised: Class | str, codebase: Codebase) -> bool:
    """Tell whether an exception stands for an answer: FastAPI's, or one with a status code."""
    if codebase.is_a(raised, _HTTP):
        return True
    if isinstance(raised, str) or codebase.is_a(raised, *_COLLECTED):
        return False
    return any(
        each.bound("status_code") or any(each.assigned("status_code"))
        for each in codebase.resolver.lineage(raised)
        if isinstance(each, Class)
    )


def _is_inside_try(node: Node, function: Function, codebase: Codebase) -> bool:
    """Tell whether an `HTTPException` from here is caught in the same function."""
    return any(
        surroundings.holds(found.body, node)
        and any(_catches(handler.type, function, codebase) for handler in found.handlers)
        for found in walk_all(function.body)
        if isinstance(found, Try)
    )


def _cannot_be_repeated(node: Node, function: Function, codebase: Codebase) -> bool:
    """Tell whether this refuses text that no answer can be sent with.

    That of a `ValueError` repeats what was given.
    """
    return any(
        surroundings.holds(handler.body, node)
        and isinstance(value := codebase.resolver.value(handler.type, function), External)
        and value.name == "builtins.UnicodeEncodeError"
        for found in walk_all(function.body)
        if isinstance(found, Try)
        for handler in found.handlers
        if handler.type is not None
    )


def _catches(kind: Expression | None, function: Function, codebase: Codebase) -> bool:
    match kind:
        case None:
            return True
        case Collection(_, items):
            return any(_catches(each, function, codebase) for each in items)
    match codebase.resolver.value(kind, function):
        case External(name):
            return name in _CATCHES_IT or codebase.is_a(name, _HTTP)
        case ClassValue(definition):
            return _is_http(definition, codebase)
        case _:
            return False


def _finding(validator: Function, raised: _Raised, reached: dict[Function, Edge | None]) -> Finding:
    module, node = raised.function.module, raised.node
    steps = [module.place(node).step(f"raises {raised.name}")]
    edge = reached[raised.function]
    while edge is not None:
        node, module = edge.node, edge.caller.module
        steps.append(module.place(node).step(f"runs {edge.to.qualified_name}"))
        edge = reached[edge.caller]
    is_direct = raised.function is validator
    through = "" if is_direct else f" (in `{raised.function.name}`, which it runs)"
    return Finding(
        at=validator.module.place(node),
        message=(
            f"Raise `ValueError` instead of `{raised.name}`{through}: Pydantic collects it with "
            "the other mistakes, and FastAPI answers 422 with the field that is wrong."
        ),
        chain=() if is_direct else tuple(reversed(steps)),
    )


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="Validators report a wrong value with `ValueError`, not with `HTTPException`.",
        why=(
            "Pydantic collects `ValueError`s and says for each of them which field was wrong. "
            "An `HTTPException`, or an exception of one's own with a status code, breaks off at "
            "the first mistake, hides the others, does not name the field, and makes no sense "
            "where the model is used outside a request."
        ),
        bad="""\
@field_validator("username")
@classmethod
def valid_username(cls, username: str) -> str:
    if not username.isalnum():
        raise HTTPException(400, "Letters and digits only")
    return username
""",
        good="""\
@field_validator("username")
@classmethod
def valid_username(cls, username: str) -> str:
    if not username.isalnum():
        raise ValueError("Letters and digits only")
    return username
""",
        when_not=(
            "What needs the database or the current user is no question of the schema: check it "
            "in a dependency, which may raise `HTTPException`. A model that the application itself "
            "fills is left alone: nothing turns its `ValidationError` into an answer."
        ),
        fix_safety=(
            "No automatic fix: the status code of the answer becomes 422, and its body changes."
        ),
        references={
            "Pydantic: Raising validation errors": (
                "https://docs.pydantic.dev/latest/concepts/validators/#raising-validation-errors"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "in a field validator",
            """\
from fastapi import HTTPException
from pydantic import BaseModel, field_validator


class Signup(BaseModel):
    username: str

    @field_validator("username")
    @classmethod
    def valid_username(cls, username: str) -> str:
        if not username.isalnum():
            raise HTTPException(status_code=400)  # <- here
        return username
""",
        ),
        Flagged(
            "under other names, in a model validator of a subclass",
            {
                "app/errors.py": """\
from starlette.exceptions import HTTPException as StarletteError


class BadRequest(StarletteError):
    def __init__(self, detail: str) -> None:
        super().__init__(400, detail)
""",
                "app/schemas.py": """\
import pydantic as pd

from . import errors


class Base(pd.BaseModel):
    pass


class Period(Base):
    start: int
    end: int

    @pd.model_validator(mode="after")
    def ordered(self):
        if self.end < self.start:
            raise errors.BadRequest("ends before it starts")  # <- here
        return self
""",
            },
        ),
        Flagged(
            "in a function that the validator calls, and in one that `Annotated` names",
            {
                "app/checks.py": """\
from fastapi import HTTPException


def require(condition: bool, detail: str) -> None:
    if not condition:
        raise HTTPException(422, detail)
""",
                "app/schemas.py": """\
from typing import Annotated

from fastapi import HTTPException
from pydantic import AfterValidator, BaseModel, validator

from app.checks import require


def even(value: int) -> int:
    if value % 2:
        raise HTTPException(422, "odd")  # <- here
    return value


class Order(BaseModel):
    amount: int
    pairs: Annotated[int, AfterValidator(even)]

    @validator("amount")
    def positive(cls, amount):
        require(amount > 0, "must be positive")  # <- here
        return amount
""",
            },
        ),
        Flagged(
            "an exception of one's own that stands for an answer",
            {
                "app/errors.py": """\
class AppError(Exception):
    def __init__(self, message: str, status_code: int = 400) -> None:
        self.status_code = status_code
        super().__init__(message)


class Blocked(AppError):
    pass
""",
                "app/schemas.py": """\
from pydantic import BaseModel, field_validator

from app.errors import Blocked


class Link(BaseModel):
    url: str

    @field_validator("url")
    @classmethod
    def allowed(cls, url: str) -> str:
        if "localhost" in url:
            raise Blocked(url)  # <- here
        return url
""",
            },
        ),
        Flagged(
            "in the part of a body, which the application makes as well",
            """\
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, field_validator

app = FastAPI()


class Line(BaseModel):
    amount: int

    @field_validator("amount")
    @classmethod
    def positive(cls, amount: int) -> int:
        if amount < 1:
            raise HTTPException(422, "nothing ordered")  # <- here
        return amount


class Order(BaseModel):
    lines: list[Line]


@app.post("/orders")
def order(wanted: Order) -> Line:
    return Line(amount=sum(each.amount for each in wanted.lines))
""",
        ),
        Clean(
            "in a model that the application itself fills, so that nobody answers for Pydantic",
            """\
from fastapi import FastAPI, Form, HTTPException
from pydantic import BaseModel, field_validator

app = FastAPI()


class Seat(BaseModel):
    row: int

    @field_validator("row")
    @classmethod
    def in_the_house(cls, row: int) -> int:
        if row > 40:
            raise HTTPException(404, "no such row")
        return row


@app.post("/seats", response_model=Seat)
def reserve(row: int = Form()) -> Seat:
    return Seat(row=row)
""",
        ),
        Clean(
            "a `ValueError`",
            """\
from pydantic import BaseModel, field_validator


class Signup(BaseModel):
    username: str

    @field_validator("username")
    @classmethod
    def valid_username(cls, username: str) -> str:
        if not username.isalnum():
            raise ValueError("letters and digits only")
        return username
""",
        ),
        Clean(
            "text that cannot be encoded: the answer to a `ValueError` repeats it",
            """\
from fastapi import HTTPException
from pydantic import BaseModel, field_validator


class Signup(BaseModel):
    username: str

    @field_validator("username", mode="before")
    @classmethod
    def valid_unicode(cls, username: str) -> str:
        try:
            username.encode()
        except UnicodeEncodeError:
            raise HTTPException(422, "not valid Unicode") from None
        return username
""",
        ),
        Clean(
            "a method that is no validator, and a decorator of one's own with the name of one",
            """\
from fastapi import HTTPException
from pydantic import BaseModel


def validator(function):
    return function


class Signup(BaseModel):
    username: str

    @validator
    def check(self) -> None:
        raise HTTPException(400)

    def save(self) -> None:
        raise HTTPException(409)
""",
        ),
        Clean(
            "an exception of one's own that only shares the name, and one that is caught",
            """\
import fastapi
from pydantic import BaseModel, field_validator


class HTTPException(ValueError):
    pass


def parse(text: str) -> str:
    raise fastapi.HTTPException(400)


class Link(BaseModel):
    url: str
    title: str

    @field_validator("url")
    @classmethod
    def valid_url(cls, url: str) -> str:
        raise HTTPException(url)

    @field_validator("title")
    @classmethod
    def valid_title(cls, title: str) -> str:
        try:
            return parse(title)
        except Exception as error:
            raise ValueError("not a title") from error
""",
        ),
        Clean(
            "in a route or dependency, where it belongs",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def valid_id(item_id: int) -> int:
    if item_id > 9:
        raise HTTPException(404)
    return item_id


@app.get("/items/{item_id}")
def read_item(item_id: Annotated[int, Depends(valid_id)]) -> int:
    return item_id
""",
        ),
    ),
)
