"""Strings that are written out in the code, and whether the environment may replace them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from fastwright.application.models import SCHEMA, SETTINGS
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.modules import Module
from fastwright.codebase.values import External, Instance
from fastwright.source import surroundings
from fastwright.source.nodes import Raw
from fastwright.source.places import Place
from fastwright.source.syntax import (
    Attribute,
    BinaryOperation,
    Call,
    Comparison,
    Conditional,
    Constant,
    Expression,
    FormattedString,
    If,
    Name,
    String,
    UnaryOperation,
)

# An address with a password in it, as RFC 3986 has it: `scheme://user:password@host`.
ADDRESS = re.compile(
    r"[\w+.-]+://(?P<user>[^/@\s:]*):(?P<password>[^/@\s{}<>$*]+)@(?P<host>[^/?:\s]*)"
)
_ENVIRONMENT = {"os.getenv", "os.environ.get"}
# Names of the setting that says which environment it is.
_ENVIRONMENT_NAME = re.compile(r"((app|fastapi|python)_)?(env|environment)")
# What holds the string that it is given.
_WRAPPERS = {"pydantic.SecretStr", "pydantic.SecretBytes", "pydantic.Field", "sqlmodel.Field"}
_RANDOM = re.compile(r"(?=(?:\D*\d){3})(?=\d*[A-Za-z])[\w+/=-]{24,}")
_WORDY = re.compile(r"(?i)secret|change|insecure|example|default|local|develop|test|your|super|key")


@dataclass(frozen=True)
class Literal:
    """A string that is written out; `is_fallback` where the environment may replace it."""

    node: Expression
    module: Module
    text: str
    is_fallback: bool

    @property
    def place(self) -> Place:
        """Return where it is written."""
        return self.module.place(self.node)


def read(
    node: Expression,
    scope: Scope,
    codebase: Codebase,
    *,
    is_fallback: bool = False,
    around: tuple[Raw, ...] = (),
) -> Literal | None:
    """Return the string that an expression is, through names, settings and the environment.

    None where none is known, and for one without content: blank, one character repeated, a
    placeholder, or a default of settings that know several environments. `around` are the
    expressions that it is a part of: one may name itself, as `key = key.encode()` does.
    """
    if any(node.raw is each for each in around):
        return None
    again = partial(read, scope=scope, codebase=codebase, around=(*around, node.raw))
    match node:
        case String(text):
            written = _bytes_of(scope.module.source(node)) if text is None else text
            is_content = written.strip() and "{{" not in written and len(set(written)) > 1
            return Literal(node, scope.module, written, is_fallback) if is_content else None
        case FormattedString((String(str() as text), *_)) if ADDRESS.match(text):
            return Literal(node, scope.module, text, is_fallback)
        case BinaryOperation(_, "or", right):
            return again(right, is_fallback=True)
        case Conditional(body, _, otherwise):
            chosen = (again(each, is_fallback=True) for each in (body, otherwise))
            return next((each for each in chosen if each is not None), None)
        case Call(Attribute(inner, "get_secret_value" | "encode")) | Call(Name("str"), (inner,)):
            return again(inner, is_fallback=is_fallback)
        case Call():
            given = _in_call(node, scope, codebase)
            return again(given[0], is_fallback=is_fallback or given[1]) if given else None
        case Name() | Attribute():
            return _behind(node, scope, codebase, again, is_fallback=is_fallback)
        case _:
            return None


def _bytes_of(source: str) -> str:
    """Return what stands between the quotes of a bytes literal."""
    return source.lstrip("bBrR").strip("'\"")


def _in_call(call: Call, scope: Scope, codebase: Codebase) -> tuple[Expression, bool] | None:
    """Return what a call passes on, or falls back to, and whether it is that."""
    inner: Expression | None = None
    is_fallback = False
    match codebase.resolver.value(call.function, scope):
        case External(name) if name in _ENVIRONMENT:
            inner, is_fallback = call.argument(1, "default"), True
        case External(name) if name in _WRAPPERS:
            inner = call.argument(0, "default")
        case External("decouple.config") | Instance("starlette.config.Config"):
            inner, is_fallback = call.keyword("default"), True
    return (inner, is_fallback) if inner else None


def _behind(
    node: Expression,
    scope: Scope,
    codebase: Codebase,
    again: Callable[..., Literal | None],
    *,
    is_fallback: bool,
) -> Literal | None:
    """Return the string that a name or attribute was given, or is given where nobody does."""
    origin = codebase.origin(node, scope)
    if origin is None and isinstance(node, Name) and isinstance(scope, Function):
        for each in scope.parameters:
            if each.name == node.id and each.default is not None:
                return again(each.default, scope=scope.outer or scope, is_fallback=is_fallback)
    if origin is None:
        return None
    found, where = origin
    is_setting = isinstance(where, Class) and codebase.is_a(where, SCHEMA, *SETTINGS)
    is_spare = is_fallback or is_setting or _is_where_nothing_is(node, found, where)
    literal = again(found, scope=where, is_fallback=is_spare)
    if literal and is_setting and _has_environments(where) and not _is_random(literal.text):
        return None
    return literal


def _is_where_nothing_is(node: Expression, given: Expression, scope: Scope) -> bool:
    """Tell whether a name is given something only where it has no value: `if not name:`."""
    if not isinstance(node, Name) or not isinstance(scope, Function):
        return False
    for around in surroundings.around(scope.body, given):
        match around:
            case If(UnaryOperation("not", Name(name)), body) | If(
                Comparison((Name(name), Constant("None")), ("is",)), body
            ) if name == node.id:
                return surroundings.holds(body, given)
    return False


def _has_environments(scope: Scope) -> bool:
    """Tell whether settings know several environments: their defaults are the developer's."""
    return isinstance(scope, Class) and any(
        _ENVIRONMENT_NAME.fullmatch(name.lower()) for name in scope.bindings
    )


def _is_random(text: str) -> bool:
    """Tell whether a machine made a text: it is a key that is in use, not a word to be replaced."""
    return _RANDOM.fullmatch(text) is not None and _WORDY.search(text) is None
