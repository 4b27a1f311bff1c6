"""Passwords that are kept as they were typed: what is sent is compared with what is stored."""

import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.models import SCHEMA
from fastwright.application.passwords import is_password
from fastwright.codebase import arguments
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.values import ClassValue, Instance
from fastwright.source.syntax import (
    Attribute,
    Call,
    Comparison,
    Expression,
    Name,
    String,
    Subscript,
    walk,
    walk_all,
)

_MENTIONS = (b"passw", b"Passw", b"PASSW", b"pwd")
_COMPARED = re.compile(
    rb"(?i)\b\w*(?:password|passwd|pwd)\w*\)?\s*[!=]=|[!=]=\s*[\w.\[\]\"']*(?:password|passwd|pwd)"
)
# What a password is called where accounts are kept, and objects that are no accounts.
_KEPT = {"password", "passwd", "pwd"}
_NO_ACCOUNT = re.compile(
    r"(?i)setting|config|conf\b|\benv|self|cls|secret|credential|form|body|data\b"
)
_FORMS = (
    "fastapi.security.OAuth2PasswordRequestForm",
    "fastapi.security.HTTPBasicCredentials",
)
_DOCUMENTS = ("beanie.Document", "mongoengine.Document", "tortoise.models.Model", "peewee.Model")
_HASHING_COLUMN = re.compile(r"PasswordType|Hash|Encrypt")


class PlainPasswords:
    """Finds comparisons of passwords as they are, and tells the stored from the typed ones."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._codebase = application.codebase

    def compared(self) -> Iterator[tuple[Comparison, Module]]:
        """Yield the comparisons of a stored password with one that somebody typed."""
        mentioning = {module for each in _MENTIONS for module in self._codebase.mentioning(each)}
        for module in self._codebase.own_modules:
            for function in _with_comparison(module) if module in mentioning else ():
                for node in walk_all(function.body, Comparison):
                    if isinstance(node, Comparison) and self._compares(node, function):
                        yield node, module

    def _compares(self, node: Comparison, function: Function) -> bool:
        if node.operators not in (("==",), ("!=",)):
            return False
        left, right = node.operands
        return any(
            (self._is_stored(one, function) and self._is_given(other, function))
            or (self._is_kept(one, function) and self._is_sent(other, function))
            for one, other in ((left, right), (right, left))
        )

    def _is_stored(self, node: Expression, function: Function) -> bool:
        """Tell whether it is a column with passwords, of a row or of the table."""
        if not isinstance(node, Attribute) or not is_password(node, function, self._codebase):
            return False
        for definition in self._classes_of(node.value, function):
            model = self._application.models.of(definition)
            if model is not None and model.is_table:
                column = model.fields.get(node.name)
                return column is not None and not _HASHING_COLUMN.search(
                    column.owner.module.source(column.node)
                )
            if self._codebase.is_a(definition, *_DOCUMENTS):
                return True
        return False

    def _is_given(self, node: Expression, function: Function) -> bool:
        """Tell whether it is a password as somebody typed it."""
        match node:
            case Call(Attribute(base, "get_secret_value"), ()):
                return self._is_given(base, function)
            case Attribute() | Subscript():
                given = is_password(node, function, self._codebase)
                return given and not self._is_stored(node, function)
            case Name(name) if is_password(node, function, self._codebase, follow=False):
                match self._codebase.origin(node, function):
                    case (Call(Attribute(_, "get_secret_value")), _):
                        return True
                    case (found, _):
                        return not isinstance(found, Call)
                return not _is_changed(name, function) and not self._is_hashed_before(
                    name, function
                )
        return False

    def _is_hashed_before(self, name: str, function: Function) -> bool:
        """Tell whether a caller passes what some call made of the password."""
        for call in self._codebase.calls_of(function) if name in function.parameter_names else ():
            passed = arguments.passed(call.node, name, function)
            if isinstance(passed, Call):
                return True
            if isinstance(passed, Name):
                origin = self._codebase.origin(passed, call.function)
                if origin is None or isinstance(origin[0], Call):
                    return not _is_parameter(passed.id, call.function)
        return False

    def _is_kept(self, node: Expression, function: Function) -> bool:
        """Tell whether it is the password in some list or dict of accounts, in memory or a file."""
        match node:
            case (
                Attribute(base, name)
                | Subscript(base, (String(str() as name),))
                | Call(Attribute(base, "get"), (String(str() as name), *_))
            ) if name in _KEPT:
                names = set(_names(base))
            case _:
                return False
        if not names or any(_NO_ACCOUNT.search(each) for each in names):
            return False
        model_of = self._application.models.of
        return names.isdisjoint(function.parameter_names) and all(
            (model := model_of(each)) and not model.is_settings
            for each in self._classes_of(base, function)
        )

    def _is_sent(self, node: Expression, function: Function) -> bool:
        """Tell whether it is the password of a form or body that the function is given."""
        match node:
            case Attribute(Name(owner) as base, name) if name in _KEPT:
                value = self._codebase.resolver.value(base, function)
                return (
                    any(each.name == owner and each.annotation for each in function.parameters)
                    and not _is_changed(owner, function)
                    and isinstance(value, Instance)
                    and self._codebase.is_a(value.of, SCHEMA, *_FORMS)
                    and f"{owner}.{name} = " not in function.text
                )
            case Name():
                return self._is_given(node, function)
        return False

    def _classes_of(self, node: Expression, function: Function) -> Iterator[Class]:
        """Yield the classes that an object may be of: what is known, then what a query names."""
        resolver = self._codebase.resolver
        match resolver.value(node, function):
            case Instance(Class() as definition) | ClassValue(definition):
                yield definition
                return
        origin = self._codebase.origin(node, function) if isinstance(node, Name) else None
        if origin is not None:
            for each in walk(origin[0]):
                if isinstance(each, Name | Attribute):
                    value = resolver.value(each, origin[1])
                    if isinstance(value, ClassValue):
                        yield value.definition


def _with_comparison(module: Module) -> list[Function]:
    """Return the functions in which something is compared with what is called a password."""
    found = [match.start() for match in _COMPARED.finditer(module.code)]
    return [
        function
        for function in (module.functions if found else ())
        if not function.is_module and any(_is_in(function, offset) for offset in found)
    ]


def _is_in(function: Function, offset: int) -> bool:
    """Tell whether an offset of a module's code is within a function."""
    in_code = function.module.in_code
    return in_code(function.node.start) <= offset < in_code(function.node.end)


def _names(node: Expression) -> Iterator[str]:
    """Yield the names on the way to an object, without those that choose an item."""
    match node:
        case Name(name):
            yield name
        case Attribute(base, name):
            yield from (*_names(base), name)
        case Subscript(base):
            yield from _names(base)


def _is_parameter(name: str, function: Function) -> bool:
    return name in function.parameter_names and not _is_changed(name, function)


def _is_changed(name: str, function: Function) -> bool:
    return name in function.details.bindings
