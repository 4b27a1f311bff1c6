"""What functions get for their parameters."""

from collections.abc import Callable

from fastwright.codebase import members
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import ClassValue, Evaluator, Instance, Nothing, Value
from fastwright.source.syntax import Parameter

Given = Callable[[Parameter, Function], Value | None]


class Parameters:
    """Parameters by what they say about themselves, and where they do not, by who gives them.

    `injected` is asked about one that has no annotation that is followed: what FastAPI passes;
    `passed` about one that says nothing at all: what callers pass.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self.injected: Given = lambda _parameter, _function: None
        self.passed: Given = lambda _parameter, _function: None

    def value(self, name: str, function: Function) -> Value | None:
        """Return what a function's parameter of that name stands for."""
        parameter = named(name, function)
        value = self._said(parameter, function)
        if value is None and _may_be_silent(parameter):
            return self.passed(parameter, function)
        return value

    def is_silent(self, name: str, function: Function) -> bool:
        """Tell whether only callers can say what a parameter stands for."""
        parameter = named(name, function)
        return _may_be_silent(parameter) and self._said(parameter, function) is None

    def _said(self, parameter: Parameter, function: Function) -> Value | None:
        """Return what is said of a parameter by itself, and by FastAPI."""
        owner = function.owner
        is_first = parameter == function.parameters[0]
        if owner is not None and is_first and not members.is_static(function):
            return ClassValue(owner) if members.is_classmethod(function) else Instance(owner)
        outer = function.outer or function
        value: Value | None = None
        if parameter.annotation is not None:
            value = self._evaluator.annotated(parameter.annotation, outer)
            if parameter.form == "*":
                return Instance("builtins.tuple", (value,))
            if parameter.form == "**":
                return Instance("builtins.dict", (Instance("builtins.str"), value))
        if value is None or _may_be_said_wrongly(value):
            value = self.injected(parameter, function) or value
        if value is None and parameter.default is not None:
            value = self._evaluator.value(parameter.default, outer)
            value = None if value == Nothing() else value
        return value


def named(name: str, function: Function) -> Parameter:
    """Return a function's parameter of that name."""
    return next(each for each in function.parameters if each.name == name)


def _may_be_silent(parameter: Parameter) -> bool:
    return parameter.annotation is None and not parameter.form.startswith("*")


def _may_be_said_wrongly(value: Value) -> bool:
    """Tell whether what is injected counts for more: async sessions are annotated as sync ones."""
    return value in (Instance("sqlalchemy.orm.Session"), Instance("sqlmodel.Session"))
