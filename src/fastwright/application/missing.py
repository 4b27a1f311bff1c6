"""How code says that something was not found: what is raised or answered with 404."""

import re

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function, Scope
from fastwright.codebase.values import ClassValue, External, FunctionValue
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Call,
    Collection,
    Constant,
    Dict,
    Expression,
    ExpressionStatement,
    FormattedString,
    Handler,
    Number,
    Raise,
    Return,
    Statement,
    String,
)

# In the names of exceptions and of functions that make them, once they are resolved.
_NOT_FOUND = re.compile(
    r"(?i)not_?found|does_?nt_?exist|does_?not_?exist|not_?exists?(?![a-z])|no_?result|_404\b|http_?404"
)
_STATUS = re.compile(r"404|NOT_FOUND")
_REASON = re.compile(r"(?i)\bfind\b|found|exist|no such|unknown|no .*with")


class Missing:
    """Judges statements and exceptions of a codebase."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase

    def is_answered(self, body: tuple[Statement, ...], function: Function) -> bool:
        """Tell whether a branch does nothing but say that something was not found."""
        *before, last = body or (None,)
        if not all(isinstance(each, ExpressionStatement | Assign) for each in before):
            return False
        match last:
            case Raise(value) if value is not None:
                return self.is_error(value, function)
            case Return(value) if value is not None:
                sets = any(self._sets_status(each, function) for each in before)
                return sets or self._is_refusal(value, function)
        return False

    def is_error(self, raised: Expression, scope: Scope) -> bool:
        """Tell whether what is raised says that something was not found."""
        made = raised.function if isinstance(raised, Call) else raised
        value = self._codebase.resolver.value(made, scope)
        match value:
            case ClassValue(definition):
                return bool(_NOT_FOUND.search(definition.name)) or self._has_status(raised, scope)
            case FunctionValue(function):
                return bool(_NOT_FOUND.search(function.name))
            case External(name):
                short = name.rpartition(".")[2]
                return bool(_NOT_FOUND.search(short)) or self._has_status(raised, scope)
        origin = None if isinstance(raised, Call) else self._codebase.origin(raised, scope)
        return origin is not None and origin[0] != raised and self.is_error(*origin)

    def is_caught(self, handler: Handler, function: Function) -> bool:
        """Tell whether a handler answers 404 to what says that something was not found."""
        if handler.type is None or not self.is_answered(handler.body, function):
            return False
        types = handler.type.items if isinstance(handler.type, Collection) else (handler.type,)
        return any(self.is_error(each, function) for each in types)

    def _has_status(self, raised: Expression, scope: Scope) -> bool:
        if not isinstance(raised, Call):
            return False
        status = raised.argument(0, "status_code")
        return status is not None and _is_status(status, scope)

    def _is_refusal(self, value: Expression, scope: Scope) -> bool:
        """Tell whether an answer has the status, or is a reason written out in a dict."""
        match value:
            case Call():
                status = value.keyword("status_code")
                return status is not None and _is_status(status, scope)
            case Dict(pairs):
                values = [pair.value for pair in pairs]
                plain = (String, FormattedString, Constant, Number)
                text = scope.module.source(value)
                return bool(_REASON.search(text)) and all(
                    isinstance(each, plain) for each in values
                )
        return False

    def _sets_status(self, statement: Statement, scope: Scope) -> bool:
        match statement:
            case Assign((Attribute(_, "status_code"),), _, value) if value is not None:
                return _is_status(value, scope)
        return False


def _is_status(node: Expression, scope: Scope) -> bool:
    return bool(_STATUS.search(scope.module.source(node)))
